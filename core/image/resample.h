#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"
#include "core/image/volume.h"

namespace annotomy {

// A grid over the same extent (edges of the outer voxels) as `geometry` with the wanted spacing (mm).
VolumeGeometry gridWithSpacing(const VolumeGeometry& geometry, const Vec3& spacing);

// Real values (float32) at the voxel centres of `grid`: trilinear, or averaged over the voxel's extent along axes where
// the new grid is more than 1.5 times coarser. Outside the volume: the nearest voxel's value within half a voxel, `outside` beyond.
Result<Volume> resampled(const Volume& volume, const VolumeGeometry& grid, float outside, std::stop_token stop = {},
                         const ProgressReport& report = {});

// The nearest voxel's label in every layer; 0 outside.
Result<LabelMap> resampled(const LabelMap& labels, const VolumeGeometry& grid, std::stop_token stop = {},
                           const ProgressReport& report = {});

} // namespace annotomy
