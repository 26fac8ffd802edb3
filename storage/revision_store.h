#pragma once

#include "storage/case_store.h"
#include "storage/lease_store.h"

namespace annotomy {

// Masks as they were stored, approvals and pools.
class RevisionStore {
public:
    RevisionStore(Connection& connection, CaseStore& cases, LeaseStore& leases)
        : m_db(connection), m_cases(cases), m_leases(leases)
    {
    }

    Result<RevisionRecord> add(const Workspace::NewRevision& revision);
    Result<std::vector<RevisionRecord>> ofCase(CaseId id);
    Result<RevisionRecord> byId(RevisionId id);
    Result<LabelMap> loadMask(RevisionId id);
    Result<Pool> approve(RevisionId id, const std::string& userName);
    Result<void> reservePool(const std::string& patientKey, Pool pool);

private:
    Result<void> check(const Workspace::NewRevision& revision);
    Result<RevisionId> insert(const Workspace::NewRevision& revision, const std::vector<std::byte>& mask,
                              std::int64_t journalPosition);
    Result<void> insertSegments(RevisionId id, const LabelMap& labels);
    Result<void> updateCase(const Workspace::NewRevision& revision, RevisionId id,
                            std::int64_t journalPosition);
    Result<void> checkNothingIsLost(const RevisionRecord& record);
    Result<void> sign(const RevisionRecord& record, const std::string& userName, Pool pool);
    Result<Pool> poolFor(CaseId id);

    Connection& m_db;
    CaseStore& m_cases;
    LeaseStore& m_leases;
};

// Train for 80 % of all keys, Validation for the others: the first eight bytes of SHA-256(key + salt), as a
// fraction.
Pool drawnPool(const std::string& patientKey, const std::string& salt);

// The sequence number of the newest entry of a case's journal; 0 when it is empty.
Result<std::int64_t> lastSequence(Connection& connection, CaseId id);

// One entry at the end of a case's journal, inside a write transaction; returns its sequence number.
Result<std::int64_t> appendToJournal(Connection& connection, CaseId id, JournalKind kind,
                                     const std::vector<std::byte>& edit);

} // namespace annotomy
