#pragma once

#include "core/image/vec.h"

#include <ATen/core/Tensor.h>

namespace annotomy {

// For every map of `truth`, float [N, C, k, j, i] of 0 and 1: the distance in mm between the centre of each voxel and that of
// the nearest one of the other value, negative inside. 0 throughout where a map holds only one of the two. `spacing`: mm
// (i, j, k). On truth's device; without gradient. Exact (Felzenszwalb and Huttenlocher 2012).
at::Tensor signedDistances(const at::Tensor& truth, const Vec3& spacing);

} // namespace annotomy
