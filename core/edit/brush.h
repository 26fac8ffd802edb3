#pragma once

#include "core/edit/voxel_selection.h"

namespace annotomy {

// The set of voxels whose centre lies in the body swept by a brush that moves on a straight line from `from` to
// `to` (LPS mm, equal for a single dab). Distances are in mm in the patient, so the brush is round on anisotropic,
// oblique and sheared grids. The voxel under each end is always included when it lies in the grid, so that a brush
// smaller than a voxel still paints.

// Ball of `radiusMm`, swept into a capsule.
VoxelSelection sweptBall(const VolumeGeometry& geometry, const Vec3& from, const Vec3& to, double radiusMm);

// Disc of `radiusMm` in the plane through `from` with unit normal `normal` (LPS), swept in that plane. A voxel belongs
// to the plane when its centre is nearer to it than half the voxel's extent along the normal, so one grid slice for a plane
// along the grid, and a gap-free sheet for any oblique plane.
VoxelSelection sweptDisc(const VolumeGeometry& geometry, const Vec3& from, const Vec3& to, double radiusMm,
                         const Vec3& normal);

} // namespace annotomy
