#include "ml/internal/network_parts.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

namespace annotomy {

namespace {

constexpr double negativeSlope = 0.01;

} // namespace

NetworkWeights::NetworkWeights(std::uint64_t seed) : m_generator(at::detail::createCPUGenerator(seed)) {}

at::Tensor NetworkWeights::convolution(int outputs, int inputs, const Index3& kernel)
{
    const double fanIn = static_cast<double>(inputs) * kernel[0] * kernel[1] * kernel[2];
    const double sd = std::sqrt(2.0 / (1 + negativeSlope * negativeSlope) / fanIn);
    at::Tensor weight = at::empty({outputs, inputs, kernel[2], kernel[1], kernel[0]});
    weight.normal_(0, sd, m_generator);
    return weight.requires_grad_();
}

torch::jit::Module moduleNamed(const std::string& name)
{
    torch::jit::Module module(name);
    // Before anything else: without it train() and eval() silently do nothing.
    module.register_attribute("training", c10::BoolType::get(), true);
    return module;
}

void addNormedConvolution(torch::jit::Module& module, const std::string& suffix, int outputs, int inputs,
                          const Index3& kernel, NetworkWeights& weights)
{
    module.register_parameter("weight" + suffix, weights.convolution(outputs, inputs, kernel), false);
    module.register_parameter("gamma" + suffix, at::ones({outputs}).requires_grad_(), false);
    module.register_parameter("beta" + suffix, at::zeros({outputs}).requires_grad_(), false);
}

std::string triple(const Index3& values)
{
    return "[" + std::to_string(values[2]) + ", " + std::to_string(values[1]) + ", " + std::to_string(values[0]) + "]";
}

std::string convolutionSource(const std::string& suffix, const Index3& kernel, const Index3& stride, int dilation)
{
    Index3 padding{};
    for (std::size_t a = 0; a < 3; ++a)
        padding[a] = kernel[a] / 2 * dilation;
    return "    x = torch.conv3d(x, self.weight" + suffix + ", None, " + triple(stride) + ", " + triple(padding) + ", " +
           triple({dilation, dilation, dilation}) + ")\n";
}

std::string normSource(const std::string& suffix)
{
    return "    x = torch.instance_norm(x, self.gamma" + suffix + ", self.beta" + suffix +
           ", None, None, True, 0.1, 1e-5, True)\n";
}

std::string activationSource()
{
    return "    x = torch.leaky_relu_(x, 0.01)\n";
}

} // namespace annotomy
