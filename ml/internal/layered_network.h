#pragma once

#include "core/io/tensors/stored_tensor.h"

#include <torch/script.h>

#include <string>
#include <vector>

namespace annotomy {

// Convolution after convolution at full resolution, as brainchop describes its MeshNets (Fedorov et al. 2017; model.json):
// "layers" with "kernel_size", "dilation" (and a padding that keeps the size), "bnorm" (after each but the last convolution every
// channel is normalised over the image), "gelu" or "elu" (else ReLU), and, ours, "axes": towards where the tensor's axes run, the
// first slowest, in nibabel's letters ("LIA" without it, FreeSurfer's conformed volumes).
struct LayeredNetwork {
    enum class Activation { Relu, Elu, Gelu };
    struct Layer {
        int kernel = 3; // edge, odd
        int dilation = 1;
    };
    std::vector<Layer> layers;
    bool isNormed = false;
    Activation activation = Activation::Relu;
    std::string axes = "LIA";
};

// Errors: Malformed, with the member that is missing or out of range.
Result<LayeredNetwork> layeredNetworkFromJson(const std::string& text);

// The network with its weights, as TorchScript in Annotomy's order of axes: kernels are turned, so that nothing is at run time.
// `outputs` becomes the number of its logits. Errors: Malformed when number or shapes of the tensors do not fit the layers;
// Unsupported for tensors that the description has no place for.
Result<torch::jit::Module> defineLayeredNetwork(const LayeredNetwork& network, const std::vector<StoredTensor>& tensors,
                                                int& outputs);

} // namespace annotomy
