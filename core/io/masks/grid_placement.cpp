#include "core/io/masks/grid_placement.h"

#include <array>
#include <cmath>
#include <optional>

namespace annotomy {

namespace {

constexpr double toleranceMm = 1e-3;

// Axis a of the mask runs along axis `to[a]` of the grid, by `step[a]` = 1 or -1; its first voxel is at `start`.
struct Placement {
    std::array<std::size_t, 3> to{};
    std::array<int, 3> step{};
    Index3 start{};

    Index3 gridIndex(const Index3& index) const
    {
        Index3 result = start;
        for (std::size_t a = 0; a < 3; ++a)
            result[to[a]] += step[a] * index[a];
        return result;
    }
};

Vec3 real(const Index3& index)
{
    return {static_cast<double>(index[0]), static_cast<double>(index[1]), static_cast<double>(index[2])};
}

bool holds(const Placement& placement, const VolumeGeometry& grid, const VolumeGeometry& part)
{
    for (unsigned corner = 0; corner < 8; ++corner) {
        const Index3 at{corner & 1 ? part.size[0] - 1 : 0, corner & 2 ? part.size[1] - 1 : 0,
                        corner & 4 ? part.size[2] - 1 : 0};
        const Vec3 there = grid.patientFromIndex(real(placement.gridIndex(at)));
        if (!(length(there - part.patientFromIndex(real(at))) <= toleranceMm))
            return false;
    }
    return true;
}

std::optional<Placement> placementOf(const VolumeGeometry& part, const VolumeGeometry& grid)
{
    Placement placement;
    const Vec3 start = grid.indexFromPatient(part.origin);
    for (std::size_t a = 0; a < 3; ++a) {
        if (!(std::abs(start[a]) < 1e6))
            return std::nullopt;
        placement.start[a] = static_cast<int>(std::lround(start[a]));
    }
    std::array<bool, 3> taken{};
    for (std::size_t a = 0; a < 3; ++a) {
        const Vec3 next = part.origin + part.spacing[a] * part.axis(static_cast<int>(a));
        const Vec3 step = grid.indexFromPatient(next) - start;
        for (std::size_t b = 0; b < 3; ++b)
            if (std::abs(std::abs(step[b]) - 1) < 0.01 && !taken[b] && placement.step[a] == 0) {
                placement.to[a] = b;
                placement.step[a] = step[b] > 0 ? 1 : -1;
                taken[b] = true;
            }
        if (placement.step[a] == 0)
            return std::nullopt;
    }
    return holds(placement, grid, part) ? std::optional(placement) : std::nullopt;
}

// False when a label lies outside of the grid.
bool copyLayer(std::span<const std::uint8_t> from, const VolumeGeometry& part, const VolumeGeometry& grid,
               const Placement& placement, std::vector<std::uint8_t>& to)
{
    std::size_t n = 0;
    for (int k = 0; k < part.size[2]; ++k)
        for (int j = 0; j < part.size[1]; ++j)
            for (int i = 0; i < part.size[0]; ++i, ++n) {
                if (from[n] == background)
                    continue;
                const Index3 at = placement.gridIndex({i, j, k});
                if (!grid.contains(at))
                    return false;
                to[grid.offset(at)] = from[n];
            }
    return true;
}

} // namespace

Result<LabelMap> placedOn(const VolumeGeometry& grid, const LabelMap& labels)
{
    const auto placement = placementOf(labels.geometry(), grid);
    if (!placement)
        return Error{ErrorCode::GeometryMismatch, {}, "the mask does not lie on the image's grid"};
    LabelMap result(grid);
    result.segments() = labels.segments();
    for (int layer = 0; layer < labels.layerCount(); ++layer) {
        std::vector<std::uint8_t> voxels(grid.voxelCount());
        if (!copyLayer(labels.layer(layer), labels.geometry(), grid, *placement, voxels))
            return Error{ErrorCode::GeometryMismatch, {}, "the mask reaches beyond the image"};
        result.setLayer(layer, std::move(voxels));
    }
    return result;
}

} // namespace annotomy
