#pragma once

#include "core/image/vec.h"
#include "ml/internal/blocked_convolution.h"

#include <cstddef>
#include <vector>

namespace annotomy {

// A 3x3x3 convolution of stride 1 between blocked activations (blocked_passes.h) by Winograd's minimal filtering,
// F(2x2x2, 3x3x3) (Lavin and Gray 2016): 8 instead of 27 multiplications per output, weight and input, to rounding.
// Works on strips of output cubes of 2x2x2, which threads may share.
class WinogradConvolution {
public:
    // Whether the kernels are compiled for this processor, so that they are quicker than a plain convolution.
    static bool isQuickHere();
    // Whether it is such a convolution, and one that gains: over enough voxels for the larger weights to pay, and with enough
    // outputs for the transformed inputs to (measured).
    static bool suits(const ConvolutionShape& shape);

    WinogradConvolution(int lanes, const ConvolutionShape& shape, const PlacedWeights& weights);

    std::size_t strips() const { return (m_cubes + m_stripCubes - 1) / m_stripCubes; }
    std::size_t scratchFloats() const; // of each thread
    void runStrip(std::size_t strip, const float* input, float* output, float* scratch) const;

private:
    std::vector<float> m_weights; // [group of output blocks][64][input lanes in use][lanes of the group]
    int m_lanes, m_inputBlocks, m_outputBlocks;
    int m_firstInput, m_inputs; // the lanes in use
    Index3 m_size;
    Index3 m_grid; // cubes (i, j, k)
    std::size_t m_cubes, m_stripCubes;
};

} // namespace annotomy
