#include "core/io/masks/frame_placing.h"

#include <cmath>

namespace annotomy {

namespace {

constexpr double tolerance = 0.05; // voxels

std::optional<Index3> whole(const Vec3& v)
{
    Index3 rounded{};
    for (std::size_t a = 0; a < 3; ++a) {
        if (!(std::abs(v[a]) < 1e6))
            return std::nullopt;
        rounded[a] = static_cast<int>(std::lround(v[a]));
    }
    return rounded;
}

bool isNear(const Vec3& exact, const Index3& index)
{
    for (std::size_t a = 0; a < 3; ++a)
        if (!(std::abs(exact[a] - index[a]) <= tolerance))
            return false;
    return true;
}

bool isUnit(const Index3& v)
{
    return std::abs(v[0]) + std::abs(v[1]) + std::abs(v[2]) == 1;
}

} // namespace

std::ptrdiff_t FramePlacing::strideOfRow(const VolumeGeometry& grid) const
{
    const std::ptrdiff_t ni = grid.size[0], nj = grid.size[1];
    return perColumn[0] + ni * (perColumn[1] + nj * perColumn[2]);
}

std::optional<FramePlacing> placingOf(const FramePlane& plane, const VolumeGeometry& grid)
{
    const Vec3 first = grid.indexFromPatient(plane.position);
    const Vec3 perColumn = grid.indexFromPatient(plane.position + plane.rowStep) - first;
    const Vec3 perRow = grid.indexFromPatient(plane.position + plane.columnStep) - first;
    const auto firstIndex = whole(first), columnIndex = whole(perColumn), rowIndex = whole(perRow);
    if (!firstIndex || !columnIndex || !rowIndex)
        return std::nullopt;
    const FramePlacing placing{*firstIndex, *columnIndex, *rowIndex};
    if ((plane.columns > 1 && !isUnit(placing.perColumn)) || (plane.rows > 1 && !isUnit(placing.perRow)))
        return std::nullopt;
    for (const int i : {0, plane.columns - 1}) // the four corners decide, since the map is affine
        for (const int j : {0, plane.rows - 1})
            if (!isNear(first + static_cast<double>(i) * perColumn + static_cast<double>(j) * perRow, placing.at(i, j)))
                return std::nullopt;
    return placing;
}

} // namespace annotomy
