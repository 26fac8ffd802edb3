#pragma once

#include "storage/connection.h"

namespace annotomy {

// Trainings and their epochs.
class RunStore {
public:
    explicit RunStore(Connection& connection) : m_db(connection) {}

    Result<RunId> begin(const RunRecord& run);
    Result<void> appendEpoch(RunId id, const EpochRecord& epoch);
    Result<void> end(RunId id, RunStatus status, const std::string& message);
    Result<RunRecord> byId(RunId id);
    Result<std::vector<RunRecord>> all();
    Result<std::vector<EpochRecord>> epochs(RunId id);
    Result<std::vector<RunRecord>> interrupted();

private:
    Result<RunId> insert(const RunRecord& run);
    Result<void> checkNotRunningElsewhere(RunId id);
    Result<RunId> resume(const RunRecord& run);
    Result<void> markEndedProcesses();
    Result<std::vector<RunRecord>> read(Statement& select);

    Connection& m_db;
};

// The cases of a run or model, kept in order in a table (owner, position, case_id).
Result<void> insertCaseList(Connection& connection, const std::string& insertSql, std::int64_t owner,
                            const std::vector<CaseId>& cases);
Result<std::vector<CaseId>> readCaseList(Connection& connection, const std::string& selectSql,
                                         std::int64_t owner);

} // namespace annotomy
