#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace annotomy {

// Cross-entropy + (1 - soft Dice over the batch, mean of the classes that are annotated; background left
// out).
//   logits     float32 [N, C, k, j, i]
//   target     int64 [N, k, j, i]; 255 is left out
//   annotated  bool [N, C]: an output that is not annotated in a sample takes no part there (its voxels hide
//   in the
//              background, so it is neither rewarded nor punished)
//   leastShare  of the cross-entropy, for every output with voxels in the batch; 0: each voxel weighs the same
at::Tensor segmentationLoss(const at::Tensor& logits, const at::Tensor& target, const at::Tensor& annotated,
                            double leastShare = 0);

// The sum over resolutions, weights 1, 1/2, 1/4, ... normalised; targets are subsampled. logits: finest
// first.
at::Tensor deeplySupervisedLoss(const std::vector<at::Tensor>& logits, const at::Tensor& target,
                                const at::Tensor& annotated, double leastShare = 0);

} // namespace annotomy
