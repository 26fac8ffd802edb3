#include "storage/journal_store.h"

#include "storage/names.h"

namespace annotomy {

Result<std::int64_t> JournalStore::append(CaseId id, JournalKind kind, const std::vector<std::byte>& edit)
{
    return atomically(m_db, [&]() -> Result<std::int64_t> {
        const auto where = m_cases.position(id);
        if (!where)
            return where.error();
        if (auto allowed = m_leases.checkMayWrite(id); !allowed)
            return allowed.error();
        const auto sequence = appendToJournal(m_db, id, kind, edit);
        if (!sequence)
            return sequence;
        // An edit after the sign-off reopens the case; the approved revision stays approved.
        if (where->state != CaseState::InWork)
            if (auto done = m_cases.writeState(id, CaseState::InWork); !done)
                return done.error();
        return sequence;
    });
}

Result<std::int64_t> JournalStore::appendEdit(CaseId id, const Edit& edit)
{
    if (edit.empty())
        return Error{ErrorCode::InvalidArgument, {}, "an edit without changes"};
    return append(id, JournalKind::Edit, encodeEdit(edit));
}

Result<std::int64_t> JournalStore::appendCursorMove(CaseId id, JournalKind kind)
{
    if (kind == JournalKind::Edit)
        return Error{ErrorCode::InvalidArgument, {}, "an edit is no cursor move"};
    return append(id, kind, {});
}

Result<std::vector<JournalEntry>> JournalStore::entriesAfter(CaseId id, std::int64_t sequence)
{
    Statement select(m_db, "SELECT sequence, kind, edit FROM journal WHERE case_id = ? AND sequence > ? "
                           "ORDER BY sequence");
    if (auto done = select.run(id, sequence); !done)
        return done.error();
    std::vector<JournalEntry> entries;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return entries;
        const auto kind = valueNamed<JournalKind>(select.text(1));
        if (!kind)
            return corruptRow("a journal entry's kind");
        entries.push_back({select.integer(0), *kind, select.bytes(2)});
    }
}

Result<std::int64_t> JournalStore::journalPosition(RevisionId id)
{
    Statement select(m_db, "SELECT journal_position FROM revisions WHERE id = ?");
    if (auto done = select.run(id); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    return *row ? select.integer(0) : std::int64_t{0};
}

Result<CaseHistory> JournalStore::history(CaseId id)
{
    return consistently(m_db, [&]() -> Result<CaseHistory> {
        const auto where = m_cases.position(id);
        if (!where)
            return where.error();
        CaseHistory history;
        if (where->historyBase) {
            auto base = m_revisions.loadMask(where->historyBase);
            if (!base)
                return base.error();
            history.base = std::move(*base);
        }
        auto entries = entriesAfter(id, where->historyStart);
        const auto stored = journalPosition(where->head);
        if (!entries || !stored)
            return entries ? stored.error() : entries.error();
        history.journal = std::move(*entries);
        history.unsaved = !history.journal.empty() && history.journal.back().sequence > *stored;
        return history;
    });
}

Result<std::vector<JournalStep>> JournalStore::steps(CaseId id)
{
    if (const auto known = m_cases.position(id); !known)
        return known.error();
    Statement select(m_db, "SELECT sequence, kind, time_ms, edit FROM journal WHERE case_id = ? ORDER BY sequence");
    if (auto done = select.run(id); !done)
        return done.error();
    std::vector<JournalStep> steps;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return steps;
        const auto kind = valueNamed<JournalKind>(select.text(1));
        if (!kind)
            return corruptRow("a journal entry's kind");
        JournalStep step{select.integer(0), *kind, select.integer(2), {}};
        if (*kind == JournalKind::Edit) {
            auto tool = toolOfEdit(select.bytes(3));
            if (!tool)
                return corruptRow("a journal entry's edit");
            step.tool = *std::move(tool);
        }
        steps.push_back(std::move(step));
    }
}

} // namespace annotomy
