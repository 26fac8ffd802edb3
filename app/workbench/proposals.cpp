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
#include <map>
#include <span>

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

// Proposals for many cases, a few at a time: so that neither their decoded images nor what the worker writes of them lie there
// together.
class ProposalBatch {
public:
    ProposalBatch(Workbench& workbench, const ProposeOptions& options, const std::vector<ChosenModel>& models, bool several,
                  std::stop_token stop, const JobReport& report)
        : m_workbench(workbench), m_options(options), m_models(models), m_several(several), m_stop(std::move(stop)),
          m_report(report)
    {
    }

    // `from` and `to`: the part of all that these are.
    Result<void> run(std::span<const CaseId> cases, double from, double to)
    {
        const QTemporaryDir folder(QString::fromStdString(workspace().folder() + "/propose-XXXXXX"));
        if (!folder.isValid())
            return Error{ErrorCode::IoFailure, workspace().folder(), folder.errorString().toStdString()};
        m_folder = folder.path().toStdString();
        m_records.clear();
        ProposeJob job;
        for (const ChosenModel& one : m_models)
            job.modelPaths.push_back(one.path);
        job.options = m_options.inference;
        job.device = m_options.device;
        for (const CaseId id : cases)
            if (const auto added = addTo(job, id); !added)
                return added;
        if (job.items.empty())
            return {};
        const auto handle = [&](const WorkerEvent& event) { take(event, from, to); };
        const auto result = runWorkerJob(m_workbench.programs().worker, job, m_folder, chosen().name, handle, m_stop);
        if (m_failure)
            return *m_failure;
        if (!result)
            return result.error();
        if (!m_records.empty())
            return Error{ErrorCode::WorkerFailed, chosen().name, "the worker left out some cases"};
        return {};
    }

    std::vector<Proposal> takeProposals() { return std::move(m_proposals); }

private:
    Workspace& workspace() { return m_workbench.workspace(); }
    const ModelRecord& chosen() const { return m_models.front().record; }

    // Whether the others go on without this case.
    bool passesOver(CaseId id, const Error& error) const
    {
        const bool ends = error.code == ErrorCode::Cancelled || error.code == ErrorCode::DiskFull;
        if (!m_several || ends || !m_options.onFailure)
            return false;
        m_options.onFailure(id, error);
        return true;
    }

    Result<void> addTo(ProposeJob& job, CaseId id)
    {
        Result<CaseRecord> record = workspace().caseById(id);
        if (!record)
            return record.error();
        Result<std::string> image = m_workbench.imagePath(id, m_stop);
        if (!image)
            return passesOver(id, image.error()) ? Result<void>() : image.error();
        ProposeItem& item = job.items.emplace_back();
        item.key = "case-" + std::to_string(id.value);
        item.imagePath = *std::move(image);
        item.modality = record->series.info.modality;
        item.outPath = m_folder + '/' + item.key + ".labels";
        if (!m_options.probabilitiesPath.empty())
            item.probabilitiesPath = m_folder + '/' + item.key + probabilitiesSuffix;
        if (!m_options.uncertaintyPath.empty())
            item.uncertaintyPath = m_folder + '/' + item.key + uncertaintySuffix;
        m_records.emplace(item.key, *std::move(record));
        return {};
    }

    void take(const WorkerEvent& event, double from, double to)
    {
        if (const auto* progress = std::get_if<WorkerProgress>(&event); progress && m_report)
            m_report({progress->stage, from + (to - from) * progress->fraction, timeLeft(*progress, to - from), {}, {}});
        if (const auto* note = std::get_if<WorkerNote>(&event); note && m_report) {
            JobUpdate update;
            update.note = note->text;
            m_report(update);
        }
        if (const auto* failed = std::get_if<ItemFailed>(&event); failed && m_records.contains(failed->key)) {
            const CaseId id = m_records.at(failed->key).id;
            m_records.erase(failed->key);
            if (!m_failure && !passesOver(id, failed->error))
                m_failure = failed->error;
        }
        const auto* done = std::get_if<ProposeDone>(&event);
        if (!done || !m_records.contains(done->key) || m_failure)
            return;
        if (const auto kept = keep(*done, m_records.at(done->key)); !kept)
            m_failure = kept.error();
        m_records.erase(done->key);
    }

    // Of the whole, as if the rest took as long as this part; unknown for the worker's own unknown.
    static double timeLeft(const WorkerProgress& progress, double share)
    {
        return progress.secondsLeft < 0 || share < 1 ? -1 : progress.secondsLeft;
    }

    Result<void> keep(const ProposeDone& done, const CaseRecord& record)
    {
        const Result<Proposal> proposal = storedProposal(workspace(), record, chosen(), done);
        if (!proposal)
            return proposal.error();
        m_proposals.push_back(*proposal);
        for (const auto& [suffix, path] : {std::pair{probabilitiesSuffix, m_options.probabilitiesPath},
                                           std::pair{uncertaintySuffix, m_options.uncertaintyPath}}) {
            const std::string map = m_folder + '/' + done.key + suffix;
            if (const auto written = exportMap(map, mapTarget(path, record.id, m_several), m_stop); !written)
                return written;
        }
        return {};
    }

    static constexpr const char* probabilitiesSuffix = "-probabilities.avol";
    static constexpr const char* uncertaintySuffix = "-uncertainty.avol";

    Workbench& m_workbench;
    const ProposeOptions& m_options;
    const std::vector<ChosenModel>& m_models;
    bool m_several;
    std::stop_token m_stop;
    const JobReport& m_report;
    std::string m_folder;
    std::map<std::string, CaseRecord> m_records; // that are still to come
    std::vector<Proposal> m_proposals;
    std::optional<Error> m_failure;
};

} // namespace

Result<std::vector<Proposal>> Workbench::propose(const std::vector<CaseId>& cases, const ProposeOptions& options,
                                                 std::stop_token stop, const JobReport& report)
{
    constexpr std::size_t atOnce = 16;
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable.error();
    const Result<std::vector<ChosenModel>> models = chosenModels(workspace(), options.models);
    if (!models)
        return models.error();
    std::vector<CaseId> wanted;
    for (const CaseId id : cases)
        if (std::find(wanted.begin(), wanted.end(), id) == wanted.end()) // named twice: proposed once
            wanted.push_back(id);
    if (const auto valid = checkMapTargets(options, cases.size() > 1); !valid)
        return valid.error();
    ProposalBatch batch(*this, options, *models, cases.size() > 1, stop, report);
    const std::span<const CaseId> all(wanted);
    for (std::size_t begin = 0; begin < all.size(); begin += atOnce) {
        const std::size_t count = std::min(atOnce, all.size() - begin);
        const auto share = [&](std::size_t n) { return static_cast<double>(n) / static_cast<double>(all.size()); };
        if (const auto done = batch.run(all.subspan(begin, count), share(begin), share(begin + count)); !done)
            return done.error();
    }
    return batch.takeProposals();
}

} // namespace annotomy
