#pragma once

#include "core/image/vec.h"

#include <algorithm>
#include <cstddef>

namespace annotomy {

// The two neighbours of a position along one axis, as offsets in voxels, and the weight of the second. Positions
// beyond the outer centres take the outer voxel.
struct Between {
    std::ptrdiff_t a, b;
    float weight;
};

inline Between between(double at, int size, std::ptrdiff_t stride)
{
    const double inside = std::clamp(at, 0.0, static_cast<double>(size - 1));
    const auto a = static_cast<int>(inside); // inside >= 0: truncation is floor
    const double weight = inside - a;
    return {a * stride, (weight > 0 ? a + 1 : a) * stride, static_cast<float>(weight)};
}

// The stored value at a fractional index; `each` elements lie from one voxel to the next. Requires a finite index.
template <class T>
float trilinear(const T* voxels, const Index3& size, const Vec3& at, std::ptrdiff_t each = 1)
{
    const std::ptrdiff_t ni = each * size[0], nij = ni * size[1];
    const Between i = between(at[0], size[0], each), j = between(at[1], size[1], ni), k = between(at[2], size[2], nij);
    const auto along = [&](std::ptrdiff_t row) {
        const auto a = static_cast<float>(voxels[row + i.a]), b = static_cast<float>(voxels[row + i.b]);
        return a + (b - a) * i.weight;
    };
    const float near0 = along(k.a + j.a), near1 = along(k.a + j.b), far0 = along(k.b + j.a), far1 = along(k.b + j.b);
    const float near = near0 + (near1 - near0) * j.weight, far = far0 + (far1 - far0) * j.weight;
    return near + (far - near) * k.weight;
}

// Whether a fractional index lies in the grid, up to half a voxel beyond the outer centres.
inline bool liesInGrid(const Vec3& at, const Index3& size)
{
    for (std::size_t a = 0; a < 3; ++a)
        if (!(at[a] >= -0.5 && at[a] <= size[a] - 0.5))
            return false;
    return true;
}

} // namespace annotomy
