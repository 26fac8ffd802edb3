#include "app/workbench/explanation.h"

#include "app/workbench/model_files.h"
#include "app/workbench/worker_client.h"
#include "core/io/volume_file.h"

#include <QTemporaryDir>

#include <cmath>

namespace annotomy {

namespace {

WorkerEventHandler progressOf(const JobReport& report)
{
    return [&report](const WorkerEvent& event) {
        if (const auto* progress = std::get_if<WorkerProgress>(&event); progress && report)
            report({progress->stage, progress->fraction, progress->secondsLeft, {}, {}});
    };
}

Result<void> checkClass(const ModelRecord& model, const std::string& name)
{
    std::string known;
    for (const ModelClass& one : model.card.classes) {
        if (one.name == name)
            return {};
        known += (known.empty() ? "" : ", ") + one.name;
    }
    return Error{ErrorCode::NotFound, name, model.name + " does not know this segment; it knows " + known};
}

// Stays readable after its file is gone: it is mapped. Errors: GeometryMismatch.
Result<Volume> mapOnGrid(const std::string& path, const CaseRecord& record)
{
    Result<Volume> map = mapVolumeFile(path);
    if (map && !sameGrid(map->geometry(), record.series.geometry))
        return Error{ErrorCode::GeometryMismatch, record.patientName, "the model's map lies on another grid"};
    return map;
}

} // namespace

Result<Explanation> explainSegment(Workbench& workbench, CaseId id, const ExplainOptions& options, std::stop_token stop,
                                   const JobReport& report)
{
    const auto models =
        chosenModels(workbench.workspace(), options.model ? std::vector{options.model} : std::vector<ModelId>{});
    if (!models)
        return models.error();
    const ModelRecord& model = models->front().record;
    if (const auto known = checkClass(model, options.segment); !known)
        return known.error();
    const Result<CaseRecord> record = workbench.workspace().caseById(id);
    if (!record)
        return record.error();
    const Result<std::string> image = workbench.imagePath(id, stop);
    if (!image)
        return image.error();
    const QTemporaryDir folder;
    if (!folder.isValid())
        return Error{ErrorCode::IoFailure, folder.path().toStdString(), folder.errorString().toStdString()};
    ExplainJob job;
    job.modelPath = models->front().path;
    job.imagePath = *image;
    job.className = options.segment;
    job.method = options.method;
    job.outPath = folder.filePath(QStringLiteral("map.avol")).toStdString();
    job.device = options.device;
    const auto done = runWorkerJob(workbench.programs().worker, job, folder.path().toStdString(), model.name,
                                   progressOf(report), stop);
    if (!done)
        return done.error();
    Result<Volume> map = mapOnGrid(job.outPath, *record);
    if (!map)
        return map.error();
    return Explanation{model.id, model.name, *std::move(map)};
}

Result<Uncertainty> uncertaintyOf(Workbench& workbench, CaseId id, const ProposeOptions& options, std::stop_token stop,
                                  const JobReport& report)
{
    const auto models = chosenModels(workbench.workspace(), options.models);
    if (!models)
        return models.error();
    const ModelRecord& first = models->front().record;
    const Result<CaseRecord> record = workbench.workspace().caseById(id);
    if (!record)
        return record.error();
    const Result<std::string> image = workbench.imagePath(id, stop);
    if (!image)
        return image.error();
    const QTemporaryDir folder;
    if (!folder.isValid())
        return Error{ErrorCode::IoFailure, folder.path().toStdString(), folder.errorString().toStdString()};
    const auto file = [&](const char* name) { return folder.filePath(QLatin1String(name)).toStdString(); };
    ProposeJob job;
    for (const ChosenModel& one : *models)
        job.modelPaths.push_back(one.path);
    job.items.push_back({"case", *image, record->series.info.modality, file("labels"), file("probability.avol"),
                         file("entropy.avol")});
    job.options = options.inference;
    job.device = options.device;
    const auto done = runWorkerJob(workbench.programs().worker, job, folder.path().toStdString(), first.name,
                                   progressOf(report), stop);
    if (!done)
        return done.error();
    Result<Volume> entropy = mapOnGrid(job.items.front().uncertaintyPath, *record);
    if (!entropy)
        return entropy.error();
    Result<Volume> probability = mapOnGrid(job.items.front().probabilitiesPath, *record);
    if (!probability)
        return probability.error();
    const double mostNats = std::log(static_cast<double>(first.card.classes.size()) + 1);
    return Uncertainty{first.id, first.name, mostNats, *std::move(entropy), *std::move(probability)};
}

} // namespace annotomy
