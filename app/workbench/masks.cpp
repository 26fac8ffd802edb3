#include "app/workbench/approval_metrics.h"
#include "app/workbench/mask_attachment.h"
#include "app/workbench/mask_export.h"
#include "app/workbench/workbench_impl.h"

#include <filesystem>

namespace annotomy {

Result<RevisionRecord> Workbench::attach(CaseId id, const std::string& maskPath, const SegmentNames& names,
                                         const std::string& author, std::stop_token stop)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable.error();
    const Result<CaseRecord> record = workspace().caseById(id);
    if (!record)
        return record.error();
    const Result<LabelMap> labels = m_impl->reader.readMask(maskPath, &record->series.geometry, names, stop);
    if (!labels)
        return labels.error();
    const std::string file = std::filesystem::path(maskPath).filename().string();
    Attachment attachment;
    attachment.caseId = id;
    attachment.author = author.empty() ? file : author;
    attachment.authorKind = AuthorKind::Import;
    attachment.note = "attached from " + file;
    return attachLabels(workspace(), attachment, *labels);
}

Result<Pool> Workbench::approve(CaseId id, RevisionId revision, const std::string& userName)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable.error();
    if (userName.empty())
        return Error{ErrorCode::InvalidArgument, "approval", "it needs the name of the person who signs"};
    const Result<LeaseHold> lease = LeaseHold::take(workspace(), id);
    if (!lease)
        return lease.error();
    if (const auto saved = saveWorkingMask(workspace(), id, userName); !saved)
        return saved.error();
    if (!revision) {
        const Result<RevisionRecord> newest = newestRevision(id);
        if (!newest)
            return newest.error();
        revision = newest->id;
    }
    const Result<RevisionRecord> chosen = workspace().revision(revision);
    if (!chosen)
        return chosen.error();
    if (chosen->caseId != id)
        return Error{ErrorCode::InvalidArgument, "revision " + std::to_string(revision.value), "it is another case's"};
    if (const auto added = workspace().addUser(userName); !added)
        return added.error();
    const Result<Pool> pool = workspace().approve(revision, userName);
    if (!pool)
        return pool;
    if (const auto measured = storeApprovalMetrics(workspace(), id, revision); !measured)
        return measured.error();
    return pool;
}

Result<void> Workbench::exportMask(CaseId id, RevisionId revision, const std::string& format,
                                   const std::string& outPath, std::stop_token stop)
{
    if (!revision) {
        const Result<RevisionRecord> newest = newestRevision(id);
        if (!newest)
            return newest.error();
        revision = newest->id;
    }
    const Result<RevisionRecord> chosen = workspace().revision(revision);
    if (!chosen)
        return chosen.error();
    if (chosen->caseId != id)
        return Error{ErrorCode::InvalidArgument, "revision " + std::to_string(revision.value), "it is another case's"};
    const Result<LabelMap> labels = workspace().loadMask(revision);
    if (!labels)
        return labels.error();
    return exportVerified(*labels, format, outPath, m_impl->reader, stop);
}

} // namespace annotomy
