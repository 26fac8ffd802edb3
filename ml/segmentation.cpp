#include "ml/internal/segmentation.h"

#include "core/image/connected_components.h"
#include "core/learn/label_fusion.h"
#include "ml/internal/back_projection.h"
#include "ml/internal/device_window.h"
#include "ml/internal/mirroring.h"
#include "ml/internal/preprocess.h"
#include "ml/internal/stepping_predictor.h"

#include <algorithm>
#include <new>
#include <numeric>

namespace annotomy {

namespace {

std::vector<double> weightsOf(const InferenceOptions& options, std::size_t models)
{
    std::vector<double> weights(models, 1);
    if (options.rule == EnsembleRule::WeightedMean && options.weights.size() == models)
        weights = options.weights;
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights)
        weight = sum > 0 ? weight / sum : 1.0 / static_cast<double>(models);
    return weights;
}

// Where the probabilities of one model of several go.
struct Share {
    ProbabilityVolume& sums;
    float weight;
    std::vector<std::size_t> outputs; // the model's, as the first model numbers them
};

// What one model finds; its probabilities are added to the `share`, if there is one.
Result<Segmentation> foundBy(const Model& model, const Volume& volume, const InferenceOptions& options, const Share* share,
                             const NoteSink& note, std::stop_token stop, const ProgressReport& report)
{
    const ModelCard& card = model.card();
    const Result<NetworkImage> image = networkImage(volume, card.channels.front(), card.spacing, stop, card.patch);
    if (!image)
        return image.error();
    BackProjection projection(volume.geometry(), image->grid, ClassRule(card), model.outputs());
    if (share)
        projection.addTo(share->sums, share->weight, share->outputs);
    SlidingWindow window;
    window.image = image->grid.size;
    window.tile = card.patch;
    window.outputs = model.outputs();
    window.overlap = std::clamp(options.overlap, 0.0, 0.9);
    window.padding = paddingValue(card.channels.front());
    const Index3 axes = options.mirror ? card.recipe.mirrorAxes : Index3{0, 0, 0};
    const TilePredictor predict =
        mirrored(steppingPredictor(model, window.tile, note), window.tile, window.outputs, axes);
    const PlaneSink sink = [&](int k, std::span<const float> probabilities) { projection.addPlane(k, probabilities); };
    const Result<void> done =
        model.device() == "cpu"
            ? slideWindow(window, image->values, predict, sink, stop, report)
            : slideWindowOnDevice(window, image->values, model, axes, predict, sink, note, stop, report);
    if (!done)
        return done.error();
    Segmentation found;
    found.meanEntropy = projection.meanForegroundEntropy();
    found.classes = projection.takeClasses();
    return found;
}

void keepLargest(Segmentation& found, const ModelCard& card, const Index3& size)
{
    for (const ModelClass& c : card.classes)
        if (c.largestOnly)
            keepLargestComponent(found.classes, size, static_cast<std::uint8_t>(c.output));
}

std::vector<std::uint8_t> fused(const std::vector<std::vector<std::uint8_t>>& labels, EnsembleRule rule,
                                const std::vector<std::uint8_t>& byMean, int outputs)
{
    if (labels.size() < 2 || rule == EnsembleRule::Mean || rule == EnsembleRule::WeightedMean)
        return byMean;
    const std::vector<RaterLabels> raters(labels.begin(), labels.end());
    return rule == EnsembleRule::Vote ? majorityVote(raters, byMean) : staple(raters, outputs).labels;
}

// All models, one after another, into one volume of probabilities.
Result<Segmentation> combined(const Volume& volume, std::span<const Model> models, const InferenceOptions& options,
                              const SegmentationExtras& extras, std::stop_token stop, const ProgressReport& report)
{
    const ModelCard& card = models.front().card();
    const int outputs = models.front().outputs();
    const std::size_t voxels = volume.geometry().voxelCount();
    const std::string folder = extras.scratchFolder.empty() ? "." : extras.scratchFolder;
    Result<ProbabilityVolume> sums = ProbabilityVolume::create(folder, voxels, outputs);
    if (!sums)
        return sums.error();
    const std::vector<double> weights = weightsOf(options, models.size());
    std::vector<std::vector<std::uint8_t>> labels;
    for (std::size_t n = 0; n < models.size(); ++n) {
        const auto order = outputsByName(card, models[n].card());
        if (!order)
            return order.error();
        const double count = static_cast<double>(models.size());
        const ProgressReport part = subProgress(report, static_cast<double>(n) / count, static_cast<double>(n + 1) / count);
        const Share share{*sums, static_cast<float>(weights[n]), *order};
        Result<Segmentation> found = foundBy(models[n], volume, options, &share, extras.note, stop, part);
        if (!found)
            return found.error();
        for (std::uint8_t& label : found->classes)
            label = static_cast<std::uint8_t>((*order)[label]);
        labels.push_back(std::move(found->classes));
    }
    Segmentation result;
    result.classes = fused(labels, options.rule, sums->classes(ClassRule(card)), outputs);
    result.meanEntropy = sums->meanEntropy(result.classes);
    if (extras.maps) {
        result.foreground = sums->foreground();
        result.entropy = sums->entropy();
    }
    return result;
}

} // namespace

Result<std::vector<std::size_t>> outputsByName(const ModelCard& first, const ModelCard& other)
{
    std::vector<std::size_t> outputs(other.classes.size() + 1, 0);
    for (const ModelClass& c : other.classes) {
        const auto known = std::find_if(first.classes.begin(), first.classes.end(),
                                        [&](const ModelClass& candidate) { return candidate.name == c.name; });
        if (known == first.classes.end() || first.classes.size() != other.classes.size())
            return Error{ErrorCode::Conflict, other.name, "it does not find the same classes as " + first.name};
        outputs[static_cast<std::size_t>(c.output)] = static_cast<std::size_t>(known->output);
    }
    return outputs;
}

Result<Segmentation> segmented(const Volume& volume, std::span<const Model> models, const InferenceOptions& options,
                               const SegmentationExtras& extras, std::stop_token stop, const ProgressReport& report)
try {
    const bool needsProbabilities = models.size() > 1 || extras.maps;
    Result<Segmentation> found = needsProbabilities
                                     ? combined(volume, models, options, extras, stop, report)
                                     : foundBy(models.front(), volume, options, nullptr, extras.note, stop, report);
    if (found)
        keepLargest(*found, models.front().card(), volume.geometry().size);
    return found;
} catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, {}, "not enough memory for this image"};
}

} // namespace annotomy
