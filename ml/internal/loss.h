#pragma once

#include "core/image/vec.h"
#include "core/learn/recipe.h"
#include "ml/internal/process_group.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace annotomy {

// What a batch's logits [N, C, k, j, i] are compared with.
struct LossTarget {
    at::Tensor classes;   // int64 [N, k, j, i]; 255 is left out
    at::Tensor annotated; // bool [N, C]: an output that is not annotated in a sample takes no part there (its voxels hide
                          // in the background, so it is neither rewarded nor punished)
    Vec3 spacing{1, 1, 1}; // mm (i, j, k); for the boundary's term
};

// The weighted sum of the terms (core/learn/recipe.h), each a mean: of the known voxels (cross-entropy, boundary) or of the
// annotated classes but the background (Dice, Tversky).
//   leastShare  of the cross-entropy, for every output with voxels in the batch; 0: each voxel weighs the same
//   group       that shares the batch: the loss is that of the whole batch, at every process, and the sum of the processes'
//               gradients is its gradient
at::Tensor segmentationLoss(const at::Tensor& logits, const LossTarget& target, const LossTerms& terms,
                            double leastShare = 0, ProcessGroup& group = ProcessGroup::alone());

// The sum over resolutions, weights 1, 1/2, 1/4, ... normalised; targets are subsampled. logits: finest first; edges of the
// target are multiples of those of the logits.
at::Tensor deeplySupervisedLoss(const std::vector<at::Tensor>& logits, const LossTarget& target, const LossTerms& terms,
                                double leastShare = 0, ProcessGroup& group = ProcessGroup::alone());

} // namespace annotomy
