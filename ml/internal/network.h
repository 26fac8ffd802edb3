#pragma once

#include "ml/internal/network_shape.h"

#include <torch/script.h>

#include <cstdint>

namespace annotomy {

// A built-in network, defined as TorchScript source, so that it is saved, loaded and trained like any other model, also
// from Python.
//   forward(x)      x: float32 [N, inputs, k, j, i], edges multiples of patchMultiple() -> logits [N, outputs, k, j, i]
//   forward_all(x)  the same logits first, then those of up to two coarser levels: for deep supervision
//   embed(x)        means of the deepest features -> [N, channels there]: what the image looks like to the network
//   features(x)     what the encoder's levels see, the finest first, each [N, channels, k, j, i] of its own resolution; of a
//                   network without levels its last hidden layer alone
//   logits_of(f)    the logits of features(x) = f
// Channels double per level from `baseWidth` up to 320. An axis that is halved n times is halved by the n deepest levels;
// above them, and the one before, convolutions reach along the other axes only, so that thick slices stay apart as long as
// they are thicker than what the network sees within them (nnU-Net's rule). Weights: He's normal, drawn from `seed`.
torch::jit::Module defineNetwork(const NetworkShape& shape, std::uint64_t seed);

} // namespace annotomy
