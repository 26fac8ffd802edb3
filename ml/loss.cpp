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

// One batch as the terms see it.
struct Batch {
    at::Tensor logProbability; // [N, C, k, j, i]
    at::Tensor known;          // bool [N, k, j, i]
    at::Tensor knownCount;
    at::Tensor probability; // of the classes but the background, 0 where unknown
    at::Tensor truth;       // the same shape, 0 or 1
    at::Tensor taking;      // float [C - 1]: whether a class is annotated in any sample
};

Batch batchOf(const at::Tensor& logits, const LossTarget& target)
{
    Batch batch;
    at::Tensor x = logits;
    if (!target.annotated.all().item<bool>())
        x = x + target.annotated.logical_not().to(at::kFloat).mul(excluded).view({x.size(0), x.size(1), 1, 1, 1});
    batch.logProbability = at::log_softmax(x, 1);
    batch.known = target.classes.ne(ignoredClass);
    batch.knownCount = batch.known.sum().clamp_min(1).to(at::kFloat);
    batch.probability = batch.logProbability.slice(1, 1).exp() * batch.known.unsqueeze(1);
    const std::int64_t classes = x.size(1) - 1;
    const at::Tensor numbers = at::arange(1, classes + 1, target.classes.options()).view({1, classes, 1, 1, 1});
    batch.truth = target.classes.unsqueeze(1).eq(numbers).to(at::kFloat);
    batch.taking = target.annotated.slice(1, 1).any(0).to(at::kFloat);
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
at::Tensor rareClassWeights(const at::Tensor& classes, const Batch& batch, double leastShare)
{
    const std::int64_t outputs = batch.logProbability.size(1);
    const at::Tensor counts = at::bincount(classes.masked_select(batch.known), {}, outputs).to(at::kFloat);
    const at::Tensor wanted = leastShare * counts.sum() / counts.clamp_min(1);
    return wanted.clamp(1, largestWeight);
}

at::Tensor crossEntropy(const Batch& batch, const at::Tensor& classes, double focalGamma, double leastShare)
{
    const at::Tensor weights = leastShare > 0 ? rareClassWeights(classes, batch, leastShare) : at::Tensor();
    if (focalGamma <= 0)
        return at::nll_loss_nd(batch.logProbability, classes, weights, at::Reduction::Sum, ignoredClass) /
               batch.knownCount;
    const at::Tensor losses =
        at::nll_loss_nd(batch.logProbability, classes, weights, at::Reduction::None, ignoredClass);
    const at::Tensor own = classes.masked_fill(batch.known.logical_not(), 0).unsqueeze(1);
    const at::Tensor miss = 1 - batch.logProbability.gather(1, own).squeeze(1).exp();
    return (losses * miss.clamp_min(1e-6).pow(focalGamma)).sum() / batch.knownCount;
}

at::Tensor diceLoss(const Batch& batch)
{
    const at::Tensor common = overVoxels(batch.probability * batch.truth);
    const at::Tensor both = overVoxels(batch.probability) + overVoxels(batch.truth);
    return meanOfClasses(1 - (2 * common + smoothing) / (both + smoothing), batch);
}

at::Tensor tverskyLoss(const Batch& batch, const LossTerms& terms)
{
    const at::Tensor common = overVoxels(batch.probability * batch.truth);
    const at::Tensor wrong = overVoxels(batch.probability) - common, missed = overVoxels(batch.truth) - common;
    const at::Tensor all = common + terms.tverskyFalsePositives * wrong + terms.tverskyFalseNegatives * missed;
    return meanOfClasses(1 - (common + smoothing) / (all + smoothing), batch);
}

at::Tensor boundaryLoss(const Batch& batch, const Vec3& spacing)
{
    const at::Tensor distance = signedDistances(batch.truth, spacing) / boundaryScale;
    const at::Tensor perClass = overVoxels(batch.probability * distance) / batch.knownCount;
    return meanOfClasses(perClass, batch);
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
                            double leastShare)
{
    const Batch batch = batchOf(logits, target);
    at::Tensor loss = at::zeros({}, logits.options());
    if (terms.crossEntropy > 0)
        loss = loss + terms.crossEntropy * crossEntropy(batch, target.classes, terms.focalGamma, leastShare);
    if (terms.dice > 0)
        loss = loss + terms.dice * diceLoss(batch);
    if (terms.tversky > 0)
        loss = loss + terms.tversky * tverskyLoss(batch, terms);
    if (terms.boundary > 0)
        loss = loss + terms.boundary * boundaryLoss(batch, target.spacing);
    return loss;
}

at::Tensor deeplySupervisedLoss(const std::vector<at::Tensor>& logits, const LossTarget& target, const LossTerms& terms,
                                double leastShare)
{
    at::Tensor sum;
    double weight = 1, weights = 0;
    for (const at::Tensor& level : logits) {
        const at::Tensor loss = weight * segmentationLoss(level, subsampled(target, level), terms, leastShare);
        sum = sum.defined() ? sum + loss : loss;
        weights += weight;
        weight /= 2;
    }
    return sum / weights;
}

} // namespace annotomy
