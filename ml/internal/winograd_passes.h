#pragma once

#include "core/image/vec.h"

#include <cstddef>

namespace annotomy {

// The three passes of a Winograd convolution over a strip of cubes of 2x2x2 outputs. Each cube has 64 transformed points.
struct CubeStrip {
    Index3 size{};      // voxels of the image (i, j, k)
    Index3 grid{};      // cubes (i, j, k)
    std::size_t first = 0, count = 0; // of cubes, i fastest
};

// Registers hold this many cubes times one or two blocks of outputs.
inline constexpr std::size_t cubesAtOnce = 12;

// Transforms one block of the input (voxels of `lanes` floats): point p of cube n goes to out + p * pointSize + n * cubeSize.
void transformInput(int lanes, const CubeStrip& strip, const float* block, float* out, std::size_t pointSize,
                    std::size_t cubeSize);

// For cubes [0, cubes), a multiple of cubesAtOnce: out[cube][groupLanes] <- the sum over `inputs` of in[cube][input] *
// weights[input][groupLanes]; a group is one or two blocks.
void multiplyPoint(int lanes, int groupBlocks, std::size_t cubes, std::size_t inputs, const float* in, std::size_t cubeSize,
                   const float* weights, float* out);

// The inverse for one block of the output, written where it lies in the image.
void transformOutput(int lanes, const CubeStrip& strip, const float* in, std::size_t pointSize, std::size_t cubeSize,
                     float* block);

} // namespace annotomy
