#include "storage/revision_store.h"

#include "core/base/clock.h"
#include "storage/names.h"

namespace annotomy {

namespace {

constexpr std::size_t largestMask = 900'000'000; // SQLite refuses blobs from 1e9 bytes on

std::string selectRevisions(const char* condition)
{
    return std::string("SELECT id, case_id, parent, author_kind, author, model_id, time_ms, note, mask_hash, "
                       "approved_by, approved_ms, journal_position FROM revisions ") +
           condition;
}

Result<RevisionRecord> revisionFromRow(const Statement& row)
{
    const auto kind = valueNamed<AuthorKind>(row.text(3));
    if (!kind)
        return corruptRow("a revision's author");
    RevisionRecord record;
    record.id = row.id<RevisionId>(0);
    record.caseId = row.id<CaseId>(1);
    record.parent = row.id<RevisionId>(2);
    record.authorKind = *kind;
    record.author = row.text(4);
    record.model = row.id<ModelId>(5);
    record.timeMs = row.integer(6);
    record.note = row.text(7);
    record.maskHash = row.text(8);
    record.approved = !row.isNull(9);
    record.approvedBy = row.text(9);
    record.approvedMs = row.integer(10);
    record.journalPosition = row.integer(11);
    return record;
}

Error noSuchRevision(RevisionId id)
{
    return {ErrorCode::NotFound, "revision " + std::to_string(id.value), "no such revision"};
}

// A new revision's effect on what the case list shows.
CaseState stateAfter(CaseState state, const Workspace::NewRevision& revision)
{
    if (revision.becomesHead)
        return CaseState::InWork;
    const bool proposal = revision.authorKind == AuthorKind::Model;
    return proposal && state == CaseState::New ? CaseState::Proposed : state;
}

} // namespace

Result<std::int64_t> lastSequence(Connection& connection, CaseId id)
{
    Statement select(connection, "SELECT max(sequence) FROM journal WHERE case_id = ?");
    if (auto done = select.run(id); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    return *row ? select.integer(0) : std::int64_t{0};
}

Result<std::int64_t> appendToJournal(Connection& connection, CaseId id, JournalKind kind,
                                     const std::vector<std::byte>& edit)
{
    Statement insert(connection, "INSERT INTO journal(case_id, kind, time_ms, edit) VALUES(?, ?, ?, ?)");
    if (auto done = insert.run(id, nameOf(kind), nowMs(), edit); !done)
        return done.error();
    return insert.insertedId();
}

Result<void> RevisionStore::check(const Workspace::NewRevision& revision)
{
    if (!revision.labels)
        return Error{ErrorCode::InvalidArgument, {}, "a revision without a mask"};
    if (revision.edit && !revision.becomesHead)
        return Error{ErrorCode::InvalidArgument, {}, "an edit belongs to the revision that is worked from"};
    const auto grid = m_cases.geometry(revision.caseId);
    if (!grid)
        return grid.error();
    if (!sameGrid(*grid, revision.labels->geometry()))
        return Error{ErrorCode::GeometryMismatch, "case " + std::to_string(revision.caseId.value),
                     "the mask lies on another grid than the image"};
    if (!revision.parent)
        return {};
    const auto parent = byId(revision.parent);
    if (!parent)
        return parent.error();
    if (parent->caseId != revision.caseId)
        return Error{ErrorCode::InvalidArgument, {}, "a parent revision of another case"};
    return {};
}

Result<RevisionId> RevisionStore::insert(const Workspace::NewRevision& revision,
                                         const std::vector<std::byte>& mask, std::int64_t journalPosition)
{
    Statement statement(
        m_db, "INSERT INTO revisions(case_id, parent, author_kind, author, model_id, time_ms, note, "
              "mask, mask_hash, journal_position) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (auto done =
            statement.run(revision.caseId, revision.parent, nameOf(revision.authorKind), revision.author,
                          revision.model, nowMs(), revision.note, mask, sha256Hex(mask), journalPosition);
        !done)
        return done.error();
    return RevisionId{statement.insertedId()};
}

Result<void> RevisionStore::insertSegments(RevisionId id, const LabelMap& labels)
{
    const std::vector<std::int64_t> voxels = voxelCounts(labels);
    Statement statement(m_db,
                        "INSERT INTO segments(revision_id, number, name, voxels, type_scheme, type_value) "
                        "VALUES(?, ?, ?, ?, ?, ?)");
    for (const Segment& segment : labels.segments().segments())
        if (auto done = statement.run(id, int{segment.number}, segment.name, voxels[segment.number],
                                      segment.type.scheme, segment.type.value);
            !done)
            return done;
    return {};
}

Result<void> RevisionStore::updateCase(const Workspace::NewRevision& revision, RevisionId id,
                                       std::int64_t journalPosition)
{
    const auto before = m_cases.position(revision.caseId);
    if (!before)
        return before.error();
    const RevisionId head = revision.becomesHead ? id : before->head;
    if (auto done = m_cases.moveHead(revision.caseId, head, stateAfter(before->state, revision)); !done)
        return done;
    if (!revision.becomesHead || !revision.startsHistory)
        return {};
    return m_cases.startHistory(revision.caseId, id, journalPosition);
}

Result<RevisionRecord> RevisionStore::add(const Workspace::NewRevision& revision)
{
    if (auto checked = check(revision); !checked)
        return checked.error();
    const std::vector<std::byte> mask = encodeLabelMap(*revision.labels);
    if (mask.size() > largestMask)
        return Error{ErrorCode::Unsupported, {}, "a mask of more than 900 MB, compressed"};
    const std::vector<std::byte> edit = revision.edit ? encodeEdit(*revision.edit) : std::vector<std::byte>();
    return atomically(m_db, [&]() -> Result<RevisionRecord> {
        if (revision.becomesHead)
            if (auto allowed = m_leases.checkMayWrite(revision.caseId); !allowed)
                return allowed.error();
        const auto position = revision.edit ? appendToJournal(m_db, revision.caseId, JournalKind::Edit, edit)
                                            : lastSequence(m_db, revision.caseId);
        if (!position)
            return position.error();
        const auto id = insert(revision, mask, *position);
        if (!id)
            return id.error();
        if (auto done = insertSegments(*id, *revision.labels); !done)
            return done.error();
        if (auto done = updateCase(revision, *id, *position); !done)
            return done.error();
        return byId(*id);
    });
}

Result<std::vector<RevisionRecord>> RevisionStore::ofCase(CaseId id)
{
    if (const auto known = m_cases.position(id); !known)
        return known.error();
    Statement select(m_db, selectRevisions("WHERE case_id = ? ORDER BY id"));
    if (auto done = select.run(id); !done)
        return done.error();
    std::vector<RevisionRecord> records;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return records;
        const auto record = revisionFromRow(select);
        if (!record)
            return record.error();
        records.push_back(*record);
    }
}

Result<RevisionRecord> RevisionStore::byId(RevisionId id)
{
    Statement select(m_db, selectRevisions("WHERE id = ?"));
    if (auto done = select.run(id); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    return *row ? revisionFromRow(select) : noSuchRevision(id);
}

Result<LabelMap> RevisionStore::loadMask(RevisionId id)
{
    const auto record = byId(id);
    if (!record)
        return record.error();
    Statement select(m_db, "SELECT mask FROM revisions WHERE id = ?");
    if (auto done = select.run(id); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    const std::vector<std::byte> mask = *row ? select.bytes(0) : std::vector<std::byte>();
    const std::string subject = "revision " + std::to_string(id.value);
    if (sha256Hex(mask) != record->maskHash)
        return Error{ErrorCode::HashMismatch, subject, "the stored mask is not the one that was saved"};
    auto labels = decodeLabelMap(mask);
    if (!labels)
        return Error{ErrorCode::CorruptDatabase, subject, labels.error().detail};
    const auto grid = m_cases.geometry(record->caseId);
    if (!grid)
        return grid.error();
    if (!sameGrid(*grid, labels->geometry()))
        return Error{ErrorCode::CorruptDatabase, subject,
                     "the stored mask lies on another grid than its image"};
    return labels;
}

} // namespace annotomy
