#pragma once

#include "core/base/progress.h"
#include "core/edit/voxel_selection.h"
#include "core/image/slice_sampler.h"
#include "core/image/volume.h"

#include <cstdint>
#include <optional>
#include <span>

namespace annotomy {

// Voxels whose real value lies in [range.min, range.max], inside `box`.
Result<VoxelSelection> thresholdRegion(const Volume& volume, const ValueRange& range, const IndexBox& box,
                                       std::stop_token stop = {}, const ProgressReport& report = {});

// What thresholdRegion takes of one slice: 1, else 0, for each pixel of the layout, row by row (`taken` holds
// layout.width x layout.height). For a look before anything is applied; uses all cores.
void thresholdSlice(const Volume& volume, const ValueRange& range, const SliceLayout& layout, int slice,
                    std::span<std::uint8_t> taken);

// Voxels connected (by faces) to `seed` whose real value lies in `range`. With `sliceAxis` (0, 1 or 2) the region
// stays in the seed's slice across that grid axis. Empty when the seed itself is out of range.
// Errors: Cancelled; InvalidArgument for a seed outside the grid.
Result<VoxelSelection> floodFill(const Volume& volume, const Index3& seed, const ValueRange& range,
                                 std::optional<int> sliceAxis, std::stop_token stop = {},
                                 const ProgressReport& report = {});

// All voxels where `labels` (one per voxel of the grid) equals `label`.
VoxelSelection selectionOf(const VolumeGeometry& geometry, std::span<const std::uint8_t> labels, std::uint8_t label);

} // namespace annotomy
