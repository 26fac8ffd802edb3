#include "app/workbench/gate.h"
#include "app/workbench/image_cache.h"
#include "app/workbench/model_files.h"
#include "app/workbench/planning.h"
#include "app/workbench/training_job.h"
#include "app/workbench/workbench_impl.h"
#include "app/workbench/worker_client.h"
#include "core/base/clock.h"

#include <filesystem>

namespace annotomy {

namespace {

JobUpdate updateOf(const WorkerEvent& event, const JobUpdate& last)
{
    JobUpdate update = last;
    update.epoch.reset();
    update.note.clear();
    if (const auto* progress = std::get_if<WorkerProgress>(&event)) {
        update.stage = progress->stage;
        update.fraction = progress->fraction;
        update.secondsLeft = progress->secondsLeft;
    } else if (const auto* epoch = std::get_if<EpochRecord>(&event)) {
        update.epoch = *epoch;
    } else if (const auto* note = std::get_if<WorkerNote>(&event)) {
        update.note = note->text;
    }
    return update;
}

RunStatus statusAfter(const Error& error)
{
    switch (error.code) {
    case ErrorCode::Cancelled:
        return RunStatus::Cancelled;
    case ErrorCode::WorkerDied:
        return RunStatus::Interrupted;
    default:
        return RunStatus::Failed;
    }
}

Result<std::optional<ModelRecord>> parentFor(Workspace& workspace, const TrainOptions& options)
{
    if (options.from) {
        Result<ModelRecord> model = workspace.model(options.from);
        return model ? Result<std::optional<ModelRecord>>(std::optional(*std::move(model))) : model.error();
    }
    return options.fromCurrent ? workspace.currentModel() : Result<std::optional<ModelRecord>>(std::nullopt);
}

struct StartedRun {
    RunId id;
    ModelId parent;
    PreparedRun prepared;
};

// Trains, judges and records one model.
class Training {
public:
    Training(Workspace& workspace, const ProgramPaths& programs, ImageProvider imagePath,
             std::stop_token stop, const JobReport& report)
        : m_workspace(workspace), m_programs(programs), m_imagePath(std::move(imagePath)),
          m_stop(std::move(stop)), m_report(report)
    {
    }

    Result<StartedRun> begin(const TrainOptions& options);
    Result<StartedRun> resume(RunId id);
    Result<TrainOutcome> finish(const StartedRun& run);

private:
    Result<std::optional<Recipe>> plannedRecipe(const TrainOptions& options, const ModelRecord* parent);
    Result<WorkerResult> work(const StartedRun& run);
    Result<TrainOutcome> judge(const StartedRun& run, const WorkerResult& result);
    Result<ModelRecord> store(const StartedRun& run, const ModelCard& card, const GateDecision& gate);
    Result<void> decideStatus(const ModelRecord& model, const GateDecision& gate);

