#include "storage/run_store.h"

#include "core/base/clock.h"
#include "storage/names.h"
#include "storage/process_identity.h"

namespace annotomy {

namespace {

std::string selectRuns(const char* condition)
{
    return std::string(
               "SELECT id, parent, recipe, job, folder, status, message, started_ms, ended_ms FROM runs ") +
           condition;
}

Error noSuchRun(RunId id)
{
    return {ErrorCode::NotFound, "run " + std::to_string(id.value), "no such run"};
}

Result<RunRecord> runFromRow(const Statement& row)
{
    const auto recipe = recipeFromJson(row.text(2));
    const auto status = valueNamed<RunStatus>(row.text(5));
    if (!recipe || !status)
        return corruptRow("a run's recipe or status");
    RunRecord record;
    record.id = row.id<RunId>(0);
    record.parent = row.id<ModelId>(1);
    record.recipe = *recipe;
    record.jobJson = row.text(3);
    record.folder = row.text(4);
    record.status = *status;
    record.message = row.text(6);
    record.startedMs = row.integer(7);
    record.endedMs = row.integer(8);
    return record;
}

} // namespace

Result<void> insertCaseList(Connection& connection, const std::string& insertSql, std::int64_t owner,
                            const std::vector<CaseId>& cases)
{
    Statement insert(connection, insertSql);
    for (std::size_t position = 0; position < cases.size(); ++position)
        if (auto done = insert.run(owner, static_cast<std::int64_t>(position), cases[position]); !done)
            return done;
    return {};
}

Result<std::vector<CaseId>> readCaseList(Connection& connection, const std::string& selectSql,
                                         std::int64_t owner)
{
    Statement select(connection, selectSql);
    if (auto done = select.run(owner); !done)
        return done.error();
    std::vector<CaseId> cases;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return cases;
        cases.push_back(select.id<CaseId>(0));
    }
}

Result<RunId> RunStore::begin(const RunRecord& run)
{
    if (auto valid = recipeFromJson(toJsonText(run.recipe)); !valid)
        return Error{ErrorCode::InvalidArgument, {}, valid.error().detail};
    return atomically(m_db, [&] { return run.id ? resume(run) : insert(run); });
}

Result<RunId> RunStore::insert(const RunRecord& run)
{
    const ProcessIdentity self = thisProcess();
    Statement statement(
        m_db, "INSERT INTO runs(parent, recipe, job, folder, status, message, started_ms, ended_ms, "
              "host, pid, process_start) VALUES(?, ?, ?, ?, 'running', '', ?, 0, ?, ?, ?)");
    if (auto done = statement.run(run.parent, toJsonText(run.recipe), run.jobJson, run.folder,
                                  run.startedMs > 0 ? run.startedMs : nowMs(), self.host,
                                  std::int64_t{self.pid}, self.start);
        !done)
        return done.error();
    const RunId id{statement.insertedId()};
    if (auto done = insertCaseList(m_db, "INSERT INTO run_cases(run_id, position, case_id) VALUES(?, ?, ?)",
                                   id.value, run.cases);
        !done)
        return done.error();
    return id;
}

// Two workers would write one checkpoint.
Result<void> RunStore::checkNotRunningElsewhere(RunId id)
{
    Statement select(m_db, "SELECT host, pid, process_start FROM runs WHERE id = ? AND status = 'running'");
    if (auto done = select.run(id); !done)
        return done;
    const auto row = select.next();
    if (!row)
        return row.error();
    if (!*row)
        return {};
    const ProcessIdentity holder{select.text(0), select.integer(1), select.text(2)};
    if (holder == thisProcess() || livenessOf(holder) != Liveness::Alive)
        return {};
    return Error{ErrorCode::Conflict, "Run " + std::to_string(id.value),
                 "process " + std::to_string(holder.pid) + " is training it; wait for it, or stop it there"};
}

Result<RunId> RunStore::resume(const RunRecord& run)
{
    if (auto checked = checkNotRunningElsewhere(run.id); !checked)
        return checked.error();
    const ProcessIdentity self = thisProcess();
    Statement update(m_db,
                     "UPDATE runs SET status = 'running', message = '', ended_ms = 0, job = ?, host = ?, "
                     "pid = ?, process_start = ? WHERE id = ?");
    if (auto done = update.run(run.jobJson, self.host, std::int64_t{self.pid}, self.start, run.id); !done)
        return done.error();
    if (update.changedRows() == 0)
        return noSuchRun(run.id);
    return run.id;
}

