#include "ml/internal/unet_executor.h"

#include "ml/internal/blocked_program.h"
#include "ml/internal/network_image.h"

#include <vector>

namespace annotomy {

namespace {

constexpr Index3 one{1, 1, 1};

// Writes the steps of ml/network.cpp's U-Nets into a program.
class UNetBuilder {
public:
    UNetBuilder(const NetworkShape& shape, const NetworkParameters& parameters, BlockedProgram& program)
        : m_shape(shape), m_levels(shape), m_parameters(parameters), m_program(program)
    {
    }

    // False when it cannot be run.
    bool build(const Index3& tile, double temperature)
    {
        const int deepest = m_levels.count() - 1;
        std::vector<BlockedView> joined;
        BlockedView x = m_program.input(m_shape.inputs, tile);
        for (int level = 0; level <= deepest; ++level) {
            const int width = m_levels.width(level);
            const Index3 size = halved(x.size, m_levels.stride(level));
            joined.push_back(m_program.buffer(level < deepest ? 2 * width : width, size));
            const BlockedView out = level < deepest ? m_program.part(joined.back(), width, width) : joined.back();
            encode(level, x, out);
            x = out;
        }
        for (int level = deepest - 1; level >= 0; --level)
            x = decode(level, x, joined[static_cast<std::size_t>(level)]);
        finish(x, temperature);
        return m_possible;
    }

private:
    static Index3 halved(const Index3& size, const Index3& stride)
    {
        return {size[0] / stride[0], size[1] / stride[1], size[2] / stride[2]};
    }

    std::span<const float> parameter(const std::string& name, std::size_t count)
    {
        const auto found = m_parameters.find(name);
        if (found != m_parameters.end() && found->second.size() == count)
            return found->second;
        m_possible = false;
        return {};
    }

    NormWeights norm(const std::string& block, int convolution, int channels)
    {
        const std::string number = std::to_string(convolution);
        const auto count = static_cast<std::size_t>(channels);
        return {parameter(block + ".gamma" + number, count), parameter(block + ".beta" + number, count)};
    }

    void convolve(const BlockedView& from, const BlockedView& to, const std::string& weight, const Index3& kernel,
                  const Index3& stride)
    {
        const auto count = static_cast<std::size_t>(from.channels) * static_cast<std::size_t>(to.channels) * voxelCountOf(kernel);
        const std::span<const float> weights = parameter(weight, count);
        m_possible = m_possible && m_program.convolve(from, to, weights, kernel, stride);
    }

    // Convolutions, norms and activations of one block, but for its last norm.
    void convolveAll(const std::string& name, BlockedView x, const BlockedView& out, int convolutions, const Index3& kernel,
                     Index3 stride)
    {
        for (int n = 1; n <= convolutions; ++n) {
            const BlockedView to = n < convolutions ? m_program.buffer(out.channels, out.size) : out;
            convolve(x, to, name + ".weight" + std::to_string(n), kernel, stride);
            if (n < convolutions)
                m_program.normalise(to, norm(name, n, to.channels));
            x = to;
            stride = one;
        }
    }

    void residualBlock(const std::string& name, const BlockedView& x, const BlockedView& out, const Index3& kernel,
                       const Index3& stride)
    {
        const BlockedView shortcut = m_program.like(out);
        convolve(x, shortcut, name + ".shortcut", one, stride);
        convolveAll(name, x, out, m_levels.encoderConvolutions(), kernel, stride);
        m_program.normalise(out, norm(name, m_levels.encoderConvolutions(), out.channels), &shortcut);
    }

    void encode(int level, const BlockedView& x, const BlockedView& out)
    {
        const std::string name = "encoder" + std::to_string(level);
        const Index3 kernel = m_levels.kernel(level), stride = m_levels.stride(level);
        const int convolutions = m_levels.encoderConvolutions();
        if (!m_levels.isResidual()) {
            convolveAll(name, x, out, convolutions, kernel, stride);
            m_program.normalise(out, norm(name, convolutions, out.channels));
        } else if (level == 0) {
            residualBlock(name, x, out, kernel, stride);
        } else {
            const BlockedView between = m_program.buffer(out.channels, out.size);
            residualBlock(name, x, between, kernel, stride);
            residualBlock(name + "b", between, out, kernel, one);
        }
    }

    // The last norm of the finest level is left to finish().
    BlockedView decode(int level, const BlockedView& below, const BlockedView& joined)
    {
        const std::string l = std::to_string(level), name = "decoder" + l;
        const int width = m_levels.width(level), convolutions = m_levels.decoderConvolutions();
        const BlockedView narrowed = m_program.buffer(width, below.size);
        convolve(below, narrowed, "up" + l, one, one);
        m_program.upsample(narrowed, m_program.part(joined, 0, width));
        const BlockedView out = m_program.buffer(width, joined.size);
        convolveAll(name, joined, out, convolutions, m_levels.kernel(level), one);
        if (level > 0)
            m_program.normalise(out, norm(name, convolutions, width));
        return out;
    }

    void finish(const BlockedView& x, double temperature)
    {
        const auto outputs = static_cast<std::size_t>(m_shape.outputs);
        const std::span<const float> head = parameter("head0", outputs * static_cast<std::size_t>(x.channels));
        const std::span<const float> headBias = parameter("head_bias0", outputs);
        std::vector<float> weights(head.begin(), head.end()), bias(headBias.begin(), headBias.end());
        for (std::vector<float>* values : {&weights, &bias})
            for (float& value : *values)
                value = static_cast<float>(value / temperature);
        const NormWeights last = norm("decoder0", m_levels.decoderConvolutions(), x.channels);
        if (m_possible)
            m_program.finish(x, last, weights, bias);
    }

    NetworkShape m_shape;
    UNetLevels m_levels;
    const NetworkParameters& m_parameters;
    BlockedProgram& m_program;
    bool m_possible = true;
};

// Whether every axis can be halved as often as the network halves it.
bool fits(const Index3& tile, const NetworkShape& shape)
{
    for (std::size_t a = 0; a < 3; ++a)
        if (tile[a] < 1 || tile[a] % (1 << shape.poolings[a]) != 0)
            return false;
    return true;
}

} // namespace

UNetExecutor::UNetExecutor(std::unique_ptr<BlockedProgram> program) : m_program(std::move(program)) {}
UNetExecutor::~UNetExecutor() = default;

std::unique_ptr<UNetExecutor> UNetExecutor::create(const NetworkShape& shape, const NetworkParameters& parameters,
                                                   const Index3& tile, double temperature, int threads)
{
    return createWithLanes(BlockedConvolution::lanesHere(), shape, parameters, tile, temperature, threads);
}

std::unique_ptr<UNetExecutor> UNetExecutor::createWithLanes(int lanes, const NetworkShape& shape,
                                                            const NetworkParameters& parameters, const Index3& tile,
                                                            double temperature, int threads)
{
    if ((lanes != 8 && lanes != 16) || shape.kind == NetworkKind::MeshNet || !fits(tile, shape))
        return nullptr;
    auto program = std::make_unique<BlockedProgram>(lanes, threads);
    if (!UNetBuilder(shape, parameters, *program).build(tile, temperature))
        return nullptr;
    program->arrange();
    return std::unique_ptr<UNetExecutor>(new UNetExecutor(std::move(program)));
}

void UNetExecutor::run(std::span<const float> tile, std::span<float> probabilities)
{
    m_program->run(tile, probabilities);
}

std::size_t UNetExecutor::arenaBytes() const
{
    return m_program->arenaBytes();
}

} // namespace annotomy
