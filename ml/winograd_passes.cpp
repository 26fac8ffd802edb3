#include "ml/internal/winograd_passes.h"

#include "ml/internal/vector_lanes.h"

#include <algorithm>
#include <cstring>
#include <utility>

// As ANNOTOMY_MULTIVERSION, and for AVX-512: these are bound by arithmetic.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(ANNOTOMY_SANITIZED)
#define ANNOTOMY_WIDE_MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ANNOTOMY_WIDE_MULTIVERSION
#endif

namespace annotomy {

namespace {

// Four neighbours along one axis to four points.
template <class Vector>
[[gnu::always_inline]] inline void forward(Vector& a, Vector& b, Vector& c, Vector& d)
{
    const Vector last = b - d;
    a -= c;
    d = last;
    const Vector sum = b + c;
    c -= b;
    b = sum;
}

// Four points along one axis to two outputs.
template <class Vector>
[[gnu::always_inline]] inline void backward(Vector& a, Vector& b, const Vector& c, const Vector& d)
{
    a += b + c;
    b -= c + d;
}

template <class Vector>
[[gnu::always_inline]] inline void forwardPlane(Vector* p)
{
    forward(p[0], p[1], p[2], p[3]);
    forward(p[4], p[5], p[6], p[7]);
    forward(p[8], p[9], p[10], p[11]);
    forward(p[12], p[13], p[14], p[15]);
    forward(p[0], p[4], p[8], p[12]);
    forward(p[1], p[5], p[9], p[13]);
    forward(p[2], p[6], p[10], p[14]);
    forward(p[3], p[7], p[11], p[15]);
}

// The place of a cube's first output voxel.
[[gnu::always_inline]] inline Index3 placeOf(const CubeStrip& strip, std::size_t cube)
{
    const auto n = static_cast<int>(cube);
    return {n % strip.grid[0] * 2, n / strip.grid[0] % strip.grid[1] * 2, n / (strip.grid[0] * strip.grid[1]) * 2};
}

// The 4x4 voxels from (i, j) on of plane k; 0 beyond the image.
template <class Lanes, class Vector>
[[gnu::always_inline]] inline void loadPlane(const CubeStrip& strip, const float* block, int i, int j, int k, Vector* plane)
{
    const Index3& size = strip.size;
    const auto rowSize = static_cast<std::ptrdiff_t>(size[0]) * static_cast<std::ptrdiff_t>(Lanes::count);
    const float* at = block + (static_cast<std::ptrdiff_t>(k) * size[1] + j) * rowSize +
                      static_cast<std::ptrdiff_t>(i) * static_cast<std::ptrdiff_t>(Lanes::count);
    if (i >= 0 && j >= 0 && i + 4 <= size[0] && j + 4 <= size[1]) {
#pragma GCC unroll 4
        for (int y = 0; y < 4; ++y)
#pragma GCC unroll 4
            for (int x = 0; x < 4; ++x)
                load(plane[4 * y + x], at + y * rowSize + x * static_cast<std::ptrdiff_t>(Lanes::count));
        return;
    }
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 4; ++x) {
            const bool isInside = i + x >= 0 && i + x < size[0] && j + y >= 0 && j + y < size[1];
            plane[4 * y + x] = Vector{};
            if (isInside)
                load(plane[4 * y + x], at + y * rowSize + x * static_cast<std::ptrdiff_t>(Lanes::count));
        }
}

template <class Lanes>
[[gnu::always_inline]] inline void inputTransformed(const CubeStrip& strip, const float* block, float* out,
                                                    std::size_t pointSize, std::size_t cubeSize)
{
    using Vector = typename Lanes::Vector;
    for (std::size_t n = 0; n < strip.count; ++n, out += cubeSize) {
        const Index3 place = placeOf(strip, strip.first + n);
        Vector points[64];
        for (int z = 0; z < 4; ++z) {
            const int k = place[2] + z - 1;
            Vector plane[16]{};
            if (k >= 0 && k < strip.size[2]) {
                loadPlane<Lanes>(strip, block, place[0] - 1, place[1] - 1, k, plane);
                forwardPlane(plane);
            }
            std::memcpy(points + 16 * z, plane, sizeof plane);
        }
        for (std::size_t p = 0; p < 16; ++p) {
            Vector a = points[p], b = points[p + 16], c = points[p + 32], d = points[p + 48];
            forward(a, b, c, d);
            store(out + p * pointSize, a);
            store(out + (p + 16) * pointSize, b);
            store(out + (p + 32) * pointSize, c);
            store(out + (p + 48) * pointSize, d);
        }
    }
}

template <class Vector>
[[gnu::always_inline]] inline void accumulate(Vector& sum, const Vector& weights, float value)
{
    sum += weights * value;
}

template <class Lanes, std::size_t groupBlocks, std::size_t... cube>
[[gnu::always_inline]] inline void multiplied(std::size_t inputs, const float* in, std::size_t cubeSize, const float* weights,
                                              float* out, std::index_sequence<cube...>)
{
    using Vector = typename Lanes::Vector;
    constexpr std::size_t lanes = Lanes::count;
    Vector first[sizeof...(cube)]{}, second[sizeof...(cube)]{};
    for (std::size_t c = 0; c < inputs; ++c) {
        Vector w, v;
        load(w, weights + c * groupBlocks * lanes);
        if constexpr (groupBlocks == 2) {
            load(v, weights + c * groupBlocks * lanes + lanes);
            ((accumulate(first[cube], w, in[cube * cubeSize + c]), accumulate(second[cube], v, in[cube * cubeSize + c])), ...);
        } else {
            (accumulate(first[cube], w, in[cube * cubeSize + c]), ...);
        }
    }
    (store(out + cube * groupBlocks * lanes, first[cube]), ...);
    if constexpr (groupBlocks == 2)
        (store(out + cube * groupBlocks * lanes + lanes, second[cube]), ...);
}

template <class Lanes, std::size_t groupBlocks>
[[gnu::always_inline]] inline void pointMultiplied(std::size_t cubes, std::size_t inputs, const float* in, std::size_t cubeSize,
                                                   const float* weights, float* out)
{
    for (std::size_t n = 0; n < cubes; n += cubesAtOnce)
        multiplied<Lanes, groupBlocks>(inputs, in + n * cubeSize, cubeSize, weights, out + n * groupBlocks * Lanes::count,
                                       std::make_index_sequence<cubesAtOnce>());
}

template <class Lanes>
[[gnu::always_inline]] inline void outputTransformed(const CubeStrip& strip, const float* in, std::size_t pointSize,
                                                     std::size_t cubeSize, float* block)
{
    using Vector = typename Lanes::Vector;
    const Index3& size = strip.size;
    for (std::size_t n = 0; n < strip.count; ++n, in += cubeSize) {
        Vector low[4]{}, high[4]{}; // outputs of the cube's two planes
        for (std::size_t z = 0; z < 4; ++z) {
            Vector p[16];
#pragma GCC unroll 16
            for (std::size_t point = 0; point < 16; ++point)
                load(p[point], in + (16 * z + point) * pointSize);
            backward(p[0], p[1], p[2], p[3]);
            backward(p[4], p[5], p[6], p[7]);
            backward(p[8], p[9], p[10], p[11]);
            backward(p[12], p[13], p[14], p[15]);
            backward(p[0], p[4], p[8], p[12]);
            backward(p[1], p[5], p[9], p[13]);
            const Vector q[4] = {p[0], p[1], p[4], p[5]};
            for (std::size_t v = 0; v < 4; ++v) {
                if (z < 3)
                    low[v] += q[v];
                if (z == 1)
                    high[v] = q[v];
                else if (z > 1)
                    high[v] -= q[v];
            }
        }
        const Index3 place = placeOf(strip, strip.first + n);
        for (int v = 0; v < 8; ++v) {
            const int i = place[0] + v % 2, j = place[1] + v / 2 % 2, k = place[2] + v / 4;
            if (i >= size[0] || j >= size[1] || k >= size[2])
                continue;
            const std::size_t voxel = (static_cast<std::size_t>(k) * static_cast<std::size_t>(size[1]) +
                                       static_cast<std::size_t>(j)) *
                                          static_cast<std::size_t>(size[0]) +
                                      static_cast<std::size_t>(i);
            store(block + voxel * Lanes::count, v < 4 ? low[v] : high[v - 4]);
        }
    }
}

} // namespace

