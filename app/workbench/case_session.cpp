#include "app/workbench/case_session.h"

#include "app/workbench/approval_metrics.h"
#include "app/workbench/journal_writer.h"
#include "app/workbench/mask_attachment.h"
#include "app/workbench/workbench_impl.h"
#include "app/workbench/working_mask.h"
#include "core/base/clock.h"

namespace annotomy {

struct CaseSession::Impl {
    Impl(Workbench& bench, CaseRecord caseRecord, Document opened)
        : workbench(bench), record(std::move(caseRecord)), document(std::move(opened))
    {
    }

    Workbench& workbench;
    CaseRecord record;
    Document document;
    std::optional<LeaseHold> lease; // none: read-only
    std::string readOnlyReason;
    std::string userName;
    bool unsaved = false;
    EditContext stroke;
    std::unique_ptr<JournalWriter> writer; // null when read-only; last, so that it ends first

    Result<void> requireEditable() const;
    EditContext contextFor(const std::string& tool) const;
    void journal(const Edit& edit);
    Result<void> refreshRecord();
    Result<RevisionRecord> store(Workspace::NewRevision revision); // the document's mask upon the head
};

Result<void> CaseSession::Impl::requireEditable() const
{
    if (!writer)
        return Error{ErrorCode::ReadOnly, caseName(record), readOnlyReason};
    if (const std::optional<Error> failure = writer->failure())
        return *failure;
    return {};
}

EditContext CaseSession::Impl::contextFor(const std::string& tool) const
{
    EditContext context;
    context.tool = tool;
    context.author = userName;
    context.timeMs = nowMs();
    return context;
}

void CaseSession::Impl::journal(const Edit& edit)
{
    if (edit.empty())
        return;
    writer->push(std::make_shared<const Edit>(edit));
    unsaved = true;
}

Result<void> CaseSession::Impl::refreshRecord()
{
    Result<CaseRecord> fresh = workbench.workspace().caseById(record.id);
    if (!fresh)
        return fresh.error();
    record = *std::move(fresh);
    return {};
}

Result<RevisionRecord> CaseSession::Impl::store(Workspace::NewRevision revision)
{
    revision.caseId = record.id;
    revision.parent = record.head;
    revision.labels = &document.labels();
    Result<RevisionRecord> saved = workbench.workspace().addRevision(revision);
    if (!saved)
        return saved;
    unsaved = false;
    if (const auto refreshed = refreshRecord(); !refreshed)
        return refreshed.error();
    return saved;
}

Result<std::unique_ptr<CaseSession>> CaseSession::open(Workbench& workbench, CaseId id, Volume image,
                                                       const std::string& userName)
{
    Workspace& workspace = workbench.workspace();
    std::optional<LeaseHold> lease;
    std::string reason = workspace.readOnlyReason();
    if (!workspace.readOnly()) {
        if (Result<LeaseHold> taken = LeaseHold::take(workspace, id))
            lease.emplace(*std::move(taken));
        else if (taken.error().code == ErrorCode::CaseInUse)
            reason = taken.error().detail;
        else
            return taken.error();
    }
    // After the lease: nobody else writes the case from here on.
    Result<CaseRecord> record = workspace.caseById(id);
    if (!record)
        return record.error();
    const Result<CaseHistory> history = workspace.history(id);
    if (!history)
        return history.error();
    Result<Document> document = workingDocument(*history, record->series.geometry, std::move(image));
    if (!document)
        return document.error();
    auto impl = std::make_unique<Impl>(workbench, *std::move(record), *std::move(document));
    if (lease)
        impl->lease.emplace(*std::move(lease));
    impl->readOnlyReason = std::move(reason);
    impl->userName = userName;
    impl->unsaved = history->unsaved;
    return std::unique_ptr<CaseSession>(new CaseSession(std::move(impl)));
}

CaseSession::CaseSession(std::unique_ptr<Impl> impl) : m_impl(std::move(impl))
{
    if (!m_impl->lease)
        return;
    // The signals are emitted on this object's thread.
    JournalWriter::Callbacks callbacks;
    callbacks.confirmed = [this](std::int64_t sequence) {
        const QDateTime when = QDateTime::currentDateTime();
        QMetaObject::invokeMethod(
            this, [this, sequence, when] { Q_EMIT confirmed(sequence, when); }, Qt::QueuedConnection);
    };
    callbacks.failed = [this](const Error& error) {
        QMetaObject::invokeMethod(
            this, [this, error] { Q_EMIT journalFailed(error); }, Qt::QueuedConnection);
    };
    callbacks.recovered = [this] {
        QMetaObject::invokeMethod(
            this, [this] { Q_EMIT journalRecovered(); }, Qt::QueuedConnection);
    };
    m_impl->writer = std::make_unique<JournalWriter>(m_impl->workbench.workspace().folder(),
                                                     m_impl->record.id, std::move(callbacks));
}

CaseSession::~CaseSession()
{
    m_impl->writer.reset();
}

const CaseRecord& CaseSession::record() const
{
    return m_impl->record;
}

const Document& CaseSession::document() const
{
    return m_impl->document;
}

bool CaseSession::readOnly() const
{
    return !m_impl->writer;
}

const std::string& CaseSession::readOnlyReason() const
{
    return m_impl->readOnlyReason;
}

bool CaseSession::hasUnsavedEdits() const
{
    return m_impl->unsaved;
}

bool CaseSession::everythingConfirmed() const
{
    return !m_impl->document.strokeOpen() && (!m_impl->writer || m_impl->writer->idle());
}

void CaseSession::setValues(const Volume& values)
{
    m_impl->document.setVolume(values);
}

void CaseSession::setUserName(const std::string& name)
{
    m_impl->userName = name;
}

Result<void> CaseSession::beginStroke(const EditContext& context)
{
    if (const auto editable = m_impl->requireEditable(); !editable)
        return editable;
    m_impl->stroke = context;
    if (m_impl->stroke.author.empty())
        m_impl->stroke.author = m_impl->userName;
    if (m_impl->stroke.timeMs == 0)
        m_impl->stroke.timeMs = nowMs();
    m_impl->document.beginStroke();
    return {};
}

Result<IndexBox> CaseSession::continueStroke(const VoxelSelection& selection)
{
    const Result<Edit> edit = m_impl->document.apply(selection, m_impl->stroke);
    if (!edit)
        return edit.error();
    if (!edit->empty())
        Q_EMIT labelsChanged(edit->box);
    return edit->box;
}

Result<IndexBox> CaseSession::endStroke()
{
    const Edit edit = m_impl->document.endStroke();
    m_impl->journal(edit);
    if (!edit.empty())
        Q_EMIT historyChanged();
    return edit.box;
}

IndexBox CaseSession::cancelStroke()
{
    const IndexBox box = m_impl->document.cancelStroke();
    if (!box.empty())
        Q_EMIT labelsChanged(box);
    return box;
}

Result<IndexBox> CaseSession::performed(const Result<Edit>& edit)
{
    if (!edit)
        return edit.error();
    m_impl->journal(*edit);
    announce(*edit);
    return edit->box;
}

void CaseSession::announce(const Edit& edit)
{
    if (edit.table)
        Q_EMIT segmentsChanged();
    if (!edit.layers.empty())
        Q_EMIT labelsChanged(edit.box);
    if (!edit.empty())
        Q_EMIT historyChanged();
}

Result<IndexBox> CaseSession::apply(const VoxelSelection& selection, EditContext context)
{
    if (const auto editable = m_impl->requireEditable(); !editable)
        return editable.error();
    if (context.author.empty())
        context.author = m_impl->userName;
    if (context.timeMs == 0)
        context.timeMs = nowMs();
    return performed(m_impl->document.apply(selection, context));
}

Result<IndexBox> CaseSession::replaceLabels(const LabelMap& target, const std::string& tool)
{
    if (const auto editable = m_impl->requireEditable(); !editable)
        return editable.error();
    return performed(m_impl->document.replaceLabels(target, m_impl->contextFor(tool)));
}

Result<SegmentNumber> CaseSession::addSegment(const std::string& name)
{
    if (const auto editable = m_impl->requireEditable(); !editable)
        return editable.error();
    Segment segment;
    segment.number = m_impl->document.labels().segments().firstFreeNumber();
    if (segment.number == 0)
        return Error{ErrorCode::TooManySegments, caseName(m_impl->record), "all 255 numbers are taken"};
    segment.name = name;
    segment.colour = paletteColour(segment.number);
    const auto added = performed(m_impl->document.addSegment(segment, m_impl->contextFor("segment")));
    if (!added)
        return added.error();
    return segment.number;
}

Result<void> CaseSession::updateSegment(const Segment& segment)
{
    if (const auto editable = m_impl->requireEditable(); !editable)
        return editable;
    const auto updated = performed(m_impl->document.updateSegment(segment, m_impl->contextFor("segment")));
    return updated ? Result<void>() : updated.error();
}

Result<IndexBox> CaseSession::removeSegment(SegmentNumber number)
{
    if (const auto editable = m_impl->requireEditable(); !editable)
        return editable.error();
    return performed(m_impl->document.removeSegment(number, m_impl->contextFor("segment")));
}

Result<IndexBox> CaseSession::undo()
{
    if (const auto editable = m_impl->requireEditable(); !editable)
        return editable.error();
    if (!m_impl->document.canUndo())
        return IndexBox{};
    const EditHistory::EditPtr edit = m_impl->document.undo();
    m_impl->writer->pushMove(JournalKind::Undo);
    m_impl->unsaved = true;
    announce(*edit);
    return edit->box;
}

Result<IndexBox> CaseSession::redo()
{
    if (const auto editable = m_impl->requireEditable(); !editable)
        return editable.error();
    if (!m_impl->document.canRedo())
        return IndexBox{};
    const EditHistory::EditPtr edit = m_impl->document.redo();
    m_impl->writer->pushMove(JournalKind::Redo);
    m_impl->unsaved = true;
    announce(*edit);
    return edit->box;
}

bool CaseSession::flush()
{
    return !m_impl->writer || m_impl->writer->flush();
}

void CaseSession::retryJournal()
{
    if (m_impl->writer)
        m_impl->writer->retry();
}

Result<void> CaseSession::requireStored()
{
    if (!flush())
        return m_impl->writer->failure().value_or(Error{ErrorCode::DatabaseFailure, caseName(m_impl->record), {}});
    return m_impl->requireEditable();
}

Result<RevisionRecord> CaseSession::save(const std::string& note)
{
    if (const auto stored = requireStored(); !stored)
        return stored.error();
    Workspace::NewRevision revision;
    revision.author = m_impl->userName;
    revision.note = note;
    Result<RevisionRecord> saved = m_impl->store(std::move(revision));
    if (saved)
        Q_EMIT historyChanged();
    return saved;
}

Result<RevisionRecord> CaseSession::attach(const MaskToAttach& mask)
{
    if (const auto editable = m_impl->requireEditable(); !editable)
        return editable.error();
    const Attachment& attachment = mask.attachment;
    if (attachment.caseId != m_impl->record.id
        || !sameGrid(mask.labels.geometry(), m_impl->document.labels().geometry()))
        return Error{ErrorCode::GeometryMismatch, attachment.author, "the mask of another image"};
    const Result<LabelMap> target =
        numberedAs(m_impl->document.labels().segments(), mask.labels, attachment.author);
    if (!target)
        return target.error();
    EditContext context = m_impl->contextFor("attach");
    context.author = attachment.author;
    if (const auto changed = performed(m_impl->document.replaceLabels(*target, context)); !changed)
        return changed.error();
    if (const auto stored = requireStored(); !stored)
        return stored.error();
    Workspace::NewRevision revision;
    revision.authorKind = attachment.authorKind;
    revision.author = attachment.author;
    revision.note = attachment.note;
    Result<RevisionRecord> saved = m_impl->store(std::move(revision));
    if (saved)
        Q_EMIT historyChanged();
    return saved;
}

Result<Pool> CaseSession::approve(const std::string& userName, NoMask noMask)
{
    if (const auto editable = m_impl->requireEditable(); !editable)
        return editable.error();
    if (userName.empty())
        return Error{ErrorCode::InvalidArgument, "approval", "it needs the name of the person who signs"};
    if (noMask == NoMask::Refuse && !m_impl->record.head && m_impl->document.labels().segments().empty())
        return noMaskToSign(m_impl->record);
    if (m_impl->unsaved || !m_impl->record.head) {
        if (const auto saved = save({}); !saved)
            return saved.error();
    }
    Workspace& workspace = m_impl->workbench.workspace();
    if (const auto added = workspace.addUser(userName); !added)
        return added.error();
    const RevisionId approved = m_impl->record.head;
    const Result<Pool> pool = workspace.approve(approved, userName);
    if (!pool)
        return pool;
    // The journal begins anew: undo does not cross a sign-off.
    m_impl->document = Document(m_impl->document.volume(), m_impl->document.labels());
    m_impl->writer->post([id = m_impl->record.id, approved](Workspace& own, std::stop_token) {
        // Finished even when the case is closed at once: the figures belong to the approval.
        if (const auto measured = storeApprovalMetrics(own, id, approved); !measured)
            qWarning("The figures of an approval could not be stored: %s", measured.error().detail.c_str());
    });
    if (const auto refreshed = m_impl->refreshRecord(); !refreshed)
        return refreshed.error();
    Q_EMIT historyChanged();
    return pool;
}

} // namespace annotomy