    Workspace& m_workspace;
    const ProgramPaths& m_programs;
    ImageProvider m_imagePath;
    std::stop_token m_stop;
    const JobReport& m_report;
};

// nullopt when a preset is wanted.
Result<std::optional<Recipe>> Training::plannedRecipe(const TrainOptions& options, const ModelRecord* parent)
{
    if (options.recipe != "planned")
        return std::optional<Recipe>();
    if (parent)
        return Error{ErrorCode::InvalidArgument, "recipe planned", "a model to start from brings its own network along"};
    TrainOptions asked = options;
    asked.recipe.clear();
    asked.bytes = 0;
    const Result<Recipe> checked = chosenRecipe(asked, false); // minutes and folds in their ranges
    if (!checked)
        return checked.error();
    const auto data = surveyedData(m_workspace, m_programs, options.device, m_imagePath, m_stop, m_report);
    if (!data)
        return data.error();
    for (const DataFinding& finding : findingsOf(*data)) {
        JobUpdate update;
        update.stage = "planning";
        update.note = finding.text;
        if (m_report)
            m_report(update);
    }
    const auto plan = planTraining(*data, {checked->minutes, options.bytes});
    if (!plan)
        return plan.error();
    Recipe recipe = plan->recipe;
    recipe.seed = checked->seed;
    return std::optional(recipe);
}

Result<StartedRun> Training::begin(const TrainOptions& options)
{
    const Result<std::optional<ModelRecord>> parent = parentFor(m_workspace, options);
    if (!parent)
        return parent.error();
    const ModelRecord* parentModel = *parent ? &**parent : nullptr;
    const Result<std::optional<Recipe>> planned = plannedRecipe(options, parentModel);
    if (!planned)
        return planned.error();
    Result<PreparedRun> prepared = prepareRun(m_workspace, options, *planned ? &**planned : nullptr, parentModel,
                                              m_imagePath, m_stop, m_report);
    if (!prepared)
        return prepared.error();
    RunRecord record;
    record.parent = parentModel ? parentModel->id : ModelId{};
    record.recipe = prepared->job.recipe;
    record.jobJson = toJsonLine(WorkerRequest(prepared->job));
    record.folder = prepared->folder;
    record.cases = prepared->cases;
    record.startedMs = nowMs();
    const Result<RunId> id = m_workspace.beginRun(record);
    if (!id)
        return id.error();
    return StartedRun{*id, record.parent, *std::move(prepared)};
}

Result<StartedRun> Training::resume(RunId id)
{
    Result<RunRecord> record = m_workspace.run(id);
    if (!record)
        return record.error();
    if (record->status == RunStatus::Finished)
        return Error{ErrorCode::Conflict, "Run " + std::to_string(id.value),
                     "it is finished; start a new training"};
    Result<PreparedRun> prepared = resumedRun(m_workspace, *record, m_imagePath);
    if (!prepared)
        return prepared.error();
    record->jobJson = toJsonLine(WorkerRequest(prepared->job));
    if (const auto begun = m_workspace.beginRun(*record); !begun) // with a number: the run goes on
        return begun.error();
    return StartedRun{id, record->parent, *std::move(prepared)};
}

Result<WorkerResult> Training::work(const StartedRun& run)
{
    JobUpdate last;
    last.stage = "loading";
    last.run = run.id;
    if (m_report)
        m_report(last);
    std::optional<Error> failure;
    const auto handle = [&](const WorkerEvent& event) {
        if (const auto* epoch = std::get_if<EpochRecord>(&event)) {
            if (const auto kept = m_workspace.appendEpoch(run.id, *epoch); !kept)
                failure = kept.error();
        }
        last = updateOf(event, last);
        if (m_report)
            m_report(last);
    };
    const std::string folder = m_workspace.folder() + '/' + run.prepared.folder;
    const std::string subject = "run " + std::to_string(run.id.value);
    Result<WorkerResult> result =
        runWorkerJob(m_programs.worker, run.prepared.job, folder, subject, handle, m_stop);
    if (result && failure)
        return *failure;
    return result;
}

Result<ModelRecord> Training::store(const StartedRun& run, const ModelCard& card, const GateDecision& gate)
{
    const Result<std::vector<ModelRecord>> models = m_workspace.models();
    if (!models)
        return models.error();
    const Result<StoredModelFile> file = storeModelFile(m_workspace, run.prepared.job.outPath);
    if (!file)
        return file.error();
    ModelRecord model;
    model.name = "model-" + std::to_string(models->size() + 1);
    model.parent = run.parent;
    model.run = run.id;
    model.file = file->relativePath;
    model.hash = file->hash;
    model.card = card;
    model.status = gate.gated ? ModelStatus::Candidate : ModelStatus::Provisional;
    model.trainedOn = run.prepared.cases;
    model.gateJson = gate.toJsonText();
    model.timeMs = nowMs();
    return m_workspace.addModel(model);
}

Result<void> Training::decideStatus(const ModelRecord& model, const GateDecision& gate)
{
    DecisionRecord decision;
    decision.who = "gate";
    decision.model = model.id;
    decision.detailsJson = gate.toJsonText();
    decision.timeMs = nowMs();
    decision.kind = gate.promoted ? "promote" : gate.gated ? "reject-model" : "keep-provisional";
    if (gate.promoted)
        return m_workspace.promote(model.id, gate.gated ? ModelStatus::Current : ModelStatus::Provisional,
                                   decision);
    return m_workspace.setModelStatus(model.id, gate.gated ? ModelStatus::Rejected : ModelStatus::Provisional,
                                      decision);
}

Result<TrainOutcome> Training::judge(const StartedRun& run, const WorkerResult& result)
{
    if (!result.card)
        return Error{ErrorCode::WorkerFailed, "training", "the worker returned a model without its card"};
    const Result<std::optional<ModelRecord>> current = m_workspace.currentModel();
    if (!current)
        return current.error();
    GateRequest request;
    request.candidatePath = run.prepared.job.outPath;
    request.candidate = &*result.card;
    request.current = *current ? &**current : nullptr;
    request.folder = run.prepared.folder;
    request.device = run.prepared.job.device;
    Result<GateDecision> gate = runGate(m_workspace, m_programs, request, m_imagePath, m_stop, m_report);
    if (!gate)
        return gate.error();
    const Result<ModelRecord> model = store(run, *result.card, *gate);
    if (!model)
        return model.error();
    if (const auto decided = decideStatus(*model, *gate); !decided)
        return decided.error();
    return TrainOutcome{model->id, run.id, *std::move(gate)};
}

Result<TrainOutcome> Training::finish(const StartedRun& run)
{
    const Result<WorkerResult> result = work(run);
    Result<TrainOutcome> outcome = result ? judge(run, *result) : Result<TrainOutcome>(result.error());
    const RunStatus status = outcome ? RunStatus::Finished : statusAfter(outcome.error());
    const std::string message = outcome ? std::string() : outcome.error().detail;
    if (const auto ended = m_workspace.endRun(run.id, status, message); !ended && outcome)
        return ended.error();
    return outcome;
}

} // namespace

Result<TrainOutcome> Workbench::train(const TrainOptions& options, std::stop_token stop,
                                      const JobReport& report)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable.error();
    const ImageProvider imagePath = [&](CaseId id) {
        return decodedImagePath(*this, m_impl->reader, id, stop);
    };
    Training training(workspace(), programs(), imagePath, stop, report);
    const Result<StartedRun> run = options.resume ? training.resume(options.resume) : training.begin(options);
    if (!run)
        return run.error();
    return training.finish(*run);
}

Result<void> Workbench::promote(ModelId model, const std::string& userName, const std::string& reason)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable;
    const Result<ModelRecord> record = workspace().model(model);
    if (!record)
        return record.error();
    if (const auto intact = verifiedModelPath(workspace(), *record); !intact)
        return intact.error();
    DecisionRecord decision;
    decision.kind = "promote";
    decision.who = userName;
    decision.model = model;
    decision.detailsJson = reasonJson(reason);
    decision.timeMs = nowMs();
    return workspace().promote(model, ModelStatus::Current, decision);
}

} // namespace annotomy
