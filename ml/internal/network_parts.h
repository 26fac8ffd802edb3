#pragma once

#include "core/image/vec.h"

#include <torch/script.h>

#include <ATen/core/Generator.h>

#include <cstdint>
#include <string>

namespace annotomy {

// What networks are written with. Triples run over (i, j, k); TorchScript's own order is (k, j, i).

// He's initialisation for leaky ReLU, by fan-in.
class NetworkWeights {
public:
    explicit NetworkWeights(std::uint64_t seed);
    at::Tensor convolution(int outputs, int inputs, const Index3& kernel);

private:
    at::Generator m_generator;
};

// A module whose train() and eval() are heard.
torch::jit::Module moduleNamed(const std::string& name);

// Registers the parameters "weight<suffix>", "gamma<suffix>" and "beta<suffix>".
void addNormedConvolution(torch::jit::Module& module, const std::string& suffix, int outputs, int inputs,
                          const Index3& kernel, NetworkWeights& weights);

// Lines that turn x into what these parameters make of it.
std::string convolutionSource(const std::string& suffix, const Index3& kernel, const Index3& stride,
                              int dilation = 1);
std::string normSource(const std::string& suffix);
std::string activationSource();

std::string triple(const Index3& values); // "[k, j, i]"

} // namespace annotomy
