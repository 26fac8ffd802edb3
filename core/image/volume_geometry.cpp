#include "core/image/volume_geometry.h"

#include <algorithm>
#include <cassert>

namespace annotomy {

double determinant(const Mat3& m)
{
    return dot(m[0], cross(m[1], m[2]));
}

Mat3 inverse(const Mat3& m)
{
    const double det = determinant(m);
    assert(det != 0.0);
    const Vec3 a = column(m, 0), b = column(m, 1), c = column(m, 2);
    return {(1.0 / det) * cross(b, c), (1.0 / det) * cross(c, a), (1.0 / det) * cross(a, b)};
}

bool IndexBox::contains(const Index3& index) const
{
    for (std::size_t a = 0; a < 3; ++a)
        if (index[a] < lo[a] || index[a] >= hi[a])
            return false;
    return true;
}

std::int64_t IndexBox::voxelCount() const
{
    if (empty())
        return 0;
    return std::int64_t{hi[0] - lo[0]} * (hi[1] - lo[1]) * (hi[2] - lo[2]);
}

void IndexBox::include(const Index3& index)
{
    *this = unionOf(*this, {index, {index[0] + 1, index[1] + 1, index[2] + 1}});
}

IndexBox intersection(const IndexBox& a, const IndexBox& b)
{
    IndexBox box;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        box.lo[axis] = std::max(a.lo[axis], b.lo[axis]);
        box.hi[axis] = std::min(a.hi[axis], b.hi[axis]);
    }
    return box.empty() ? IndexBox{} : box;
}

IndexBox unionOf(const IndexBox& a, const IndexBox& b)
{
    if (a.empty())
        return b;
    if (b.empty())
        return a;
    IndexBox box;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        box.lo[axis] = std::min(a.lo[axis], b.lo[axis]);
        box.hi[axis] = std::max(a.hi[axis], b.hi[axis]);
    }
    return box;
}

Vec3 VolumeGeometry::patientFromIndex(const Vec3& ijk) const
{
    return origin + direction * Vec3{ijk[0] * spacing[0], ijk[1] * spacing[1], ijk[2] * spacing[2]};
}

Vec3 VolumeGeometry::indexFromPatient(const Vec3& lps) const
{
    const Vec3 mm = inverse(direction) * (lps - origin);
    return {mm[0] / spacing[0], mm[1] / spacing[1], mm[2] / spacing[2]};
}

std::size_t VolumeGeometry::voxelCount() const
{
    return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
           static_cast<std::size_t>(size[2]);
}

double VolumeGeometry::voxelVolumeMm3() const
{
    return std::abs(determinant(direction)) * spacing[0] * spacing[1] * spacing[2];
}

std::size_t VolumeGeometry::offset(const Index3& index) const
{
    assert(contains(index));
    return (static_cast<std::size_t>(index[2]) * static_cast<std::size_t>(size[1]) +
            static_cast<std::size_t>(index[1])) *
               static_cast<std::size_t>(size[0]) +
           static_cast<std::size_t>(index[0]);
}

Index3 VolumeGeometry::indexAt(std::size_t offset) const
{
    assert(offset < voxelCount());
    const auto ni = static_cast<std::size_t>(size[0]), nj = static_cast<std::size_t>(size[1]);
    return {static_cast<int>(offset % ni), static_cast<int>(offset / ni % nj),
            static_cast<int>(offset / (ni * nj))};
}

// An affine difference is largest at a corner of the grid, so comparing the eight corners is enough.
bool sameGrid(const VolumeGeometry& a, const VolumeGeometry& b, double toleranceMm)
{
    if (a.size != b.size)
        return false;
    for (int corner = 0; corner < 8; ++corner) {
        const Vec3 index{(corner & 1) ? a.size[0] - 1.0 : 0.0, (corner & 2) ? a.size[1] - 1.0 : 0.0,
                         (corner & 4) ? a.size[2] - 1.0 : 0.0};
        if (!(length(a.patientFromIndex(index) - b.patientFromIndex(index)) <= toleranceMm))
            return false;
    }
    // A grid of one slice says nothing about its spacing along the third axis: compare the axes, too.
    for (int axis = 0; axis < 3; ++axis) {
        const auto s = static_cast<std::size_t>(axis);
        if (a.size[s] > 1 && !(length(a.spacing[s] * a.axis(axis) - b.spacing[s] * b.axis(axis)) <= toleranceMm))
            return false;
    }
    return true;
}

bool isPlausible(const VolumeGeometry& g)
{
    double voxels = 1;
    for (std::size_t a = 0; a < 3; ++a) {
        if (g.size[a] < 1 || g.size[a] > 65535)
            return false;
        if (!std::isfinite(g.spacing[a]) || g.spacing[a] <= 0 || !std::isfinite(g.origin[a]))
            return false;
        for (double d : g.direction[a])
            if (!std::isfinite(d) || std::abs(d) > 1.001)
                return false;
        voxels *= g.size[a];
    }
    return voxels <= std::pow(2.0, 40) && std::abs(determinant(g.direction)) > 1e-3;
}

} // namespace annotomy
