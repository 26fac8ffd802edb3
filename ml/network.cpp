#include "ml/internal/network.h"

#include "ml/internal/network_parts.h"

#include <string>
#include <vector>

namespace annotomy {

namespace {

using torch::jit::Module;

constexpr Index3 one{1, 1, 1}, three{3, 3, 3};

std::string embeddingSource(const std::string& features)
{
    return "    return torch.mean(" + features + ", [2, 3, 4])\n";
}

// Convolutions of one kernel, the first with the stride. A residual block has two and adds its (projected) input.
struct Block {
    int inputs = 1, outputs = 1;
    Index3 kernel = three, stride = one;
    int convolutions = 2;
    bool isResidual = false;
};

Module defined(const std::string& name, const Block& block, NetworkWeights& weights)
{
    Module module = moduleNamed(name);
    std::string source = "def forward(self, x):\n";
    for (int n = 1; n <= block.convolutions; ++n)
        addNormedConvolution(module, std::to_string(n), block.outputs, n > 1 ? block.outputs : block.inputs, block.kernel,
                             weights);
    if (block.isResidual) {
        module.register_parameter("shortcut", weights.convolution(block.outputs, block.inputs, one), false);
        source += "    r = torch.conv3d(x, self.shortcut, None, " + triple(block.stride) + ")\n";
    }
    for (int n = 1; n <= block.convolutions; ++n) {
        const std::string suffix = std::to_string(n);
        source += convolutionSource(suffix, block.kernel, n > 1 ? one : block.stride) + normSource(suffix);
        if (n < block.convolutions || !block.isResidual)
            source += activationSource();
    }
    source += block.isResidual ? "    return torch.leaky_relu_(x + r, 0.01)\n" : "    return x\n";
    module.define(source);
    return module;
}

// One level on the way down is a stage of blocks, all but the first of them without a stride.
void addEncoder(Module& net, const UNetLevels& levels, NetworkWeights& weights)
{
    for (int level = 0; level < levels.count(); ++level) {
        const std::string l = std::to_string(level);
        Block block{levels.inputs(level), levels.width(level), levels.kernel(level), levels.stride(level)};
        block.isResidual = levels.isResidual();
        block.convolutions = levels.encoderConvolutions();
        net.register_module("encoder" + l, defined("Encoder" + l, block, weights));
        if (!block.isResidual || level == 0)
            continue;
        block.inputs = block.outputs;
        block.stride = one;
        net.register_module("encoder" + l + "b", defined("Encoder" + l + "b", block, weights));
    }
}

std::string encoderSource(const UNetLevels& levels)
{
    std::string source = "    x0 = self.encoder0.forward(x)\n";
    for (int level = 1; level < levels.count(); ++level) {
        const std::string l = std::to_string(level), above = std::to_string(level - 1);
        source += "    x" + l + " = self.encoder" + l + ".forward(x" + above + ")\n";
        if (levels.isResidual())
            source += "    x" + l + " = self.encoder" + l + "b.forward(x" + l + ")\n";
    }
    return source + "    y = x" + std::to_string(levels.count() - 1) + "\n";
}

void addDecoder(Module& net, const UNetLevels& levels, const NetworkShape& shape, NetworkWeights& weights)
{
    for (int level = levels.count() - 2; level >= 0; --level) {
        const std::string l = std::to_string(level);
        const int width = levels.width(level);
        net.register_parameter("up" + l, weights.convolution(width, levels.width(level + 1), one), false);
        Block block{2 * width, width, levels.kernel(level)};
        block.convolutions = levels.decoderConvolutions();
        net.register_module("decoder" + l, defined("Decoder" + l, block, weights));
        if (level < levels.heads()) {
            net.register_parameter("head" + l, weights.convolution(shape.outputs, width, one), false);
            net.register_parameter("head_bias" + l, at::zeros({shape.outputs}).requires_grad_(), false);
        }
    }
}

// A 1x1x1 convolution before the upsampling: the same reach as a transposed convolution for less than half its time.
std::string decoderSource(const UNetLevels& levels, int heads)
{
    std::string source;
    for (int level = levels.count() - 2; level >= 0; --level) {
        const std::string l = std::to_string(level);
        const Index3 up = levels.stride(level + 1);
        source += "    y = torch.conv3d(y, self.up" + l + ")\n    y = torch.upsample_trilinear3d(y, None, False, [" +
                  std::to_string(up[2]) + ".0, " + std::to_string(up[1]) + ".0, " + std::to_string(up[0]) +
                  ".0])\n    y = self.decoder" + l + ".forward(torch.cat([y, x" + l + "], 1))\n";
        if (level < heads)
            source += "    o" + l + " = torch.conv3d(y, self.head" + l + ", self.head_bias" + l + ")\n";
    }
    return source;
}

// The encoder's levels and what the decoder makes of them.
void defineFeatures(Module& net, const UNetLevels& levels, const std::string& encoder)
{
    std::string all = "x0", taken = "    x0 = features[0]\n";
    for (int level = 1; level < levels.count(); ++level) {
        const std::string l = std::to_string(level);
        all += ", x" + l;
        taken += "    x" + l + " = features[" + l + "]\n";
    }
    taken += "    y = features[" + std::to_string(levels.count() - 1) + "]\n";
    net.define("def features(self, x):\n" + encoder + "    return [" + all + "]\n");
    net.define("def logits_of(self, features: List[Tensor]):\n" + taken + decoderSource(levels, 1) + "    return o0\n");
}

Module defineUNet(const NetworkShape& shape, std::uint64_t seed)
{
    NetworkWeights weights(seed);
    const UNetLevels levels(shape);
    Module net = moduleNamed("UNet3d");
    addEncoder(net, levels, weights);
    addDecoder(net, levels, shape, weights);
    std::string all = "o0";
    for (int level = 1; level < levels.heads(); ++level)
        all += ", o" + std::to_string(level);
    const std::string encoder = encoderSource(levels);
    net.define("def forward(self, x):\n" + encoder + decoderSource(levels, 1) + "    return o0\n");
    net.define("def forward_all(self, x):\n" + encoder + decoderSource(levels, levels.heads()) + "    return [" + all +
               "]\n");
    net.define("def embed(self, x):\n" + encoder + embeddingSource("y"));
    defineFeatures(net, levels, encoder);
    return net;
}

// Reaches 127 voxels across without losing resolution.
Module defineMeshNet(const NetworkShape& shape, std::uint64_t seed)
{
    NetworkWeights weights(seed);
    Module net = moduleNamed("MeshNet");
    std::string source;
    int layer = 0, inputs = shape.inputs;
    for (const int dilation : {1, 1, 2, 4, 8, 16, 8, 4, 2, 1}) {
        const std::string suffix = std::to_string(layer++);
        addNormedConvolution(net, suffix, shape.baseWidth, inputs, three, weights);
        source += convolutionSource(suffix, three, one, dilation) + normSource(suffix) + activationSource();
        inputs = shape.baseWidth;
    }
    net.register_parameter("head0", weights.convolution(shape.outputs, shape.baseWidth, one), false);
    net.register_parameter("head_bias0", at::zeros({shape.outputs}).requires_grad_(), false);
    net.define("def embed(self, x):\n" + source + embeddingSource("x"));
    net.define("def features(self, x):\n" + source + "    return [x]\n");
    net.define("def logits_of(self, features: List[Tensor]):\n"
               "    return torch.conv3d(features[0], self.head0, self.head_bias0)\n");
    source += "    x = torch.conv3d(x, self.head0, self.head_bias0)\n";
    net.define("def forward(self, x):\n" + source + "    return x\n");
    net.define("def forward_all(self, x):\n" + source + "    return [x]\n");
    return net;
}

} // namespace

Module defineNetwork(const NetworkShape& shape, std::uint64_t seed)
{
    return shape.kind == NetworkKind::MeshNet ? defineMeshNet(shape, seed) : defineUNet(shape, seed);
}

} // namespace annotomy
