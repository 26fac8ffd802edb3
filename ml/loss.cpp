#include "ml/internal/loss.h"

#include "ml/internal/network_image.h"

#include <ATen/ATen.h>

namespace annotomy {

namespace {

constexpr double excluded = -1e4; // added to the logit of an output that takes no part
constexpr double diceSmoothing = 1e-5;
constexpr double largestWeight = 32; // of a voxel of a rare class, when the others weigh 1

// Per output: 1, and more for a class with few voxels in the batch.
at::Tensor rareClassWeights(const at::Tensor& target, const at::Tensor& known, std::int64_t outputs,
                            double leastShare)
{
    const at::Tensor counts = at::bincount(target.masked_select(known), {}, outputs).to(at::kFloat);
    const at::Tensor wanted = leastShare * counts.sum() / counts.clamp_min(1);
    return wanted.clamp(1, largestWeight);
}

// Every 2^level-th voxel, the middle one of each block.
at::Tensor subsampled(at::Tensor target, int level)
{
    const std::int64_t step = std::int64_t{1} << level, first = step / 2;
    for (int axis = 1; axis <= 3; ++axis)
        target = target.slice(axis, first, c10::nullopt, step);
    return target.contiguous();
}

} // namespace

at::Tensor segmentationLoss(const at::Tensor& logits, const at::Tensor& target, const at::Tensor& annotated,
                            double leastShare)
{
    at::Tensor x = logits;
    const bool partial = !annotated.all().item<bool>();
    if (partial)
        x = x + annotated.logical_not().to(at::kFloat).mul(excluded).view({x.size(0), x.size(1), 1, 1, 1});
    const at::Tensor logProbability = at::log_softmax(x, 1);
    const at::Tensor known = target.ne(ignoredClass);
    const at::Tensor knownCount = known.sum().clamp_min(1).to(at::kFloat);
    const at::Tensor weights =
        leastShare > 0 ? rareClassWeights(target, known, x.size(1), leastShare) : at::Tensor();
    const at::Tensor crossEntropy =
        at::nll_loss_nd(logProbability, target, weights, at::Reduction::Sum, ignoredClass) / knownCount;

    const std::int64_t classes = x.size(1) - 1;
    const at::Tensor probability = logProbability.slice(1, 1).exp() * known.unsqueeze(1);
    const at::Tensor numbers = at::arange(1, classes + 1, target.options()).view({1, classes, 1, 1, 1});
    const at::Tensor truth = target.unsqueeze(1).eq(numbers).to(at::kFloat);
    const std::vector<std::int64_t> voxels{0, 2, 3, 4};
    const at::Tensor common = (probability * truth).sum(voxels);
    const at::Tensor both = probability.sum(voxels) + truth.sum(voxels);
    const at::Tensor dice = (2 * common + diceSmoothing) / (both + diceSmoothing);
    const at::Tensor taking = annotated.slice(1, 1).any(0).to(at::kFloat);
    return crossEntropy + ((1 - dice) * taking).sum() / taking.sum().clamp_min(1);
}

at::Tensor deeplySupervisedLoss(const std::vector<at::Tensor>& logits, const at::Tensor& target,
                                const at::Tensor& annotated, double leastShare)
{
    at::Tensor sum;
    double weight = 1, weights = 0;
    for (std::size_t level = 0; level < logits.size(); ++level, weight /= 2) {
        const at::Tensor wanted = level == 0 ? target : subsampled(target, static_cast<int>(level));
        const at::Tensor loss = weight * segmentationLoss(logits[level], wanted, annotated, leastShare);
        sum = level == 0 ? loss : sum + loss;
        weights += weight;
    }
    return sum / weights;
}

} // namespace annotomy
