#pragma once

#include <torch/script.h>

#include <cstdint>

namespace annotomy {

// The built-in network: a 3-D U-Net of 3x3x3 convolutions, instance norm and leaky ReLU. Channels double per
// level from `baseWidth` up to 320; every level but the first halves all three axes.
struct UNetShape {
    int inputs = 1;
    int outputs = 2; // background and classes
    int baseWidth = 8;
    int levels = 4;
    bool residual = false; // adds a block's input (projected) to its output
};

inline constexpr int maxChannels = 320;

// Defined as TorchScript source, so that it is saved, loaded and trained like any other model, also from
// Python.
//   forward(x)      x: float32 [N, inputs, k, j, i], edges multiples of 2^(levels - 1) -> logits [N, outputs,
//   k, j, i] forward_all(x)  the same logits first, then those at half and quarter resolution: for deep
//   supervision
// Weights: He's normal, drawn from `seed`.
torch::jit::Module defineUNet(const UNetShape& shape, std::uint64_t seed);

} // namespace annotomy
