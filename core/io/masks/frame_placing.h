#pragma once

#include "core/image/volume_geometry.h"

#include <cstddef>
#include <optional>

namespace annotomy {

// Where a frame lies in the patient.
struct FramePlane {
    Vec3 position{};              // centre of the first pixel, LPS mm
    Vec3 rowStep{}, columnStep{}; // LPS mm to the next column, to the next row
    int columns = 0, rows = 0;
};

// How the pixels of one frame are voxels of a grid: column i, row j is at first + i * perColumn + j * perRow, which may
// lie beyond the grid. Internal to core/io.
struct FramePlacing {
    Index3 first{}, perColumn{}, perRow{};

    Index3 at(int i, int j) const
    {
        Index3 index{};
        for (std::size_t a = 0; a < 3; ++a)
            index[a] = first[a] + i * perColumn[a] + j * perRow[a];
        return index;
    }
    // From one pixel of a row to the next, in voxels of the grid's buffer.
    std::ptrdiff_t strideOfRow(const VolumeGeometry& grid) const;
};

// Nothing when the frame's pixels are not the grid's voxels, to 1/20 of a voxel.
std::optional<FramePlacing> placingOf(const FramePlane& plane, const VolumeGeometry& grid);

} // namespace annotomy
