#pragma once

#include "core/image/volume_geometry.h"

namespace annotomy::fuzz {

// Small grids for what is laid onto an image: an even one, and one that is oblique, sheared and anisotropic.
inline VolumeGeometry evenGrid()
{
    VolumeGeometry grid;
    grid.size = {8, 8, 4};
    return grid;
}

inline VolumeGeometry tiltedGrid()
{
    VolumeGeometry grid;
    grid.size = {7, 9, 5};
    grid.spacing = {0.7, 1.3, 2.5};
    grid.origin = {-3, 2, -1};
    grid.direction = fromColumns({0.8, 0.6, 0}, {-0.6, 0.8, 0}, normalised({0, 0.3, 1}));
    return grid;
}

} // namespace annotomy::fuzz
