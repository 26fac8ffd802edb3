#include "ml/internal/blocked_passes.h"

#include "core/base/multiversion.h"
#include "ml/internal/network_shape.h"
#include "ml/internal/vector_lanes.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr float negativeSlope = 0.01F;

// Float sums of a few voxels are added up in double: a large region of one value would add one rounding error each time.
template <class Lanes>
[[gnu::always_inline]] inline void sumsOf(const float* x, std::size_t voxels, const float* shift, double* sums, double* squares)
{
    constexpr std::size_t few = 64;
    typename Lanes::Vector middle, value;
    load(middle, shift);
    std::fill_n(sums, Lanes::count, 0.0);
    std::fill_n(squares, Lanes::count, 0.0);
    for (std::size_t begin = 0; begin < voxels; begin += few) {
        typename Lanes::Vector sum{}, square{};
        for (std::size_t n = begin; n < std::min(begin + few, voxels); ++n) {
            load(value, x + n * Lanes::count);
            value -= middle;
            sum += value;
            square += value * value;
        }
        for (std::size_t lane = 0; lane < Lanes::count; ++lane) {
            sums[lane] += static_cast<double>(sum[lane]);
            squares[lane] += static_cast<double>(square[lane]);
        }
    }
}

template <class Lanes, bool hasResidual>
[[gnu::always_inline]] inline void activated(float* x, const float* residual, std::size_t voxels, const float* scale,
                                             const float* offset)
{
    typename Lanes::Vector a, b, value, other;
    load(a, scale);
    load(b, offset);
    for (std::size_t n = 0; n < voxels * Lanes::count; n += Lanes::count) {
        load(value, x + n);
        value = value * a + b;
        if constexpr (hasResidual) {
            load(other, residual + n);
            value += other;
        }
        value = value > 0 ? value : value * negativeSlope;
        store(x + n, value);
    }
}

template <class Lanes>
[[gnu::always_inline]] inline void blended(const std::array<const float*, 4>& rows, const std::array<float, 4>& weights,
                                           std::size_t voxels, float* out)
{
    typename Lanes::Vector a, b, c, d;
    for (std::size_t n = 0; n < voxels * Lanes::count; n += Lanes::count) {
        load(a, rows[0] + n);
        load(b, rows[1] + n);
        load(c, rows[2] + n);
        load(d, rows[3] + n);
        store(out + n, a * weights[0] + b * weights[1] + c * weights[2] + d * weights[3]);
    }
}

template <class Lanes>
[[gnu::always_inline]] inline void put(float* to, typename Lanes::Vector& value, bool adds)
{
    if (adds) {
        typename Lanes::Vector there;
        load(there, to);
        value += there;
    }
    store(to, value);
}

template <class Lanes>
[[gnu::always_inline]] inline void widened(const float* row, std::size_t voxels, int factor, bool adds, float* out)
{
    typename Lanes::Vector before, here, after, value;
    load(here, row);
    before = here;
    for (std::size_t n = 0; n < voxels; ++n) {
        load(after, row + std::min(n + 1, voxels - 1) * Lanes::count);
        if (factor == 1) {
            value = here;
            put<Lanes>(out + n * Lanes::count, value, adds);
        } else {
            value = here * 0.75F + before * 0.25F;
            put<Lanes>(out + 2 * n * Lanes::count, value, adds);
            value = here * 0.75F + after * 0.25F;
            put<Lanes>(out + (2 * n + 1) * Lanes::count, value, adds);
        }
        before = here;
        here = after;
    }
}

// Needs room for the lanes of all blocks.
constexpr std::size_t mostLanes = maxChannels + 2 * SixteenLanes::count;

