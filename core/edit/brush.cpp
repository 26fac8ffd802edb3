#include "core/edit/brush.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace annotomy {

namespace {

// A closed interval of positions along a voxel row, in voxels; empty when hi < lo.
struct Interval {
    double lo = std::numeric_limits<double>::infinity();
    double hi = -std::numeric_limits<double>::infinity();
    bool empty() const { return !(lo <= hi); }
};

constexpr Interval everywhere{-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};

Interval common(const Interval& a, const Interval& b)
{
    return {std::max(a.lo, b.lo), std::min(a.hi, b.hi)};
}

Interval hull(const Interval& a, const Interval& b)
{
    if (a.empty())
        return b;
    return b.empty() ? a : Interval{std::min(a.lo, b.lo), std::max(a.hi, b.hi)};
}

// t with lo <= start + t * step <= hi.
Interval between(double start, double step, double lo, double hi)
{
    if (std::abs(step) < 1e-12)
        return start >= lo && start <= hi ? everywhere : Interval{};
    const double a = (lo - start) / step, b = (hi - start) / step;
    return {std::min(a, b), std::max(a, b)};
}

// t with |start + t * step| <= radius.
Interval withinRadius(const Vec3& start, const Vec3& step, double radius)
{
    const double a = dot(step, step), c = dot(start, start) - radius * radius;
    if (a < 1e-18)
        return c <= 0 ? everywhere : Interval{};
    const double half = dot(start, step), discriminant = half * half - a * c;
    if (discriminant < 0)
        return {};
    const double root = std::sqrt(discriminant);
    return {(-half - root) / a, (-half + root) / a};
}

// The component of v across the unit vector `along`.
Vec3 across(const Vec3& v, const Vec3& along)
{
    return v - dot(v, along) * along;
}

// All points within a radius of a segment. It is convex, so a row of voxels meets it in one interval.
struct Capsule {
    Vec3 from{}, to{}; // mm
    double radius = 0; // mm

    Interval onRow(const Vec3& start, const Vec3& step) const
    {
        const Interval ends =
            hull(withinRadius(start - from, step, radius), withinRadius(start - to, step, radius));
        const double reach = length(to - from);
        if (reach < 1e-9)
            return ends;
        const Vec3 along = (1.0 / reach) * (to - from);
        const Vec3 offset = start - from;
        return hull(ends, common(withinRadius(across(offset, along), across(step, along), radius),
                                 between(dot(offset, along), dot(step, along), 0, reach)));
    }
};

// The change of the index along each axis per mm: row a of the inverse of the grid's matrix.
Vec3 indexGradient(const VolumeGeometry& g, std::size_t axis)
{
    return (1.0 / g.spacing[axis]) * inverse(g.direction)[axis];
}

// Grid indices within `reach` (in voxels along each axis) of the segment between two patient points.
IndexBox boxAround(const VolumeGeometry& g, const Vec3& from, const Vec3& to, const Vec3& reach)
{
    const Vec3 a = g.indexFromPatient(from), b = g.indexFromPatient(to);
    IndexBox box;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const double last = g.size[axis];
        const double margin = reach[axis] + 1e-6;
        box.lo[axis] = static_cast<int>(std::clamp(std::ceil(std::min(a[axis], b[axis]) - margin), 0.0, last));
        box.hi[axis] =
            static_cast<int>(std::clamp(std::floor(std::max(a[axis], b[axis]) + margin) + 1, 0.0, last));
    }
    return box;
}

// The voxels of `box` whose position along their row lies in rowInterval(centre of the row's voxel 0, row step).
template <class RowInterval>
VoxelSelection selectRows(const VolumeGeometry& g, const IndexBox& box, RowInterval&& rowInterval)
{
    VoxelSelection selection;
    if (box.empty())
        return selection;
    const Vec3 step = g.spacing[0] * g.axis(0);
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
        for (int j = box.lo[1]; j < box.hi[1]; ++j) {
            const Vec3 start = g.patientFromIndex({0, static_cast<double>(j), static_cast<double>(k)});
            const Interval row = common(rowInterval(start, step), {static_cast<double>(box.lo[0]), box.hi[0] - 1.0});
            if (!row.empty())
                selection.append(g, static_cast<int>(std::ceil(row.lo)), static_cast<int>(std::floor(row.hi)) + 1, j,
                                 k);
        }
    }
    return selection;
}

void insertVoxelUnder(const VolumeGeometry& g, const Vec3& patient, VoxelSelection& selection)
{
    const Vec3 at = g.indexFromPatient(patient);
    Index3 index{};
    for (std::size_t a = 0; a < 3; ++a) {
        if (!(at[a] >= -0.5 && at[a] < g.size[a] - 0.5))
            return;
        index[a] = static_cast<int>(std::floor(at[a] + 0.5));
    }
    selection.insert(g, index);
}

} // namespace

VoxelSelection sweptBall(const VolumeGeometry& geometry, const Vec3& from, const Vec3& to, double radiusMm)
{
    const Capsule capsule{from, to, std::max(radiusMm, 0.0)};
    Vec3 reach{};
    for (std::size_t a = 0; a < 3; ++a)
        reach[a] = capsule.radius * length(indexGradient(geometry, a));
    const IndexBox box = boxAround(geometry, from, to, reach);
    VoxelSelection selection = selectRows(
        geometry, box, [&](const Vec3& start, const Vec3& step) { return capsule.onRow(start, step); });
    insertVoxelUnder(geometry, from, selection);
    insertVoxelUnder(geometry, to, selection);
    return selection;
}

VoxelSelection sweptDisc(const VolumeGeometry& geometry, const Vec3& from, const Vec3& to, double radiusMm,
                         const Vec3& normal)
{
    const Vec3 n = normalised(normal);
    const Vec3 end = from + across(to - from, n);
    double half = 0;
    for (int a = 0; a < 3; ++a)
        half += 0.5 * std::abs(dot(geometry.axis(a), n)) * geometry.spacing[static_cast<std::size_t>(a)];
    // Everything across the normal: relative to `from`, in the plane.
    const Capsule capsule{{}, end - from, std::max(radiusMm, 0.0)};
    Vec3 reach{};
    for (std::size_t a = 0; a < 3; ++a) {
        const Vec3 gradient = indexGradient(geometry, a);
        reach[a] = capsule.radius * length(across(gradient, n)) + half * std::abs(dot(gradient, n));
    }
    // Half-open, so that a plane exactly between two grid slices takes one of them.
    const double below = -half * (1 + 1e-9), above = half * (1 - 1e-9);
    const auto onRow = [&](const Vec3& start, const Vec3& step) {
        const Vec3 offset = start - from;
        const Interval sheet = between(dot(offset, n), dot(step, n), below, above);
        return sheet.empty() ? sheet : common(sheet, capsule.onRow(across(offset, n), across(step, n)));
    };
    VoxelSelection selection = selectRows(geometry, boxAround(geometry, from, end, reach), onRow);
    insertVoxelUnder(geometry, from, selection);
    insertVoxelUnder(geometry, end, selection);
    return selection;
}

} // namespace annotomy
