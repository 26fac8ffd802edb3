#pragma once

#include "storage/revision_store.h"

namespace annotomy {

class JournalStore {
public:
    JournalStore(Connection& connection, CaseStore& cases, RevisionStore& revisions, LeaseStore& leases)
        : m_db(connection), m_cases(cases), m_revisions(revisions), m_leases(leases)
    {
    }

    Result<std::int64_t> appendEdit(CaseId id, const Edit& edit);
    Result<std::int64_t> appendCursorMove(CaseId id, JournalKind kind);
    Result<CaseHistory> history(CaseId id);
    Result<std::vector<JournalStep>> steps(CaseId id); // of the whole journal, oldest first

private:
    Result<std::int64_t> append(CaseId id, JournalKind kind, const std::vector<std::byte>& edit);
    Result<std::vector<JournalEntry>> entriesAfter(CaseId id, std::int64_t sequence);
    Result<std::int64_t> journalPosition(RevisionId id);

    Connection& m_db;
    CaseStore& m_cases;
    RevisionStore& m_revisions;
    LeaseStore& m_leases;
};

} // namespace annotomy
