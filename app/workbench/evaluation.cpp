#include "app/workbench/evaluation.h"

#include "app/workbench/approved_masks.h"
#include "app/workbench/model_files.h"
#include "app/workbench/segment_matching.h"
#include "app/workbench/workbench_impl.h"
#include "app/workbench/worker_client.h"
#include "core/base/clock.h"
#include "core/io/volume_file.h"

#include <QTemporaryDir>

#include <algorithm>
#include <map>

namespace annotomy {

namespace {

std::string keyOf(CaseId id)
{
    return "case-" + std::to_string(id.value);
}

// The classes of one case, by name: a model's segments bear other numbers than a case's.
Result<EvaluatedCase> evaluated(Workspace& workspace, const ApprovedMask& mask, const LabelMap& found,
                                const ModelCard& card, std::stop_token stop)
{
    const Result<LabelMap> reference = workspace.loadMask(mask.revision.id);
    if (!reference)
        return reference.error();
    const LabelMap aligned = renumbered(found, renumberingByName(found.segments(), reference->segments()));
    const auto metrics = compareLabelMaps(*reference, aligned, evaluationNsdMm, stop);
    if (!metrics)
        return metrics.error();
    EvaluatedCase result{mask.record.id, mask.revision.id, {}};
    for (const ModelClass& one : card.classes) {
        const auto& segments = reference->segments().segments();
        const auto segment = std::find_if(segments.begin(), segments.end(),
                                          [&](const Segment& candidate) { return candidate.name == one.name; });
        if (segment == segments.end())
            continue;
        const auto row = std::find_if(metrics->begin(), metrics->end(),
                                      [&](const SegmentMetrics& m) { return m.value == segment->number; });
        if (row != metrics->end())
            result.classes.push_back({one.name, *row});
    }
    return result;
}

} // namespace

Result<Evaluation> Workbench::evaluate(Pool pool, const ProposeOptions& options, std::stop_token stop,
                                       const JobReport& report)
{
    const Result<std::vector<ChosenModel>> models = chosenModels(workspace(), options.models);
    if (!models)
        return models.error();
    const ModelRecord& first = models->front().record;
    const Result<std::vector<ApprovedMask>> masks = approvedMasks(workspace(), pool);
    if (!masks)
        return masks.error();
    if (masks->empty())
        return Error{ErrorCode::Conflict, "Evaluation", "no case of that pool is approved; approve more cases"};
    const QTemporaryDir folder;
    if (!folder.isValid())
        return Error{ErrorCode::IoFailure, folder.path().toStdString(), folder.errorString().toStdString()};

    ProposeJob job;
    for (const ChosenModel& one : *models)
        job.modelPaths.push_back(one.path);
    job.options = options.inference;
    job.device = options.device;
    for (const ApprovedMask& mask : *masks) {
        Result<std::string> image = decodedImagePath(*this, m_impl->reader, mask.record.id, stop);
        if (!image)
            return image.error();
        const std::string key = keyOf(mask.record.id);
        job.items.push_back({key, *std::move(image), mask.record.series.info.modality,
                             folder.filePath(QString::fromStdString(key + ".labels")).toStdString()});
    }
    const auto handle = [&](const WorkerEvent& event) {
        if (const auto* progress = std::get_if<WorkerProgress>(&event); progress && report)
            report({progress->stage, progress->fraction, progress->secondsLeft, {}, {}});
    };
    const auto done = runWorkerJob(programs().worker, job, folder.path().toStdString(), first.name, handle, stop);
    if (!done)
        return done.error();

    Evaluation result;
    result.model = first.id;
    result.modelName = first.name;
    result.modelHash = first.hash;
    result.pool = pool;
    result.patients = patientCount(*masks);
    result.timeMs = nowMs();
    for (const ModelClass& one : first.card.classes)
        result.classes.push_back(one.name);
    for (std::size_t n = 0; n < masks->size(); ++n) {
        const Result<LabelMap> found = readLabelFile(job.items[n].outPath);
        if (!found)
            return found.error();
        auto one = evaluated(workspace(), (*masks)[n], *found, first.card, stop);
        if (!one)
            return one.error();
        result.cases.push_back(*std::move(one));
    }
    return result;
}

} // namespace annotomy