template <class Lanes>
[[gnu::always_inline]] inline void logitsOf(const float* x, std::size_t blockSize, std::size_t voxels, const HeadWeights& head,
                                            float* out, std::size_t planeSize)
{
    const std::size_t blocks = static_cast<std::size_t>(head.blocks), channels = blocks * Lanes::count;
    const auto outputs = static_cast<std::size_t>(head.outputs);
    std::array<float, mostLanes> features;
    for (std::size_t n = 0; n < voxels; ++n) {
        for (std::size_t b = 0; b < blocks; ++b) {
            typename Lanes::Vector scale, offset, value;
            load(scale, head.scale + b * Lanes::count);
            load(offset, head.offset + b * Lanes::count);
            load(value, x + b * blockSize + n * Lanes::count);
            value = value * scale + offset;
            value = value > 0 ? value : value * negativeSlope;
            store(features.data() + b * Lanes::count, value);
        }
        for (std::size_t first = 0; first < outputs; first += headGroup) {
            EightLanes::Vector logits, weights;
            load(logits, head.bias + first);
            for (std::size_t c = 0; c < channels; ++c) {
                load(weights, head.weights + (first / headGroup * channels + c) * headGroup);
                logits += weights * features[c];
            }
            for (std::size_t o = first; o < std::min(outputs, first + headGroup); ++o)
                out[o * planeSize + n] = logits[o - first];
        }
    }
}

void softmaxInPlace(float* logits, std::size_t outputs, std::size_t voxels, std::size_t planeSize)
{
    for (std::size_t n = 0; n < voxels; ++n) {
        float* at = logits + n;
        float largest = at[0], sum = 0;
        for (std::size_t c = 1; c < outputs; ++c)
            largest = std::max(largest, at[c * planeSize]);
        for (std::size_t c = 0; c < outputs; ++c)
            sum += at[c * planeSize] = std::exp(at[c * planeSize] - largest);
        for (std::size_t c = 0; c < outputs; ++c)
            at[c * planeSize] /= sum;
    }
}

} // namespace

ANNOTOMY_MULTIVERSION void shiftedSums(int lanes, const float* x, std::size_t voxels, const float* shift, double* sums,
                                       double* squares)
{
    if (lanes == 8)
        sumsOf<EightLanes>(x, voxels, shift, sums, squares);
    else
        sumsOf<SixteenLanes>(x, voxels, shift, sums, squares);
}

ANNOTOMY_MULTIVERSION void scaleAndActivate(int lanes, float* x, const float* residual, std::size_t voxels, const float* scale,
                                            const float* offset)
{
    if (lanes == 8 && residual)
        activated<EightLanes, true>(x, residual, voxels, scale, offset);
    else if (lanes == 8)
        activated<EightLanes, false>(x, residual, voxels, scale, offset);
    else if (residual)
        activated<SixteenLanes, true>(x, residual, voxels, scale, offset);
    else
        activated<SixteenLanes, false>(x, residual, voxels, scale, offset);
}

ANNOTOMY_MULTIVERSION void blendRows(int lanes, const std::array<const float*, 4>& rows, const std::array<float, 4>& weights,
                                     std::size_t voxels, float* out)
{
    if (lanes == 8)
        blended<EightLanes>(rows, weights, voxels, out);
    else
        blended<SixteenLanes>(rows, weights, voxels, out);
}

ANNOTOMY_MULTIVERSION void widenRow(int lanes, const float* row, std::size_t voxels, int factor, bool adds, float* out)
{
    if (lanes == 8)
        widened<EightLanes>(row, voxels, factor, adds, out);
    else
        widened<SixteenLanes>(row, voxels, factor, adds, out);
}

ANNOTOMY_MULTIVERSION void headLogits(int lanes, const float* x, std::size_t blockSize, std::size_t voxels,
                                      const HeadWeights& head, float* out, std::size_t planeSize)
{
    if (lanes == 8)
        logitsOf<EightLanes>(x, blockSize, voxels, head, out, planeSize);
    else
        logitsOf<SixteenLanes>(x, blockSize, voxels, head, out, planeSize);
}

void headSoftmax(int lanes, const float* x, std::size_t blockSize, std::size_t voxels, const HeadWeights& head, float* out,
                 std::size_t planeSize)
{
    headLogits(lanes, x, blockSize, voxels, head, out, planeSize);
    softmaxInPlace(out, static_cast<std::size_t>(head.outputs), voxels, planeSize);
}

} // namespace annotomy
