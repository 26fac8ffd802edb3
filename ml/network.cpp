#include "ml/internal/network.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace annotomy {

namespace {

using torch::jit::Module;

constexpr double negativeSlope = 0.01;
constexpr int supervisedLevels = 3;

// He's initialisation for leaky ReLU, by fan-in.
class Weights {
public:
    explicit Weights(std::uint64_t seed) : m_generator(at::detail::createCPUGenerator(seed)) {}

    at::Tensor convolution(int outputs, int inputs, int edge)
    {
        const double fanIn = static_cast<double>(inputs) * edge * edge * edge;
        const double sd = std::sqrt(2.0 / (1 + negativeSlope * negativeSlope) / fanIn);
        at::Tensor weight = at::empty({outputs, inputs, edge, edge, edge});
        weight.normal_(0, sd, m_generator);
        return weight.requires_grad_();
    }

private:
    at::Generator m_generator;
};

Module moduleNamed(const std::string& name)
{
    Module module(name);
    // Before anything else: without it train() and eval() silently do nothing.
    module.register_attribute("training", c10::BoolType::get(), true);
    return module;
}

std::string normAndActivation(const std::string& suffix, bool activate)
{
    std::string text = "    x = torch.instance_norm(x, self.gamma" + suffix + ", self.beta" + suffix +
                       ", None, None, True, 0.1, 1e-5, True)\n";
    if (activate)
        text += "    x = torch.leaky_relu_(x, 0.01)\n";
    return text;
}

std::string convolution(const std::string& suffix, int stride)
{
    const std::string s = std::to_string(stride);
    return "    x = torch.conv3d(x, self.weight" + suffix + ", None, [" + s + ", " + s + ", " + s +
           "], [1, 1, 1])\n";
}

// Two convolutions, the first with the stride.
Module block(const std::string& name, int inputs, int outputs, int stride, bool residual, Weights& weights)
{
    Module module = moduleNamed(name);
    module.register_parameter("weight1", weights.convolution(outputs, inputs, 3), false);
    module.register_parameter("weight2", weights.convolution(outputs, outputs, 3), false);
    for (const std::string suffix : {"1", "2"}) {
        module.register_parameter("gamma" + suffix, at::ones({outputs}).requires_grad_(), false);
        module.register_parameter("beta" + suffix, at::zeros({outputs}).requires_grad_(), false);
    }
    std::string source = "def forward(self, x):\n";
    if (residual) {
        module.register_parameter("shortcut", weights.convolution(outputs, inputs, 1), false);
        const std::string s = std::to_string(stride);
        source += "    r = torch.conv3d(x, self.shortcut, None, [" + s + ", " + s + ", " + s + "])\n";
    }
    source += convolution("1", stride) + normAndActivation("1", true);
    source += convolution("2", 1) + normAndActivation("2", !residual);
    source += residual ? "    return torch.leaky_relu_(x + r, 0.01)\n" : "    return x\n";
    module.define(source);
    return module;
}

std::string encoderSource(int levels)
{
    std::string source = "    x0 = self.encoder0.forward(x)\n";
    for (int level = 1; level < levels; ++level) {
        const std::string l = std::to_string(level), above = std::to_string(level - 1);
        source += "    x" + l + " = self.encoder" + l + ".forward(x" + above + ")\n";
    }
    return source + "    y = x" + std::to_string(levels - 1) + "\n";
}

// A 1x1x1 convolution before the upsampling: the same reach as a transposed convolution for less than half
// its time.
std::string decoderSource(int levels, int heads)
{
    std::string source;
    for (int level = levels - 2; level >= 0; --level) {
        const std::string l = std::to_string(level);
        source += "    y = torch.conv3d(y, self.up" + l +
                  ")\n"
                  "    y = torch.upsample_trilinear3d(y, None, False, [2.0, 2.0, 2.0])\n"
                  "    y = self.decoder" +
                  l + ".forward(torch.cat([y, x" + l + "], 1))\n";
        if (level < heads)
            source += "    o" + l + " = torch.conv3d(y, self.head" + l + ", self.head_bias" + l + ")\n";
    }
    return source;
}

} // namespace

Module defineUNet(const UNetShape& shape, std::uint64_t seed)
{
    Weights weights(seed);
    std::vector<int> channels;
    for (int level = 0; level < shape.levels; ++level)
        channels.push_back(
            static_cast<int>(std::min<std::int64_t>(std::int64_t{shape.baseWidth} << level, maxChannels)));
    const auto width = [&](int level) { return channels[static_cast<std::size_t>(level)]; };

    Module net = moduleNamed("UNet3d");
    for (int level = 0; level < shape.levels; ++level) {
        const std::string l = std::to_string(level);
        net.register_module("encoder" + l, block("Encoder" + l, level > 0 ? width(level - 1) : shape.inputs,
                                                 width(level), level > 0 ? 2 : 1, shape.residual, weights));
    }
    const int heads = std::min(supervisedLevels, shape.levels - 1);
    for (int level = shape.levels - 2; level >= 0; --level) {
        const std::string l = std::to_string(level);
        net.register_parameter("up" + l, weights.convolution(width(level), width(level + 1), 1), false);
        net.register_module("decoder" + l,
                            block("Decoder" + l, 2 * width(level), width(level), 1, shape.residual, weights));
        if (level < heads) {
            net.register_parameter("head" + l, weights.convolution(shape.outputs, width(level), 1), false);
            net.register_parameter("head_bias" + l, at::zeros({shape.outputs}).requires_grad_(), false);
        }
    }
    std::string all = "o0";
    for (int level = 1; level < heads; ++level)
        all += ", o" + std::to_string(level);
    const std::string encoder = encoderSource(shape.levels);
    net.define("def forward(self, x):\n" + encoder + decoderSource(shape.levels, 1) + "    return o0\n");
    net.define("def forward_all(self, x):\n" + encoder + decoderSource(shape.levels, heads) + "    return [" +
               all + "]\n");
    return net;
}

} // namespace annotomy