Result<void> RunStore::appendEpoch(RunId id, const EpochRecord& epoch)
{
    const std::string record = toJsonLine(WorkerEvent(epoch));
    if (auto valid = workerEventFromJson(record); !valid)
        return Error{ErrorCode::InvalidArgument, {}, valid.error().detail};
    return atomically(m_db, [&]() -> Result<void> {
        Statement insert(m_db, "INSERT INTO epochs(run_id, epoch, record) VALUES(?, ?, ?) "
                               "ON CONFLICT(run_id, epoch) DO UPDATE SET record = excluded.record");
        return insert.run(id, epoch.epoch, record);
    });
}

Result<void> RunStore::end(RunId id, RunStatus status, const std::string& message)
{
    if (status == RunStatus::Running)
        return Error{ErrorCode::InvalidArgument, {}, "a run does not end as running"};
    return atomically(m_db, [&]() -> Result<void> {
        Statement update(m_db, "UPDATE runs SET status = ?, message = ?, ended_ms = ? WHERE id = ?");
        if (auto done = update.run(nameOf(status), message, nowMs(), id); !done)
            return done;
        if (update.changedRows() == 0)
            return noSuchRun(id);
        return {};
    });
}

Result<std::vector<RunRecord>> RunStore::read(Statement& select)
{
    std::vector<RunRecord> records;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return records;
        auto record = runFromRow(select);
        if (!record)
            return record.error();
        auto cases = readCaseList(m_db, "SELECT case_id FROM run_cases WHERE run_id = ? ORDER BY position",
                                  record->id.value);
        if (!cases)
            return cases.error();
        record->cases = std::move(*cases);
        records.push_back(std::move(*record));
    }
}

Result<RunRecord> RunStore::byId(RunId id)
{
    Statement select(m_db, selectRuns("WHERE id = ?"));
    if (auto done = select.run(id); !done)
        return done.error();
    auto records = read(select);
    if (!records)
        return records.error();
    if (records->empty())
        return noSuchRun(id);
    return std::move(records->front());
}

Result<std::vector<RunRecord>> RunStore::all()
{
    return consistently(m_db, [&]() -> Result<std::vector<RunRecord>> {
        Statement select(m_db, selectRuns("ORDER BY id"));
        if (auto done = select.run(); !done)
            return done.error();
        return read(select);
    });
}

Result<std::vector<EpochRecord>> RunStore::epochs(RunId id)
{
    Statement select(m_db, "SELECT record FROM epochs WHERE run_id = ? ORDER BY epoch");
    if (auto done = select.run(id); !done)
        return done.error();
    std::vector<EpochRecord> epochs;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return epochs;
        const auto event = workerEventFromJson(select.text(0));
        const EpochRecord* epoch = event ? std::get_if<EpochRecord>(&*event) : nullptr;
        if (!epoch)
            return corruptRow("an epoch");
        epochs.push_back(*epoch);
    }
}

Result<void> RunStore::markEndedProcesses()
{
    Statement select(m_db, "SELECT id, host, pid, process_start FROM runs WHERE status = 'running'");
    if (auto done = select.run(); !done)
        return done;
    std::vector<RunId> ended;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            break;
        if (livenessOf({select.text(1), select.integer(2), select.text(3)}) == Liveness::Ended)
            ended.push_back(select.id<RunId>(0));
    }
    Statement update(m_db, "UPDATE runs SET status = 'interrupted', ended_ms = ? WHERE id = ?");
    for (const RunId id : ended)
        if (auto done = update.run(nowMs(), id); !done)
            return done;
    return {};
}

Result<std::vector<RunRecord>> RunStore::interrupted()
{
    if (m_db.readOnlyReason().empty())
        if (auto marked = atomically(m_db, [&] { return markEndedProcesses(); }); !marked)
            return marked.error();
    Statement select(m_db, selectRuns("WHERE status = 'interrupted' ORDER BY id"));
    if (auto done = select.run(); !done)
        return done.error();
    return read(select);
}

} // namespace annotomy
