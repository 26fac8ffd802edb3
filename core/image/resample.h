#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"
#include "core/image/volume.h"

namespace annotomy {

// A grid with the wanted spacing (mm, > 0) that has the centre and axes of `geometry` and its extent (between the edges of
// the outer voxels) rounded to whole voxels, at least one.
VolumeGeometry gridWithSpacing(const VolumeGeometry& geometry, const Vec3& spacing);

// Real values (float32) at the voxel centres of `grid`: trilinear, or averaged over the new voxel's extent (trilinear
// samples about one old voxel apart) along axes where the new grid is more than 1.5 times coarser. Centres outside the
// volume take the nearest voxel's value within half a voxel, `outside` beyond.
// Errors: Cancelled; InvalidArgument for a null volume or an implausible grid; OutOfMemory.
Result<Volume> resampled(const Volume& volume, const VolumeGeometry& grid, float outside, std::stop_token stop = {},
                         const ProgressReport& report = {});

// The nearest voxel's label in every layer; 0 outside. Errors: Cancelled, InvalidArgument, OutOfMemory.
Result<LabelMap> resampled(const LabelMap& labels, const VolumeGeometry& grid, std::stop_token stop = {},
                           const ProgressReport& report = {});

} // namespace annotomy
