#pragma once

#include <array>
#include <cstddef>

namespace annotomy {

// Streaming passes over blocked activations: channels in blocks of `lanes` (8 or 16: oneDNN's nCdhw8c and nCdhw16c), one
// block after another, each of them voxels (i fastest) of `lanes` floats. Pointers need no alignment.

// Per lane, the sums of x - shift and of its square over `voxels` voxels of one block; `shift`, `sums` and `squares` have
// `lanes` values. A shift near the mean keeps the variance exact.
void shiftedSums(int lanes, const float* x, std::size_t voxels, const float* shift, double* sums, double* squares);

// x <- leakyRelu(x * scale + offset + residual) in one block, slope 0.01; `residual` as large as x, or null for none.
void scaleAndActivate(int lanes, float* x, const float* residual, std::size_t voxels, const float* scale,
                      const float* offset);

// out <- the weighted sum of four rows of `voxels` voxels of one block.
void blendRows(int lanes, const std::array<const float*, 4>& rows, const std::array<float, 4>& weights, std::size_t voxels,
               float* out);

// A row of one block, `factor` (1 or 2) times as long, linearly between voxel centres (the ends repeat), written to `out`
// or, when `adds`, added to it.
void widenRow(int lanes, const float* row, std::size_t voxels, int factor, bool adds, float* out);

// A 1x1x1 convolution to `outputs` logits, read as outputs in groups of eight.
struct HeadWeights {
    int blocks = 1;              // of the input
    int outputs = 2;
    const float* scale = nullptr;   // [blocks * lanes]: the last norm, which comes first
    const float* offset = nullptr;  // [blocks * lanes]
    const float* weights = nullptr; // [groups][blocks * lanes][8]
    const float* bias = nullptr;    // [groups][8]
};
inline constexpr int headGroup = 8;

// Norm, leaky ReLU, head and softmax of `voxels` voxels: block b of the input is at x + b * blockSize, probability c is
// written to out + c * planeSize.
void headSoftmax(int lanes, const float* x, std::size_t blockSize, std::size_t voxels, const HeadWeights& head, float* out,
                 std::size_t planeSize);

} // namespace annotomy
