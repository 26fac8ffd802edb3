#pragma once

#include "core/image/volume_geometry.h"

#include <cstdint>
#include <vector>

namespace annotomy {

// A run of voxels in memory order: offsets start .. start + length - 1. Never crosses the end of a row (i axis).
struct VoxelRun {
    std::uint64_t start = 0;
    std::uint32_t length = 0;
    bool operator==(const VoxelRun&) const = default;
};

// A set of voxels of one grid: what a brush touches, a fill reaches or a mask holds. Runs ascend and are disjoint.
struct VoxelSelection {
    std::vector<VoxelRun> runs;
    IndexBox box;

    bool empty() const { return runs.empty(); }
    std::int64_t voxelCount() const;
    bool operator==(const VoxelSelection&) const = default;

    // Adds the voxels begin .. end - 1 of row (j, k). Requires them in the grid and behind those already held.
    void append(const VolumeGeometry& geometry, int begin, int end, int j, int k);
    // Adds one voxel anywhere in the grid, unless it is held already.
    void insert(const VolumeGeometry& geometry, const Index3& index);
};

} // namespace annotomy
