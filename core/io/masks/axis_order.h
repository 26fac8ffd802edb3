#pragma once

#include "core/image/volume.h"

#include <optional>

namespace annotomy {

// The voxels of `volume` in the order of `grid`, when both grids have the same voxel centres (to 1e-3 mm) and differ only
// in which axis comes first or where it starts: programs write masks of one image in other orders than the image's own.
// No value is interpolated. Nothing when the centres differ.
std::optional<Volume> inAxisOrderOf(const VolumeGeometry& grid, const Volume& volume);

} // namespace annotomy
