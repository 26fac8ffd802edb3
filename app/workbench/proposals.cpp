#include "app/workbench/mask_attachment.h"
#include "app/workbench/mask_export.h"
#include "app/workbench/model_files.h"
#include "app/workbench/segment_matching.h"
#include "app/workbench/worker_client.h"
#include "app/workbench/workbench_impl.h"
#include "core/io/volume_file.h"

#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace annotomy {

namespace {

std::string entropyNote(double meanEntropy)
{
    char text[80];
    std::snprintf(text, sizeof text, "mean entropy %.4f nats", meanEntropy);
    return text;
}

// Where a map of a case goes; empty for none. With several cases `path` is a folder.
std::string mapTarget(const std::string& path, CaseId id, bool several)
{
    return path.empty() || !several ? path : path + "/case-" + std::to_string(id.value) + ".nii.gz";
}

Result<void> checkMapTargets(const ProposeOptions& options, bool several)
{
    for (const std::string& path : {options.probabilitiesPath, options.uncertaintyPath}) {
        if (path.empty())
            continue;
        std::error_code failure;
        if (several)
            std::filesystem::create_directories(path, failure);
        if (failure)
            return Error{ErrorCode::IoFailure, path, failure.message()};
        if (const auto valid = several ? Result<void>() : checkOutput(path); !valid)
            return valid;
    }
    return {};
}

Result<void> exportMap(const std::string& from, const std::string& to, std::stop_token stop)
{
    if (to.empty())
        return {};
    const Result<Volume> map = mapVolumeFile(from);
    return map ? writeVolumeAs(*map, to, stop, {}) : map.error();
}

Result<Proposal> storedProposal(Workspace& workspace, const CaseRecord& record, const ModelRecord& model,
                                const ProposeDone& done)
{
    const Result<LabelMap> labels = readLabelFile(done.outPath);
    if (!labels)
        return labels.error();
    if (!sameGrid(labels->geometry(), record.series.geometry))
        return Error{ErrorCode::GeometryMismatch, model.name, "its proposal lies on another grid"};
    const Result<SegmentTable> present = headSegments(workspace, record.id);
    if (!present)
        return present.error();
    const Result<LabelMap> numbered =
        renumberedWhole(*labels, renumberingByName(labels->segments(), *present), model.name);
    if (!numbered)
        return numbered.error();
    Workspace::NewRevision revision;
    revision.caseId = record.id;
    revision.parent = record.head;
    revision.authorKind = AuthorKind::Model;
    revision.author = model.name;
    revision.model = model.id;
    revision.note = entropyNote(done.meanEntropy);
    revision.labels = &*numbered;
    revision.becomesHead = false;
    const Result<RevisionRecord> added = workspace.addRevision(revision);
    if (!added)
        return added.error();
    return Proposal{record.id, added->id, model.id, done.meanEntropy};
}

} // namespace

Result<std::vector<Proposal>> Workbench::propose(const std::vector<CaseId>& cases, const ProposeOptions& options,
                                                 std::stop_token stop, const JobReport& report)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable.error();
    const Result<std::vector<ChosenModel>> models = chosenModels(workspace(), options.models);
    if (!models)
        return models.error();
    const ModelRecord& chosen = models->front().record;
    const bool several = cases.size() > 1;
    if (const auto valid = checkMapTargets(options, several); !valid)
        return valid.error();
    const QTemporaryDir folder(QString::fromStdString(workspace().folder() + "/propose-XXXXXX"));
    if (!folder.isValid())
        return Error{ErrorCode::IoFailure, workspace().folder(), folder.errorString().toStdString()};

    ProposeJob job;
    for (const ChosenModel& one : *models)
        job.modelPaths.push_back(one.path);
    job.options = options.inference;
    job.device = options.device;
    std::map<std::string, CaseRecord> records;
    for (const CaseId id : cases) {
        const std::string key = "case-" + std::to_string(id.value);
        if (records.contains(key))
            continue; // named twice
        Result<CaseRecord> record = workspace().caseById(id);
        if (!record)
            return record.error();
        Result<std::string> image = decodedImagePath(*this, m_impl->reader, id, stop);
        if (!image)
            return image.error();
        const std::string out = folder.filePath(QString::fromStdString(key)).toStdString();
        ProposeItem& item = job.items.emplace_back();
        item.key = key;
        item.imagePath = *std::move(image);
        item.modality = record->series.info.modality;
        item.outPath = out + ".labels";
        if (!options.probabilitiesPath.empty())
            item.probabilitiesPath = out + "-probabilities.avol";
        if (!options.uncertaintyPath.empty())
            item.uncertaintyPath = out + "-uncertainty.avol";
        records.emplace(key, *std::move(record));
    }

    std::vector<Proposal> proposals;
    std::optional<Error> failure;
    const auto handle = [&](const WorkerEvent& event) {
        if (const auto* progress = std::get_if<WorkerProgress>(&event)) {
            JobUpdate update{progress->stage, progress->fraction, progress->secondsLeft, {}, {}};
            if (report)
                report(update);
        }
        const auto* done = std::get_if<ProposeDone>(&event);
        const auto record = done ? records.find(done->key) : records.end();
        if (record == records.end() || failure)
            return;
        const Result<Proposal> proposal = storedProposal(workspace(), record->second, chosen, *done);
        if (!proposal) {
            failure = proposal.error();
            return;
        }
        proposals.push_back(*proposal);
        const CaseId id = record->second.id;
        const std::string out = folder.filePath(QString::fromStdString(done->key)).toStdString();
        for (const auto& [suffix, path] : {std::pair{"-probabilities.avol", options.probabilitiesPath},
                                           std::pair{"-uncertainty.avol", options.uncertaintyPath}}) {
            const auto written = exportMap(out + suffix, mapTarget(path, id, several), stop);
            if (!written && !failure)
                failure = written.error();
            std::error_code gone; // or those of a thousand cases would lie there together
            std::filesystem::remove(out + suffix, gone);
        }
    };
    const auto result = runWorkerJob(programs().worker, job, folder.path().toStdString(), chosen.name, handle, stop);
    if (failure)
        return *failure;
    if (!result)
        return result.error();
    if (proposals.size() != records.size())
        return Error{ErrorCode::WorkerFailed, chosen.name, "the worker left out some cases"};
    return proposals;
}

} // namespace annotomy