ANNOTOMY_WIDE_MULTIVERSION void transformInput(int lanes, const CubeStrip& strip, const float* block, float* out,
                                               std::size_t pointSize, std::size_t cubeSize)
{
    if (lanes == 8)
        inputTransformed<EightLanes>(strip, block, out, pointSize, cubeSize);
    else
        inputTransformed<SixteenLanes>(strip, block, out, pointSize, cubeSize);
}

ANNOTOMY_WIDE_MULTIVERSION void multiplyPoint(int lanes, int groupBlocks, std::size_t cubes, std::size_t inputs, const float* in,
                                              std::size_t cubeSize, const float* weights, float* out)
{
    if (lanes == 8)
        pointMultiplied<EightLanes, 1>(cubes, inputs, in, cubeSize, weights, out);
    else if (groupBlocks == 1)
        pointMultiplied<SixteenLanes, 1>(cubes, inputs, in, cubeSize, weights, out);
    else
        pointMultiplied<SixteenLanes, 2>(cubes, inputs, in, cubeSize, weights, out);
}

ANNOTOMY_WIDE_MULTIVERSION void transformOutput(int lanes, const CubeStrip& strip, const float* in, std::size_t pointSize,
                                                std::size_t cubeSize, float* block)
{
    if (lanes == 8)
        outputTransformed<EightLanes>(strip, in, pointSize, cubeSize, block);
    else
        outputTransformed<SixteenLanes>(strip, in, pointSize, cubeSize, block);
}

} // namespace annotomy
