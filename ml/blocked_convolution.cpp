#include "ml/internal/blocked_convolution.h"

#include "ml/internal/network_image.h"

#include <oneapi/dnnl/dnnl.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace annotomy {

namespace {

using dnnl::memory;

memory::dims dimsOf(const Index3& triple)
{
    return {triple[2], triple[1], triple[0]};
}

memory::dims dimsOf(int first, int second, const Index3& triple)
{
    return {first, second, triple[2], triple[1], triple[0]};
}

Index3 outputSize(const ConvolutionShape& shape)
{
    Index3 size{};
    for (std::size_t a = 0; a < 3; ++a)
        size[a] = (shape.size[a] - 1) / shape.stride[a] + 1;
    return size;
}

dnnl::engine& cpu()
{
    static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

// [outputs][inputs][k][j][i] with as many channels as the blocks have lanes.
std::vector<float> spreadOut(const PlacedWeights& weights, int outputs, int inputs, std::size_t kernel)
{
    std::vector<float> spread(static_cast<std::size_t>(outputs) * static_cast<std::size_t>(inputs) * kernel, 0);
    const std::size_t row = static_cast<std::size_t>(weights.inputs) * kernel;
    for (int o = 0; o < weights.outputs; ++o) {
        const auto to = (static_cast<std::size_t>(o + weights.firstOutput) * static_cast<std::size_t>(inputs) +
                         static_cast<std::size_t>(weights.firstInput)) *
                        kernel;
        std::copy_n(weights.values.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(o) * row), row,
                    spread.begin() + static_cast<std::ptrdiff_t>(to));
    }
    return spread;
}

dnnl::convolution_forward::primitive_desc descriptionOf(int lanes, const ConvolutionShape& shape, int inputs)
{
    using Tag = memory::format_tag;
    constexpr auto real = memory::data_type::f32;
    const Tag blocked = lanes == 16 ? Tag::nCdhw16c : Tag::nCdhw8c;
    const int outputs = shape.outputBlocks * lanes;
    const memory::desc source(dimsOf(1, inputs, shape.size), real, shape.inputBlocks > 0 ? blocked : Tag::ncdhw);
    const memory::desc weights(dimsOf(outputs, inputs, shape.kernel), real, Tag::any);
    const memory::desc target(dimsOf(1, outputs, outputSize(shape)), real, blocked);
    const memory::dims padding = dimsOf({shape.kernel[0] / 2, shape.kernel[1] / 2, shape.kernel[2] / 2});
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    const dnnl::convolution_forward::desc wanted(dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
                                                 source, weights, target, dimsOf(shape.stride), padding, padding);
    return {wanted, attributes, cpu()};
}

} // namespace

struct BlockedConvolution::Impl {
    dnnl::convolution_forward primitive;
    memory source, weights, target, scratch;
    std::size_t scratchBytes = 0;
};

BlockedConvolution::BlockedConvolution(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
BlockedConvolution::~BlockedConvolution() = default;

int BlockedConvolution::lanesHere()
{
    const auto isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
    const auto has = [isa](dnnl::cpu_isa wanted) {
        return (isa & static_cast<unsigned>(wanted)) == static_cast<unsigned>(wanted);
    };
    if (has(dnnl::cpu_isa::avx512_core))
        return 16;
    return has(dnnl::cpu_isa::avx2) ? 8 : 0;
}

std::unique_ptr<BlockedConvolution> BlockedConvolution::create(int lanes, const ConvolutionShape& shape,
                                                               const PlacedWeights& weights)
try {
    const int inputs = shape.inputBlocks > 0 ? shape.inputBlocks * lanes : weights.inputs;
    const int outputs = shape.outputBlocks * lanes;
    const auto description = descriptionOf(lanes, shape, inputs);
    if (std::string(description.impl_info_str()).rfind("jit", 0) != 0)
        return nullptr;
    const std::size_t kernel = voxelCountOf(shape.kernel);
    std::vector<float> plain = spreadOut(weights, outputs, inputs, kernel);
    memory from({dimsOf(outputs, inputs, shape.kernel), memory::data_type::f32, memory::format_tag::oidhw}, cpu(), plain.data());
    auto impl = std::make_unique<Impl>();
    impl->weights = memory(description.weights_desc(), cpu());
    dnnl::stream stream(cpu());
    dnnl::reorder(from, impl->weights).execute(stream, from, impl->weights);
    stream.wait();
    impl->primitive = dnnl::convolution_forward(description);
    impl->source = memory(description.src_desc(), cpu(), nullptr);
    impl->target = memory(description.dst_desc(), cpu(), nullptr);
    impl->scratch = memory(description.scratchpad_desc(), cpu(), nullptr);
    impl->scratchBytes = description.scratchpad_desc().get_size();
    return std::unique_ptr<BlockedConvolution>(new BlockedConvolution(std::move(impl)));
} catch (const dnnl::error&) {
    return nullptr;
}

std::size_t BlockedConvolution::scratchFloats() const
{
    return (m_impl->scratchBytes + sizeof(float) - 1) / sizeof(float);
}

void BlockedConvolution::run(const float* input, float* output, float* scratch) const
{
    dnnl::stream stream(cpu());
    m_impl->source.set_data_handle(const_cast<float*>(input));
    m_impl->target.set_data_handle(output);
    m_impl->scratch.set_data_handle(scratch);
    m_impl->primitive.execute(stream, {{DNNL_ARG_SRC, m_impl->source},
                                       {DNNL_ARG_WEIGHTS, m_impl->weights},
                                       {DNNL_ARG_DST, m_impl->target},
                                       {DNNL_ARG_SCRATCHPAD, m_impl->scratch}});
    stream.wait();
}

} // namespace annotomy
