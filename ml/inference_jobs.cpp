#include "ml/worker_jobs.h"

#include "core/io/volume_file.h"
#include "core/metrics/mask_metrics.h"
#include "ml/internal/case_dice.h"
#include "ml/internal/job_support.h"
#include "ml/internal/preprocess.h"
#include "ml/internal/segmentation.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <vector>

namespace annotomy {

namespace {

using Clock = std::chrono::steady_clock;

LabelMap labelMapOf(const Segmentation& found, const VolumeGeometry& geometry, const ModelCard& card)
{
    std::array<std::uint8_t, 256> numbers{};
    LabelMap labels(geometry);
    for (const ModelClass& c : card.classes) {
        Segment segment;
        segment.number = c.number;
        segment.name = c.name;
        segment.colour = c.colour;
        segment.category = c.category;
        segment.type = c.type;
        labels.segments().insert(segment);
        numbers[static_cast<std::size_t>(c.output)] = c.number;
    }
    labels.ensureLayers(1);
    const std::span<std::uint8_t> layer = labels.writableLayer(0);
    for (std::size_t n = 0; n < layer.size(); ++n)
        layer[n] = numbers[found.classes[n]];
    return labels;
}

Result<std::vector<Model>> loadedModels(const std::vector<std::string>& paths, const std::string& device)
{
    std::vector<Model> models;
    for (const std::string& path : paths) {
        Result<Model> model = loadedModel(path, device);
        if (!model)
            return model.error();
        models.push_back(std::move(*model));
    }
    return models;
}

Result<void> writeMap(const std::string& path, const VolumeGeometry& geometry, std::vector<float> values)
{
    return path.empty() ? Result<void>() : writeVolumeFile(path, Volume::fromVoxels(geometry, std::move(values)));
}

Result<ProposeDone> propose(const ProposeItem& item, const std::vector<Model>& models, const InferenceOptions& options,
                            const NoteSink& note, std::stop_token stop, const ProgressReport& report)
{
    const Clock::time_point begin = Clock::now();
    const Result<Volume> volume = mapVolumeFile(item.imagePath);
    if (!volume)
        return volume.error();
    SegmentationExtras extras;
    extras.maps = !item.probabilitiesPath.empty() || !item.uncertaintyPath.empty();
    extras.scratchFolder = std::filesystem::path(item.outPath).parent_path().string();
    extras.note = note;
    Result<Segmentation> found = segmented(*volume, models, options, extras, stop, report);
    if (!found)
        return Error{found.error().code, item.key, found.error().detail};
    const LabelMap labels = labelMapOf(*found, volume->geometry(), models.front().card());
    if (const Result<void> written = writeLabelFile(item.outPath, labels); !written)
        return written.error();
    if (const auto written = writeMap(item.probabilitiesPath, volume->geometry(), std::move(found->foreground)); !written)
        return written.error();
    if (const auto written = writeMap(item.uncertaintyPath, volume->geometry(), std::move(found->entropy)); !written)
        return written.error();
    return ProposeDone{item.key, item.outPath, secondsSince(begin), found->meanEntropy};
}

// The output of every voxel of a reference mask; `annotated` tells which classes its table knows.
std::vector<std::uint8_t> referenceClasses(const LabelMap& labels, const ModelCard& card,
                                           std::vector<bool>& annotated)
{
    std::vector<std::uint8_t> classes(labels.geometry().voxelCount(), 0);
    for (const ModelClass& c : card.classes) {
        const Segment* segment = segmentOfClass(labels.segments(), c, card.classes);
        annotated[static_cast<std::size_t>(c.output)] = segment != nullptr;
        if (!segment || segment->layer < 0 || segment->layer >= labels.layerCount())
            continue;
        const std::span<const std::uint8_t> layer = labels.layer(segment->layer);
        for (std::size_t n = 0; n < classes.size(); ++n)
            if (layer[n] == segment->number)
                classes[n] = static_cast<std::uint8_t>(c.output);
    }
    return classes;
}

// 0 where one of the two is empty; nullopt where both are.
Result<std::optional<double>> surfaceDice(const VolumeGeometry& grid, std::span<const std::uint8_t> reference,
                                          std::span<const std::uint8_t> found, int output, std::stop_token stop)
{
    const auto label = static_cast<std::uint8_t>(output);
    const bool isThere = std::find(reference.begin(), reference.end(), label) != reference.end();
    const bool isFound = std::find(found.begin(), found.end(), label) != found.end();
    if (!isThere || !isFound)
        return isThere || isFound ? std::optional(0.0) : std::nullopt;
    const auto metrics = surfaceMetrics({grid, reference, label}, {grid, found, label}, evaluationNsdMm, stop);
    return metrics ? Result(metrics->nsd) : metrics.error();
}

Result<CaseFigures> evaluate(const TrainingCase& subject, const Model& model, std::stop_token stop,
                             const ProgressReport& report)
{
    const Result<CaseFiles> files = readCase(subject);
    if (!files)
        return files.error();
    const Result<Segmentation> found = segmented(files->volume, std::span(&model, 1), {}, {}, stop, report);
    if (!found)
        return Error{found.error().code, subject.key, found.error().detail};
    std::vector<bool> annotated(static_cast<std::size_t>(model.outputs()), false);
    const std::vector<std::uint8_t> reference = referenceClasses(files->labels, model.card(), annotated);
    const auto dice = dicePerClass(reference, found->classes, model.outputs());
    CaseFigures figures;
    figures.key = subject.key;
    for (const ModelClass& c : model.card().classes) {
        const auto output = static_cast<std::size_t>(c.output);
        figures.dice[c.name] = annotated[output] ? dice[output] : std::nullopt;
        const auto nsd = surfaceDice(files->volume.geometry(), reference, found->classes, c.output, stop);
        if (!nsd)
            return nsd.error();
        figures.nsd[c.name] = figures.dice[c.name] ? *nsd : std::nullopt;
    }
    return figures;
}

} // namespace

Result<WorkerResult> runProposals(const ProposeJob& job, const WorkerEventSink& emit, std::stop_token stop)
{
    const Result<ComputeDevice> device = preparedDevice(job.device, job.threads, emit);
    if (!device)
        return device.error();
    const Result<std::vector<Model>> models = loadedModels(job.modelPaths, device->name);
    if (!models)
        return models.error();
    const NoteSink note = [&](const std::string& sentence) { emit(WorkerNote{sentence}); };
    ItemProgress progress("tiles", job.items.size(), emit);
    for (std::size_t n = 0; n < job.items.size(); ++n) {
        const Result<ProposeDone> done =
            propose(job.items[n], *models, job.options, note, stop, progress.forItem(n));
        if (done)
            emit(*done);
        else if (done.error().code == ErrorCode::Cancelled)
            return done.error();
        else
            emit(ItemFailed{job.items[n].key, done.error()});
    }
    WorkerResult result;
    result.card = models->front().card();
    return result;
}

Result<WorkerResult> runEvaluation(const EvaluateJob& job, const WorkerEventSink& emit, std::stop_token stop)
{
    const Result<ComputeDevice> device = preparedDevice(job.device, job.threads, emit);
    if (!device)
        return device.error();
    ItemProgress progress("validating", job.modelPaths.size() * job.cases.size(), emit);
    WorkerResult result;
    std::size_t item = 0;
    for (const std::string& path : job.modelPaths) {
        const Result<Model> model = loadedModel(path, device->name);
        if (!model)
            return model.error();
        ModelFigures figures{path, {}};
        for (const TrainingCase& subject : job.cases) {
            Result<CaseFigures> one = evaluate(subject, *model, stop, progress.forItem(item++));
            if (!one)
                return one.error();
            figures.cases.push_back(std::move(*one));
        }
        result.figures.push_back(std::move(figures));
    }
    return result;
}

Result<WorkerResult> inspectModel(const InspectJob& job)
{
    const Result<Model> model = Model::load(job.modelPath);
    if (!model)
        return model.error();
    WorkerResult result;
    result.outPath = job.modelPath;
    result.card = model->card();
    return result;
}

} // namespace annotomy
