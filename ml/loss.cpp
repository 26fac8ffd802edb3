#include "ml/internal/loss.h"

#include "ml/internal/network_image.h"
#include "ml/internal/signed_distance.h"

#include <ATen/ATen.h>

namespace annotomy {

namespace {

constexpr double excluded = -1e4; // added to the logit of an output that takes no part
constexpr double smoothing = 1e-5;
constexpr double largestWeight = 32; // of a voxel of a rare class, when the others weigh 1
constexpr double boundaryScale = 10; // mm

// One process's share of a batch as the terms see it, with what is known of the whole batch.
struct Batch {
    at::Tensor logProbability; // [N, C, k, j, i]
    at::Tensor classes;        // int64 [N, k, j, i]
    at::Tensor known;          // bool [N, k, j, i]
    at::Tensor probability;    // of the classes but the background, 0 where unknown
    at::Tensor truth;          // the same shape, 0 or 1
    // Of the whole batch:
    at::Tensor knownCount;
    at::Tensor taking;      // float [C - 1]: whether a class is annotated in any sample
    at::Tensor classCounts; // float [C]: known voxels; only with `countClasses`
};

void countOverGroup(Batch& batch, const at::Tensor& annotated, bool countClasses, ProcessGroup& group)
{
    at::Tensor known = batch.known.sum().to(at::kDouble);
    at::Tensor taking = annotated.slice(1, 1).any(0).to(at::kDouble);
    at::Tensor counts = at::zeros({annotated.size(1)}, known.options());
    if (countClasses)
        counts += at::bincount(batch.classes.masked_select(batch.known), {}, annotated.size(1));
    group.sum({known, taking, counts});
    batch.knownCount = known.clamp_min(1).to(at::kFloat);
    batch.taking = taking.gt(0).to(at::kFloat);
    batch.classCounts = counts.to(at::kFloat);
}

Batch batchOf(const at::Tensor& logits, const LossTarget& target, bool countClasses, ProcessGroup& group)
{
    Batch batch;
    at::Tensor x = logits;
    if (!target.annotated.all().item<bool>())
        x = x + target.annotated.logical_not().to(at::kFloat).mul(excluded).view({x.size(0), x.size(1), 1, 1, 1});
    batch.logProbability = at::log_softmax(x, 1);
    batch.classes = target.classes;
    batch.known = target.classes.ne(ignoredClass);
    batch.probability = batch.logProbability.slice(1, 1).exp() * batch.known.unsqueeze(1);
    const std::int64_t classes = x.size(1) - 1;
    const at::Tensor numbers = at::arange(1, classes + 1, target.classes.options()).view({1, classes, 1, 1, 1});
    batch.truth = target.classes.unsqueeze(1).eq(numbers).to(at::kFloat);
    countOverGroup(batch, target.annotated, countClasses, group);
    return batch;
}

at::Tensor meanOfClasses(const at::Tensor& losses, const Batch& batch)
{
    return (losses * batch.taking).sum() / batch.taking.sum().clamp_min(1);
}

at::Tensor overVoxels(const at::Tensor& values)
{
    return values.sum(std::vector<std::int64_t>{0, 2, 3, 4});
}

// Per output: 1, and more for a class with few voxels in the batch.
at::Tensor rareClassWeights(const Batch& batch, double leastShare)
{
    const at::Tensor wanted = leastShare * batch.classCounts.sum() / batch.classCounts.clamp_min(1);
    return wanted.clamp(1, largestWeight);
}

at::Tensor crossEntropySum(const Batch& batch, double focalGamma, double leastShare)
{
    const at::Tensor weights = leastShare > 0 ? rareClassWeights(batch, leastShare) : at::Tensor();
    if (focalGamma <= 0)
        return at::nll_loss_nd(batch.logProbability, batch.classes, weights, at::Reduction::Sum, ignoredClass);
    const at::Tensor losses =
        at::nll_loss_nd(batch.logProbability, batch.classes, weights, at::Reduction::None, ignoredClass);
    const at::Tensor own = batch.classes.masked_fill(batch.known.logical_not(), 0).unsqueeze(1);
    const at::Tensor miss = 1 - batch.logProbability.gather(1, own).squeeze(1).exp();
    return (losses * miss.clamp_min(1e-6).pow(focalGamma)).sum();
}

// What the terms are made of, each summed over the whole batch.
struct BatchSums {
    at::Tensor crossEntropy;             // of the known voxels
    at::Tensor common, predicted, truth; // [C - 1]: soft volumes of intersection, prediction, truth
    at::Tensor boundary;                 // [C - 1]: probability times signed distance
};

BatchSums sumsOf(const Batch& batch, const LossTarget& target, const LossTerms& terms, double leastShare,
                 ProcessGroup& group)
{
    const at::Tensor none = at::zeros({batch.truth.size(1)}, batch.truth.options());
    BatchSums own{none.sum(), none, none, none, none};
    if (terms.crossEntropy > 0)
        own.crossEntropy = crossEntropySum(batch, terms.focalGamma, leastShare);
    if (terms.dice > 0 || terms.tversky > 0) {
        own.common = overVoxels(batch.probability * batch.truth);
        own.predicted = overVoxels(batch.probability);
        own.truth = overVoxels(batch.truth);
    }
    if (terms.boundary > 0)
        own.boundary = overVoxels(batch.probability * signedDistances(batch.truth, target.spacing) / boundaryScale);
    const std::vector<at::Tensor> all =
        group.differentiableSums({own.crossEntropy, own.common, own.predicted, own.truth, own.boundary});
    return {all[0], all[1], all[2], all[3], all[4]};
}

at::Tensor diceLoss(const BatchSums& sums, const Batch& batch)
{
    const at::Tensor both = sums.predicted + sums.truth;
    return meanOfClasses(1 - (2 * sums.common + smoothing) / (both + smoothing), batch);
}

at::Tensor tverskyLoss(const BatchSums& sums, const Batch& batch, const LossTerms& terms)
{
    const at::Tensor wrong = sums.predicted - sums.common, missed = sums.truth - sums.common;
    const at::Tensor all = sums.common + terms.tverskyFalsePositives * wrong + terms.tverskyFalseNegatives * missed;
    return meanOfClasses(1 - (sums.common + smoothing) / (all + smoothing), batch);
}

// The voxels that stand for those of coarser logits: the middle one of each block.
LossTarget subsampled(const LossTarget& target, const at::Tensor& logits)
{
    LossTarget coarse = target;
    for (std::int64_t axis = 1; axis <= 3; ++axis) {
        const std::int64_t step = target.classes.size(axis) / logits.size(axis + 1);
        coarse.classes = coarse.classes.slice(axis, step / 2, c10::nullopt, step);
        coarse.spacing[static_cast<std::size_t>(3 - axis)] *= static_cast<double>(step);
    }
    coarse.classes = coarse.classes.contiguous();
    return coarse;
}

} // namespace

at::Tensor segmentationLoss(const at::Tensor& logits, const LossTarget& target, const LossTerms& terms,
                            double leastShare, ProcessGroup& group)
{
    const Batch batch = batchOf(logits, target, leastShare > 0, group);
    const BatchSums sums = sumsOf(batch, target, terms, leastShare, group);
    at::Tensor loss = at::zeros({}, logits.options());
    if (terms.crossEntropy > 0)
        loss = loss + terms.crossEntropy * sums.crossEntropy / batch.knownCount;
    if (terms.dice > 0)
        loss = loss + terms.dice * diceLoss(sums, batch);
    if (terms.tversky > 0)
        loss = loss + terms.tversky * tverskyLoss(sums, batch, terms);
    if (terms.boundary > 0)
        loss = loss + terms.boundary * meanOfClasses(sums.boundary / batch.knownCount, batch);
    return loss;
}

at::Tensor deeplySupervisedLoss(const std::vector<at::Tensor>& logits, const LossTarget& target, const LossTerms& terms,
                                double leastShare, ProcessGroup& group)
{
    at::Tensor sum;
    double weight = 1, weights = 0;
    for (const at::Tensor& level : logits) {
        const at::Tensor loss = weight * segmentationLoss(level, subsampled(target, level), terms, leastShare, group);
        sum = sum.defined() ? sum + loss : loss;
        weights += weight;
        weight /= 2;
    }
    return sum / weights;
}

} // namespace annotomy
