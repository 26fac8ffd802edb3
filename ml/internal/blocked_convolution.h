#pragma once

#include "core/image/vec.h"

#include <cstddef>
#include <memory>
#include <span>

namespace annotomy {

// Weights as LibTorch keeps them, [outputs][inputs][k][j][i], and where their channels lie within the blocks that are read
// and written: after `firstInput` and `firstOutput` lanes of other channels, which weigh nothing and become 0.
struct PlacedWeights {
    std::span<const float> values;
    int outputs = 1, inputs = 1;
    int firstOutput = 0, firstInput = 0;
};

struct ConvolutionShape {
    int inputBlocks = 1; // 0: the input is not blocked but [inputs][k][j][i]
    int outputBlocks = 1;
    Index3 size{};   // voxels of the input (i, j, k)
    Index3 kernel{}; // odd; half of it is padded with zeros on each side
    Index3 stride{};
};

// A convolution between blocked activations (blocked_passes.h) by oneDNN, its weights rearranged once. Runs on as many
// threads as OpenMP had at its creation.
class BlockedConvolution {
public:
    // Lanes of a block on this processor: 16 with AVX-512, 8 with AVX2, 0 where there is nothing quick to be had.
    static int lanesHere();

    // Null when oneDNN has no quick implementation of it.
    static std::unique_ptr<BlockedConvolution> create(int lanes, const ConvolutionShape& shape, const PlacedWeights& weights);
    ~BlockedConvolution();

    std::size_t scratchFloats() const; // what run() needs beside its input and output
    void run(const float* input, float* output, float* scratch) const;

private:
    struct Impl;
    explicit BlockedConvolution(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace annotomy
