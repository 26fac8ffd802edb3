#include "ml/internal/winograd_convolution.h"

#include "ml/internal/winograd_passes.h"

#include <algorithm>
#include <array>

namespace annotomy {

namespace {

constexpr std::size_t points = 64;
constexpr std::size_t leastCubes = 100;

int groupBlocksOf(int lanes, int outputBlocks)
{
    return lanes == 16 && outputBlocks % 2 == 0 ? 2 : 1;
}

// The three weights along an axis, `step` apart, to the four points.
std::array<float, 4> transformed(const float* weights, std::size_t step)
{
    const float a = weights[0], b = weights[step], c = weights[2 * step];
    return {a, 0.5F * (a + b + c), 0.5F * (a - b + c), c};
}

// 3x3x3 weights to 4x4x4 points, [k][j][i].
std::array<float, points> pointsOf(const float* weights)
{
    std::array<float, 36> alongI;  // [3][3][4]
    std::array<float, 48> alongJ;  // [3][4][4]
    std::array<float, points> all; // [4][4][4]
    for (std::size_t row = 0; row < 9; ++row)
        std::ranges::copy(transformed(weights + 3 * row, 1), alongI.begin() + static_cast<std::ptrdiff_t>(4 * row));
    for (std::size_t n = 0; n < 12; ++n) {
        const std::size_t k = n / 4, i = n % 4;
        const std::array<float, 4> column = transformed(alongI.data() + 12 * k + i, 4);
        for (std::size_t j = 0; j < 4; ++j)
            alongJ[16 * k + 4 * j + i] = column[j];
    }
    for (std::size_t n = 0; n < 16; ++n) {
        const std::array<float, 4> column = transformed(alongJ.data() + n, 16);
        for (std::size_t k = 0; k < 4; ++k)
            all[16 * k + n] = column[k];
    }
    return all;
}

} // namespace

bool WinogradConvolution::isQuickHere()
{
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(ANNOTOMY_SANITIZED)
    return true;
#else
    return false;
#endif
}

bool WinogradConvolution::suits(const ConvolutionShape& shape)
{
    std::size_t cubes = 1;
    for (const int size : shape.size)
        cubes *= static_cast<std::size_t>((size + 1) / 2);
    const bool isPossible = shape.kernel == Index3{3, 3, 3} && shape.stride == Index3{1, 1, 1} && shape.inputBlocks > 0;
    return isPossible && cubes >= leastCubes && (shape.outputBlocks > 1 || shape.inputBlocks == 1);
}

WinogradConvolution::WinogradConvolution(int lanes, const ConvolutionShape& shape, const PlacedWeights& weights)
    : m_lanes(lanes), m_inputBlocks(shape.inputBlocks), m_outputBlocks(shape.outputBlocks), m_firstInput(weights.firstInput),
      m_inputs(weights.inputs), m_size(shape.size)
{
    m_cubes = 1;
    for (std::size_t a = 0; a < 3; ++a) {
        m_grid[a] = (m_size[a] + 1) / 2;
        m_cubes *= static_cast<std::size_t>(m_grid[a]);
    }
    m_stripCubes = shape.inputBlocks * lanes > 64 ? 2 * cubesAtOnce : 4 * cubesAtOnce; // what the caches hold
    const auto inputs = static_cast<std::size_t>(m_inputs);
    const std::size_t groupLanes = static_cast<std::size_t>(groupBlocksOf(lanes, m_outputBlocks) * lanes);
    m_weights.assign(static_cast<std::size_t>(m_outputBlocks * lanes) * points * inputs, 0);
    for (std::size_t i = 0; i < inputs; ++i)
        for (std::size_t o = 0; o < static_cast<std::size_t>(weights.outputs); ++o) { // neighbours share cache lines
            const std::size_t lane = o + static_cast<std::size_t>(weights.firstOutput);
            const std::array<float, points> all = pointsOf(weights.values.data() + (o * inputs + i) * 27);
            float* group = m_weights.data() + lane / groupLanes * points * inputs * groupLanes + lane % groupLanes;
            for (std::size_t p = 0; p < points; ++p)
                group[(p * inputs + i) * groupLanes] = all[p];
        }
}

// Points lie a little apart from a power of two, which would make them share a few cache lines.
std::size_t WinogradConvolution::scratchFloats() const
{
    const auto lanes = static_cast<std::size_t>(m_lanes);
    const std::size_t inputLanes = static_cast<std::size_t>(m_inputBlocks) * lanes;
    const std::size_t groupLanes = static_cast<std::size_t>(groupBlocksOf(m_lanes, m_outputBlocks)) * lanes;
    return points * (m_stripCubes * (inputLanes + groupLanes) + 2 * lanes);
}

void WinogradConvolution::runStrip(std::size_t number, const float* input, float* output, float* scratch) const
{
    const auto lanes = static_cast<std::size_t>(m_lanes), inputs = static_cast<std::size_t>(m_inputs);
    const std::size_t first = number * m_stripCubes;
    const CubeStrip strip{m_size, m_grid, first, std::min(m_stripCubes, m_cubes - first)};
    const std::size_t cubes = (strip.count + cubesAtOnce - 1) / cubesAtOnce * cubesAtOnce; // the last ones of no meaning
    const std::size_t blockSize =
        static_cast<std::size_t>(m_size[0]) * static_cast<std::size_t>(m_size[1]) * static_cast<std::size_t>(m_size[2]) * lanes;
    const std::size_t inputLanes = static_cast<std::size_t>(m_inputBlocks) * lanes;
    const std::size_t inputPoint = m_stripCubes * inputLanes + lanes;
    for (std::size_t block = 0; block < static_cast<std::size_t>(m_inputBlocks); ++block)
        transformInput(m_lanes, strip, input + block * blockSize, scratch + block * lanes, inputPoint, inputLanes);
    for (std::size_t p = 0; p < points; ++p)
        std::fill(scratch + p * inputPoint + strip.count * inputLanes, scratch + p * inputPoint + cubes * inputLanes, 0.0F);

    const int groupBlocks = groupBlocksOf(m_lanes, m_outputBlocks);
    const std::size_t groupLanes = static_cast<std::size_t>(groupBlocks) * lanes;
    const std::size_t outputPoint = m_stripCubes * groupLanes + lanes;
    float* products = scratch + points * inputPoint;
    const float* weights = m_weights.data();
    for (int block = 0; block < m_outputBlocks; block += groupBlocks) {
        for (std::size_t p = 0; p < points; ++p, weights += inputs * groupLanes)
            multiplyPoint(m_lanes, groupBlocks, cubes, inputs, scratch + p * inputPoint + m_firstInput, inputLanes, weights,
                          products + p * outputPoint);
        for (int b = 0; b < groupBlocks; ++b)
            transformOutput(m_lanes, strip, products + static_cast<std::size_t>(b) * lanes, outputPoint, groupLanes,
                            output + static_cast<std::size_t>(block + b) * blockSize);
    }
}

} // namespace annotomy
