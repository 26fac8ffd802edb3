#include "ml/worker_jobs.h"

#include "ml/internal/calibration.h"
#include "ml/internal/checkpoint.h"
#include "ml/internal/compute_device.h"
#include "ml/internal/memory_steps.h"
#include "ml/internal/preprocess.h"
#include "ml/internal/process_group.h"
#include "ml/internal/trainer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace annotomy {

namespace {

constexpr double calibrationEnds = 0, calibrationGoesOn = 1; // said by process 0

struct Start { // what a training begins with
    ModelCard card;
    std::optional<Model> parent;
    std::optional<Checkpoint> checkpoint;
};

// As a training begins with them.
std::vector<ModelClass> numberedClasses(std::vector<ModelClass> classes)
{
    for (std::size_t n = 0; n < classes.size(); ++n) {
        classes[n].output = static_cast<int>(n) + 1;
        classes[n].threshold = 0; // calibrated anew
        classes[n].largestOnly = false;
    }
    return classes;
}

Result<void> checkJob(const TrainJob& job)
{
    if (job.train.empty())
        return Error{ErrorCode::Conflict, {}, "there is no case to train on"};
    if (job.outPath.empty())
        return Error{ErrorCode::InvalidArgument, {}, "no path for the trained model"};
    if (job.classes.size() > 250)
        return Error{ErrorCode::TooManySegments, {}, "a model can learn at most 250 classes"};
    for (std::size_t n = 0; n < job.classes.size(); ++n)
        for (std::size_t m = 0; m < n; ++m)
            if (job.classes[m].name == job.classes[n].name || job.classes[m].number == job.classes[n].number)
                return Error{ErrorCode::InvalidArgument, job.classes[n].name,
                             "two classes share a name or a number"};
    return {};
}

// The recipe of a fine-tuned model: the optimiser's part is the job's, network and patch are the parent's.
Recipe inheritedRecipe(const Recipe& parent, Recipe recipe)
{
    recipe.baseWidth = parent.baseWidth;
    recipe.levels = parent.levels;
    recipe.network = parent.network;
    recipe.poolings = parent.poolings;
    recipe.patch = parent.patch;
    recipe.spacing = parent.spacing;
    return recipe;
}

Result<Start> startOf(const TrainJob& job)
{
    Start start;
    start.card.network = "unet3d";
    start.card.name = job.recipe.name;
    start.card.recipe = job.recipe;
    start.card.divisor = patchMultiple(job.recipe);
    start.card.classes = numberedClasses(job.classes);
    if (!job.parentPath.empty()) {
        Result<Model> parent = Model::load(job.parentPath);
        if (!parent)
            return parent.error();
        if (!parent->trainable())
            return Error{ErrorCode::Conflict, job.parentPath, "the model is frozen and cannot be trained"};
        start.card = parent->card();
        start.card.recipe = inheritedRecipe(parent->card().recipe, job.recipe);
        start.card.classes = numberedClasses(job.classes.empty() ? start.card.classes : job.classes);
        start.card.temperature = 1;
        start.parent = std::move(*parent);
    }
    if (start.card.classes.empty())
        return Error{ErrorCode::Conflict, {}, "there is no class to learn"};
    return start;
}

// With `resume`, the checkpoint if there is one; the time and step budgets may be the job's new ones.
Result<void> readResumption(Start& start, const TrainJob& job)
{
    std::error_code failure;
    if (!job.resume || !std::filesystem::exists(job.checkpointPath, failure))
        return {};
    Result<Checkpoint> checkpoint = readCheckpoint(job.checkpointPath);
    if (!checkpoint)
        return checkpoint.error();
    if (checkpoint->card.classes != start.card.classes)
        return Error{ErrorCode::Conflict, job.checkpointPath,
                     "the checkpoint belongs to a training of other classes"};
    const Recipe asked = start.card.recipe;
    start.card = checkpoint->card;
    start.card.recipe.minutes = asked.minutes;
    start.card.recipe.maxSteps = asked.maxSteps;
    start.checkpoint = std::move(*checkpoint);
    return {};
}

Result<std::vector<PreparedCase>> loadCases(const std::vector<TrainingCase>& cases, const ModelCard& card,
                                            std::stop_token stop, const ProgressReport& report)
{
    std::vector<PreparedCase> loaded;
    for (const TrainingCase& files : cases) {
        if (stop.stop_requested())
            return cancelledError();
        const Result<CaseFiles> read = readCase(files);
        if (!read)
            return read.error();
        Result<PreparedCase> prepared = prepareCase(files.key, read->volume, read->labels, card, stop);
        if (!prepared)
            return prepared.error();
        const bool any = std::find(prepared->annotated.begin(), prepared->annotated.end(), true) !=
                         prepared->annotated.end();
        if (any)
            loaded.push_back(std::move(*prepared));
        reportProgress(report,
                       static_cast<double>(&files - cases.data() + 1) / static_cast<double>(cases.size()));
    }
    return loaded;
}

Result<TrainingData> loadData(const TrainJob& job, const ModelCard& card, const WorkerEventSink& emit,
                              std::stop_token stop)
{
    const double total = static_cast<double>(job.train.size() + job.replay.size() + job.validation.size());
    double done = 0;
    const auto load = [&](const std::vector<TrainingCase>& cases) {
        const double from = done / total, to = (done += static_cast<double>(cases.size())) / total;
        const ProgressReport whole = [&](double fraction) { emit(WorkerProgress{"loading", fraction, -1}); };
        return loadCases(cases, card, stop, subProgress(whole, from, to));
    };
    TrainingData data;
    for (const auto& [cases, target] : {std::pair{&job.train, &data.train},
                                        {&job.replay, &data.replay},
                                        {&job.validation, &data.validation}}) {
        Result<std::vector<PreparedCase>> loaded = load(*cases);
        if (!loaded)
            return loaded.error();
        *target = std::move(*loaded);
    }
    if (data.train.empty())
        return Error{ErrorCode::Conflict, {}, "no training case knows any of the classes"};
    return data;
}

Result<Model> startingModel(const Start& start, const std::string& device)
{
    const std::uint64_t seed = start.card.recipe.seed;
    Result<Model> model =
        start.parent ? start.parent->adaptedTo(start.card, seed) : Model::create(start.card, seed);
    if (!model)
        return model;
    if (const Result<void> moved = model->moveTo(device); !moved)
        return moved.error();
    return model;
}

std::string figuresOf(const TrainingState& state, const TrainingData& data, std::size_t parameters,
                      const std::optional<CalibrationFigures>& calibration)
{
    nlohmann::json json{{"steps", state.step},
                        {"seconds", state.trainingSeconds},
                        {"trainingCases", data.train.size()},
                        {"replayCases", data.replay.size()},
                        {"validationCases", state.validationCases},
                        {"parameters", parameters}};
    if (state.bestValidationDice >= 0) {
        json["validationDice"] = state.bestValidationDice;
        json["classDice"] = state.bestClassDice;
    }
    if (calibration) {
        json["calibrationError"] = calibration->errorAfter;
        json["calibrationErrorBefore"] = calibration->errorBefore;
        json["calibrationVoxels"] = calibration->voxels;
    }
    return json.dump();
}

void noteUnlearnable(const DataPlan& plan, const WorkerEventSink& emit)
{
    if (!plan.unlabelled.empty())
        emit(WorkerNote{std::to_string(plan.unlabelled.size()) +
                        " cases know none of the classes and are left out of the training"});
    for (const std::string& name : plan.emptyClasses)
        emit(WorkerNote{"no training case holds a voxel of \"" + name + "\": it will not be found"});
}

std::vector<std::string> hashesOf(const TrainJob& job)
{
    std::vector<std::string> hashes;
    for (const auto* cases : {&job.train, &job.replay})
        for (const TrainingCase& c : *cases)
            if (!c.hash.empty())
                hashes.push_back(c.hash);
    return hashes;
}

template <class T>
Result<void> outcomeOf(const Result<T>& result)
{
    return result ? Result<void>{} : result.error();
}

// On the cases that validated the training; without any, the card stays as it is. By process 0, whose signs of life the others
// await meanwhile.
Result<std::optional<CalibrationFigures>> calibrated(TrainedModel& trained, const TrainingData& data,
                                                     const WorkerEventSink& emit, std::stop_token stop, ProcessGroup& group)
{
    const std::size_t count = static_cast<std::size_t>(trained.state.validationCases);
    if (count == 0) {
        group.ofFirst(calibrationEnds);
        return std::optional<CalibrationFigures>();
    }
    const ProgressReport report = [&](double fraction) {
        emit(WorkerProgress{"calibrating", fraction, -1});
        group.ofFirst(calibrationGoesOn);
    };
    const auto figures = calibrate(trained.model, std::span(data.validation).first(count), stop, report);
    group.ofFirst(calibrationEnds);
    return figures ? Result(std::optional(*figures)) : figures.error();
}

Result<std::optional<CalibrationFigures>> awaitCalibration(ProcessGroup& group)
{
    while (group.ofFirst(calibrationEnds) != calibrationEnds) { }
    return std::optional<CalibrationFigures>();
}

Result<WorkerResult> saveCandidate(const TrainJob& job, TrainedModel trained, const TrainingData& data,
                                   const WorkerEventSink& emit, std::stop_token stop, ProcessGroup& group)
{
    const auto calibration = group.isFirst() ? calibrated(trained, data, emit, stop, group) : awaitCalibration(group);
    if (const Result<void> all = group.agreed(outcomeOf(calibration)); !all)
        return all.error();
    emit(WorkerProgress{"saving", 1, 0});
    ModelCard card = trained.model.card();
    card.caseHashes = hashesOf(job);
    card.figuresJson = figuresOf(trained.state, data, trained.model.parameterCount(), *calibration);
    trained.model.setCard(card);
    const Result<void> written = group.isFirst() ? trained.model.save(job.outPath) : Result<void>{};
    if (const Result<void> saved = group.agreed(written); !saved)
        return saved.error();
    WorkerResult result;
    result.outPath = job.outPath;
    result.card = std::move(card);
    result.stoppedEarly = trained.stoppedEarly;
    return result;
}

// The network's card with all that data and checkpoint settle; process 0's at every process.
Result<Start> plannedStart(const TrainJob& job, const WorkerEventSink& emit, std::stop_token stop, ProcessGroup& group)
{
    Result<Start> start = startOf(job);
    if (start && group.isFirst())
        if (const Result<void> read = readResumption(*start, job); !read)
            start = read.error();
    if (const Result<void> all = group.agreed(outcomeOf(start)); !all)
        return all.error();
    const ProgressReport planning = [&](double fraction) { emit(WorkerProgress{"planning", fraction, -1}); };
    const Result<DataPlan> plan = planData(start->card, job.train, stop, planning);
    if (const Result<void> all = group.agreed(outcomeOf(plan)); !all)
        return all.error();
    noteUnlearnable(*plan, emit);
    const Result<ModelCard> card = modelCardFromJson(group.ofFirst(toJsonText(plan->card)));
    if (!card)
        return card.error();
    start->card = group.isFirst() ? plan->card : *card;
    if (start->card.recipe.batch < group.world())
        return Error{ErrorCode::InvalidArgument, "a batch of " + std::to_string(start->card.recipe.batch),
                     std::to_string(group.world()) + " processes cannot share it: give each at least one patch"};
    return start;
}

// One training, which begins as `start` says.
Result<TrainedModel> trainedOnce(const TrainJob& job, const Start& start, const TrainingData& data, const std::string& device,
                                 const WorkerEventSink& emit, std::stop_token stop, ProcessGroup& group)
{
    Result<Model> model = startingModel(start, device);
    if (const Result<void> all = group.agreed(outcomeOf(model)); !all)
        return all.error();
    Trainer trainer(std::move(*model), data, job.checkpointPath, emit, group);
    const Result<void> restored = start.checkpoint ? trainer.restore(*start.checkpoint) : Result<void>{};
    if (const Result<void> all = group.agreed(restored); !all)
        return all.error();
    return trainer.run(stop);
}

// Begins anew with smaller batches, smaller patches, and on the CPU at last, when memory runs out; a group does not, whose
// processes would have to agree on it.
Result<TrainedModel> trainedWithin(const TrainJob& job, const Start& start, const TrainingData& data, const std::string& device,
                                   const WorkerEventSink& emit, std::stop_token stop, ProcessGroup& group)
{
    if (group.world() > 1)
        return trainedOnce(job, start, data, device, emit, stop, group);
    const MemoryStep wanted{start.card.recipe.batch, start.card.patch, device};
    const NoteSink note = [&](const std::string& sentence) { emit(WorkerNote{sentence}); };
    return withMemorySteps(wanted, start.card.divisor, note, [&](const MemoryStep& step) {
        Start smaller = start;
        smaller.card.recipe.batch = step.batch;
        smaller.card.patch = step.patch;
        return trainedOnce(job, smaller, data, step.device, emit, stop, group);
    });
}

// Device and threads for this process. With a group that shares a host's processors, its part of them.
Result<ComputeDevice> preparedDevice(const TrainJob& job, const WorkerEventSink& emit, const GroupPlace& place)
{
    Result<ComputeDevice> device = prepareCompute(job.device, job.threads, place.localRank, place.localWorld);
    if (device && !device->note.empty())
        emit(WorkerNote{device->note});
    return device;
}

Result<WorkerResult> trainInGroup(const TrainJob& job, const WorkerEventSink& emit, std::stop_token stop, ProcessGroup& group)
{
    if (const Result<void> checked = checkJob(job); !checked)
        return checked.error();
    const Result<ComputeDevice> device = preparedDevice(job, emit, group.place());
    if (const Result<void> all = group.agreed(outcomeOf(device)); !all)
        return all.error();
    const Result<Start> start = plannedStart(job, emit, stop, group);
    if (!start)
        return start.error();
    const Result<TrainingData> data = loadData(job, start->card, emit, stop);
    if (const Result<void> all = group.agreed(outcomeOf(data)); !all)
        return all.error();
    Result<TrainedModel> trained = trainedWithin(job, *start, *data, device->name, emit, stop, group);
    if (!trained)
        return trained.error();
    return saveCandidate(job, std::move(*trained), *data, emit, stop, group);
}

} // namespace

Result<WorkerResult> runTraining(const TrainJob& job, const WorkerEventSink& emit, std::stop_token stop, ProcessGroup* group)
try {
    ProcessGroup& together = group ? *group : ProcessGroup::alone();
    const WorkerEventSink silent = [](const WorkerEvent&) {};
    return trainInGroup(job, together.isFirst() ? emit : silent, stop, together);
} catch (const GroupFailure& e) {
    return Error{ErrorCode::WorkerDied, "the training", e.what()};
}

} // namespace annotomy
