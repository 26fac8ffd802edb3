#pragma once

#include "core/image/label_map.h"
#include "core/image/volume.h"

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace annotomy::test {

// Grids over roughly the same piece of the patient, as scanners and converters write them.
struct NamedGrid {
    const char* name;
    VolumeGeometry geometry;
};

inline VolumeGeometry plainGrid(const Index3& size, const Vec3& spacing)
{
    VolumeGeometry grid;
    grid.size = size;
    grid.spacing = spacing;
    grid.origin = {-20, -15, 40};
    return grid;
}

// The same voxel centres in another order: axis a of the result is axis order[a] of `grid`, reversed when
// flip[a].
inline VolumeGeometry reordered(const VolumeGeometry& grid, const Index3& order,
                                const std::array<bool, 3>& flip)
{
    VolumeGeometry out = grid;
    Vec3 corner{};
    std::array<Vec3, 3> axes{};
    for (std::size_t a = 0; a < 3; ++a) {
        const auto from = static_cast<std::size_t>(order[a]);
        out.size[a] = grid.size[from];
        out.spacing[a] = grid.spacing[from];
        axes[a] = (flip[a] ? -1.0 : 1.0) * grid.axis(order[a]);
        if (flip[a])
            corner[from] = grid.size[from] - 1;
    }
    out.direction = fromColumns(axes[0], axes[1], axes[2]);
    out.origin = grid.patientFromIndex(corner);
    return out;
}

inline VolumeGeometry rotated(VolumeGeometry grid, double degrees)
{
    const double t = degrees * std::numbers::pi / 180, c = std::cos(t), s = std::sin(t);
    grid.direction = fromColumns({c, s, 0}, {-s, c, 0}, {0, 0, 1});
    return grid;
}

// A volume whose value at every voxel is a function of where it lies in the patient (LPS, mm).
template <class F>
Volume volumeOf(const VolumeGeometry& grid, F&& valueAt)
{
    std::vector<float> values(grid.voxelCount());
    for (std::size_t n = 0; n < values.size(); ++n) {
        const Index3 index = grid.indexAt(n);
        values[n] = static_cast<float>(valueAt(grid.patientFromIndex(
            {static_cast<double>(index[0]), static_cast<double>(index[1]), static_cast<double>(index[2])})));
    }
    return Volume::fromVoxels(grid, std::move(values));
}

struct Ball {
    Vec3 centre; // LPS, mm
    double radius = 8;
    bool holds(const Vec3& lps) const { return length(lps - centre) <= radius; }
};

inline LabelMap labelsOf(const VolumeGeometry& grid, const Ball& ball, const std::string& name = "Lesion")
{
    LabelMap labels(grid);
    labels.segments().add(name);
    labels.ensureLayers(1);
    const auto layer = labels.writableLayer(0);
    for (std::size_t n = 0; n < layer.size(); ++n) {
        const Index3 index = grid.indexAt(n);
        const Vec3 lps = grid.patientFromIndex(
            {static_cast<double>(index[0]), static_cast<double>(index[1]), static_cast<double>(index[2])});
        layer[n] = ball.holds(lps) ? 1 : 0;
    }
    return labels;
}

} // namespace annotomy::test
