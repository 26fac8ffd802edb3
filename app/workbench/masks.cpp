#include "app/workbench/approval_metrics.h"
#include "app/workbench/deidentify.h"
#include "app/workbench/mask_attachment.h"
#include "app/workbench/mask_export.h"
#include "app/workbench/workbench_impl.h"

#include <algorithm>
#include <filesystem>

namespace annotomy {

namespace {

bool hasVoxels(const LabelMap& labels)
{
    const std::vector<std::int64_t> counts = voxelCounts(labels);
    return std::any_of(counts.begin() + 1, counts.end(), [](std::int64_t count) { return count > 0; });
}

// A mask that says there is nothing to segment: the case's own where it is empty, else a new one.
Result<RevisionId> emptyRevision(Workspace& workspace, CaseId id, const std::optional<RevisionRecord>& head,
                                 const std::string& userName)
{
    const Result<CaseRecord> record = workspace.caseById(id);
    if (!record)
        return record.error();
    if (head) {
        const Result<LabelMap> labels = workspace.loadMask(head->id);
        if (!labels)
            return labels.error();
        if (hasVoxels(*labels))
            return Error{ErrorCode::Conflict, "Approving " + caseName(*record) + " as empty", "its mask is not empty"};
        return head->id;
    }
    const LabelMap nothing(record->series.geometry);
    Workspace::NewRevision revision;
    revision.caseId = id;
    revision.author = userName;
    revision.note = "nothing to segment";
    revision.labels = &nothing;
    const Result<RevisionRecord> added = workspace.addRevision(revision);
    return added ? Result<RevisionId>(added->id) : added.error();
}

Result<RevisionId> revisionToSign(Workbench& workbench, CaseId id, RevisionId asked)
{
    const Result<RevisionId> chosen = workbench.chosenRevision(id, asked);
    if (asked || chosen || chosen.error().code != ErrorCode::NotFound)
        return chosen;
    const Result<CaseRecord> record = workbench.workspace().caseById(id);
    return record ? noMaskToSign(*record) : record.error();
}

// How segments were made, for those that do not say: by the revision's author.
void withAlgorithms(LabelMap& labels, const RevisionRecord& row)
{
    const std::vector<Segment> segments = labels.segments().segments();
    for (Segment segment : segments) {
        if (!segment.algorithmType.empty())
            continue;
        segment.algorithmType = row.authorKind == AuthorKind::Person  ? "MANUAL"
                                : row.authorKind == AuthorKind::Model ? "AUTOMATIC"
                                                                      : "SEMIAUTOMATIC"; // of an import nobody knows
        if (row.authorKind != AuthorKind::Person)
            segment.algorithmName = row.authorKind == AuthorKind::Model ? row.author : "imported mask";
        labels.segments().update(segment);
    }
}

} // namespace

Error noMaskToSign(const CaseRecord& record)
{
    return {ErrorCode::Conflict, "Approving " + caseName(record),
            "it has no mask; segment it first, or confirm that there is nothing to segment"};
}

Result<MaskToAttach> Workbench::readMask(CaseId id, const std::string& maskPath, const SegmentNames& names,
                                         const std::string& author, std::stop_token stop, const JobReport& report)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable.error();
    const Result<CaseRecord> record = workspace().caseById(id);
    if (!record)
        return record.error();
    std::vector<std::string> notes;
    Result<LabelMap> labels =
        m_impl->reader.readMaskOf(record->series, maskPath, names, stop, stageReport(report, "masks"), notes);
    if (!labels)
        return labels.error();
    const std::string file = std::filesystem::path(maskPath).filename().string();
    Attachment attachment;
    attachment.caseId = id;
    attachment.author = author.empty() ? file : author;
    attachment.authorKind = AuthorKind::Import;
    attachment.note = withNotes("attached from " + file, notes);
    return MaskToAttach{std::move(attachment), *std::move(labels)};
}

Result<RevisionRecord> Workbench::attach(CaseId id, const std::string& maskPath, const SegmentNames& names,
                                         const std::string& author, std::stop_token stop, const JobReport& report)
{
    const Result<MaskToAttach> mask = readMask(id, maskPath, names, author, stop, report);
    return mask ? attachLabels(workspace(), mask->attachment, mask->labels) : mask.error();
}

Result<Approval> Workbench::approve(CaseId id, RevisionId revision, const std::string& userName, NoMask noMask)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable.error();
    if (userName.empty())
        return Error{ErrorCode::InvalidArgument, "approval", "it needs the name of the person who signs"};
    const Result<LeaseHold> lease = LeaseHold::take(workspace(), id);
    if (!lease)
        return lease.error();
    const auto working = saveWorkingMask(workspace(), id, userName);
    if (!working)
        return working.error();
    const Result<RevisionId> chosen = noMask == NoMask::Confirm ? emptyRevision(workspace(), id, *working, userName)
                                                                : revisionToSign(*this, id, revision);
    if (!chosen)
        return chosen.error();
    if (const auto added = workspace().addUser(userName); !added)
        return added.error();
    const Result<Pool> pool = workspace().approve(*chosen, userName);
    if (!pool)
        return pool.error();
    if (const auto measured = storeApprovalMetrics(workspace(), id, *chosen); !measured)
        return measured.error();
    return Approval{*chosen, *pool};
}

Result<ExportOutcome> Workbench::exportMask(CaseId id, RevisionId revision, const std::string& format,
                                            const std::string& outPath, std::stop_token stop, const JobReport& report)
{
    return exportAs(id, revision, format, outPath, {}, stop, report);
}

Result<ExportOutcome> Workbench::exportDeidentified(CaseId id, RevisionId revision, const std::string& format,
                                                    const std::string& outPath, const DeidentificationOptions& options,
                                                    const std::string& keyPath, std::stop_token stop,
                                                    const JobReport& report)
{
    auto secret = deidentificationSecret(keyPath.empty() ? deidentificationKeyPath(workspace().folder()) : keyPath);
    if (!secret)
        return secret.error();
    return exportAs(id, revision, format, outPath, ExportPrivacy{*std::move(secret), options}, stop, report);
}

Result<ExportOutcome> Workbench::exportAs(CaseId id, RevisionId revision, const std::string& format,
                                          const std::string& outPath, const std::optional<ExportPrivacy>& privacy,
                                          std::stop_token stop, const JobReport& report)
{
    const Result<RevisionId> chosen = chosenRevision(id, revision);
    if (!chosen)
        return chosen.error();
    const Result<CaseRecord> record = workspace().caseById(id);
    if (!record)
        return record.error();
    const Result<RevisionRecord> row = workspace().revision(*chosen);
    if (!row)
        return row.error();
    Result<LabelMap> labels = workspace().loadMask(*chosen);
    if (!labels)
        return labels.error();
    withAlgorithms(*labels, *row);
    MaskExport what{*labels, record->series, m_impl->reader};
    what.author = row->author;
    what.imagePath = [&] { return decodedImagePath(*this, m_impl->reader, id, stop); };
    what.stop = stop;
    what.report = stageReport(report, "exporting");
    what.privacy = privacy;
    return exportVerified(what, format, outPath);
}

} // namespace annotomy
