#include "app/workbench/mask_attachment.h"

#include "app/workbench/segment_matching.h"
#include "app/workbench/workbench_impl.h"
#include "app/workbench/working_mask.h"
#include "core/base/clock.h"

#include <utility>

namespace annotomy {

Result<LeaseHold> LeaseHold::take(Workspace& workspace, CaseId id)
{
    Result<OpenSessionClaim> session = OpenSessionClaim::take(workspace.folder(), id);
    if (!session)
        return session.error();
    if (const auto leased = workspace.acquireLease(id); !leased)
        return leased.error();
    LeaseHold hold;
    hold.m_workspace = &workspace;
    hold.m_id = id;
    hold.m_claim = *std::move(session);
    return hold;
}

LeaseHold::LeaseHold(LeaseHold&& other) noexcept
    : m_workspace(std::exchange(other.m_workspace, nullptr)), m_id(other.m_id),
      m_claim(std::move(other.m_claim))
{
}

LeaseHold::~LeaseHold()
{
    if (m_workspace)
        m_workspace->releaseLease(m_id);
}

namespace {

Result<RevisionRecord> firstRevision(Workspace& workspace, const Attachment& attachment,
                                     const LabelMap& labels)
{
    Workspace::NewRevision revision;
    revision.caseId = attachment.caseId;
    revision.authorKind = attachment.authorKind;
    revision.author = attachment.author;
    revision.note = attachment.note;
    revision.labels = &labels;
    revision.startsHistory = true;
    return workspace.addRevision(revision);
}

Result<RevisionRecord> asEdit(Workspace& workspace, const Attachment& attachment, const CaseRecord& record,
                              const CaseHistory& history, const LabelMap& labels)
{
    Result<Document> document = workingDocument(history, record.series.geometry);
    if (!document)
        return document.error();
    EditContext context;
    context.tool = "attach";
    context.author = attachment.author;
    context.timeMs = nowMs();
    const Result<LabelMap> target = numberedAs(document->labels().segments(), labels, attachment.author);
    if (!target)
        return target.error();
    const Result<Edit> edit = document->replaceLabels(*target, context);
    if (!edit)
        return edit.error();
    Workspace::NewRevision revision;
    revision.edit = edit->empty() ? nullptr : &*edit;
    revision.caseId = attachment.caseId;
    revision.parent = record.head;
    revision.authorKind = attachment.authorKind;
    revision.author = attachment.author;
    revision.note = attachment.note;
    revision.labels = &document->labels();
    return workspace.addRevision(revision);
}

} // namespace

Result<LabelMap> numberedAs(const SegmentTable& present, const LabelMap& labels, const std::string& subject)
{
    if (present.empty())
        return labels;
    return renumberedWhole(labels, renumberingByName(labels.segments(), present), subject);
}

Result<RevisionRecord> attachLabels(Workspace& workspace, const Attachment& attachment,
                                    const LabelMap& labels)
{
    const Result<LeaseHold> lease = LeaseHold::take(workspace, attachment.caseId);
    if (!lease)
        return lease.error();
    const Result<CaseRecord> record = workspace.caseById(attachment.caseId);
    if (!record)
        return record.error();
    if (!sameGrid(labels.geometry(), record->series.geometry))
        return Error{ErrorCode::GeometryMismatch, attachment.author, "the mask of another image"};
    const Result<CaseHistory> history = workspace.history(attachment.caseId);
    if (!history)
        return history.error();
    if (!record->head && history->journal.empty())
        return firstRevision(workspace, attachment, labels);
    return asEdit(workspace, attachment, *record, *history, labels);
}

std::string withNotes(std::string note, const std::vector<std::string>& notes)
{
    for (const std::string& line : notes)
        note += '\n' + line;
    return note;
}

Result<std::optional<RevisionRecord>> saveWorkingMask(Workspace& workspace, CaseId id,
                                                      const std::string& author)
{
    const Result<CaseRecord> record = workspace.caseById(id);
    if (!record)
        return record.error();
    const Result<CaseHistory> history = workspace.history(id);
    if (!history)
        return history.error();
    if (!history->unsaved) {
        if (!record->head)
            return std::optional<RevisionRecord>();
        const Result<RevisionRecord> head = workspace.revision(record->head);
        return head ? Result<std::optional<RevisionRecord>>(std::optional(*head)) : head.error();
    }
    const Result<Document> document = workingDocument(*history, record->series.geometry);
    if (!document)
        return document.error();
    Workspace::NewRevision revision;
    revision.caseId = id;
    revision.parent = record->head;
    revision.author = author;
    revision.labels = &document->labels();
    const Result<RevisionRecord> saved = workspace.addRevision(revision);
    return saved ? Result<std::optional<RevisionRecord>>(std::optional(*saved)) : saved.error();
}

Result<SegmentTable> headSegments(Workspace& workspace, CaseId id)
{
    const Result<CaseRecord> record = workspace.caseById(id);
    if (!record)
        return record.error();
    if (!record->head)
        return SegmentTable();
    const Result<LabelMap> labels = workspace.loadMask(record->head);
    if (!labels)
        return labels.error();
    return labels->segments();
}

} // namespace annotomy
