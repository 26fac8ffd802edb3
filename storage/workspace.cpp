#include "storage/workspace.h"

#include "storage/case_store.h"
#include "storage/file_system.h"
#include "storage/journal_store.h"
#include "storage/lease_store.h"
#include "storage/metric_store.h"
#include "storage/model_store.h"
#include "storage/revision_store.h"
#include "storage/run_store.h"
#include "storage/schema.h"
#include "storage/settings_store.h"
#include "storage/worklist_store.h"

#include <filesystem>

#include <unistd.h>

namespace annotomy {

namespace fs = std::filesystem;

struct Workspace::Impl {
    Impl(std::string folderPath, std::unique_ptr<Connection> openConnection)
        : folder(std::move(folderPath)), connection(std::move(openConnection)), cases(*connection),
          leases(*connection), revisions(*connection, cases, leases),
          journal(*connection, cases, revisions, leases), metrics(*connection), runs(*connection),
          settings(*connection), models(*connection, settings), worklist(*connection)
    {
    }

    std::string folder;
    std::unique_ptr<Connection> connection;
    CaseStore cases;
    LeaseStore leases;
    RevisionStore revisions;
    JournalStore journal;
    MetricStore metrics;
    RunStore runs;
    SettingsStore settings;
    ModelStore models;
    WorklistStore worklist;
};

namespace {

constexpr const char* databaseName = "annotomy.db";

Error folderError(const std::string& folder, const std::error_code& failure)
{
    const ErrorCode code = failure == std::errc::permission_denied       ? ErrorCode::PermissionDenied
                           : failure == std::errc::read_only_file_system ? ErrorCode::ReadOnly
                           : failure == std::errc::no_space_on_device    ? ErrorCode::DiskFull
                                                                         : ErrorCode::IoFailure;
    return {code, folder, failure.message()};
}

Result<void> createFolders(const std::string& folder)
{
    for (const char* part : {"", "models", "cache", "exports"}) {
        std::error_code failure;
        fs::create_directories(fs::path(folder) / part, failure);
        if (failure)
            return folderError(folder, failure);
    }
    return {};
}

// Why a workspace that is there cannot be written to: a read-only disk, or missing rights; empty when it can. SQLite
// needs the folder, too, for its log.
std::string obstacleToWriting(const std::string& folder, const std::string& database)
{
    for (const std::string& path : {folder, database}) {
        if (::access(path.c_str(), W_OK) != 0)
            return errno == EROFS ? "it lies on a disk that can only be read" : "you have no permission to write to it";
    }
    return {};
}

// Series of an older version have no row to be searched by yet.
Result<void> listOlderSeries(Connection& connection)
{
    const auto missing = connection.readInteger(
        "SELECT EXISTS(SELECT 1 FROM series LEFT JOIN worklist ON worklist.series_id = series.id "
        "WHERE worklist.series_id IS NULL)");
    if (!missing)
        return missing.error();
    return *missing == 0 ? Result<void>() : atomically(connection, [&] { return WorklistStore(connection).fillIn(); });
}

Result<std::unique_ptr<Connection>> openWritable(const std::string& folder, const std::string& database)
{
    if (auto made = createFolders(folder); !made)
        return made.error();
    auto connection = Connection::open(database, Connection::Access::ReadWrite);
    if (!connection)
        return connection;
    if (auto sound = checkIntegrity(**connection); !sound)
        return sound.error();
    if (auto current = migrate(**connection, migrations()); !current)
        return current.error();
    if (auto listed = listOlderSeries(**connection); !listed)
        return listed.error();
    return connection;
}

// A reader of a WAL database shares its memory file with the writers. Where that cannot be made (a read-only
// disk) and nothing waits in the log, the file is read as one that does not change.
Result<std::unique_ptr<Connection>> openReadable(const std::string& database, const std::string& reason)
{
    std::error_code failure;
    if (!fs::exists(database, failure))
        return Error{ErrorCode::NotFound, database, "no workspace here"};
    auto connection = Connection::open(database, Connection::Access::ReadOnly);
    const auto logSize = fs::file_size(database + "-wal", failure);
    if (!connection && connection.error().code != ErrorCode::CorruptDatabase && (failure || logSize == 0))
        connection = Connection::open(database, Connection::Access::Immutable);
    if (!connection)
        return connection;
    if (auto checked = checkVersion(**connection, Workspace::schemaVersion()); !checked)
        return checked.error();
    (*connection)->setReadOnlyReason(reason);
    return connection;
}

// The nearest folder that exists, to ask it for its file system.
std::string existingPart(const std::string& folder)
{
    std::error_code failure;
    fs::path path = fs::absolute(folder, failure);
    while (path.has_relative_path() && !fs::exists(path, failure))
        path = path.parent_path();
    return path.string();
}

Result<std::unique_ptr<Connection>> openDatabase(const std::string& folder, OpenMode mode)
{
    const std::string database = (fs::path(folder) / databaseName).string();
    if (mode == OpenMode::ReadOnly)
        return openReadable(database, "opened for reading");
    const std::string network = networkFileSystem(existingPart(folder));
    std::error_code failure;
    const bool exists = fs::exists(database, failure);
    if (!network.empty() && !exists)
        return Error{ErrorCode::ReadOnly, folder,
                     "it lies on a network file system, " + network + "; choose a folder on a local disk"};
    if (!network.empty())
        return openReadable(database, "the folder lies on a network file system (" + network + ")");
    if (exists)
        if (const std::string obstacle = obstacleToWriting(folder, database); !obstacle.empty())
            return openReadable(database, obstacle);
    return openWritable(folder, database);
}

} // namespace

Workspace::Workspace(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Workspace::~Workspace() = default;

Result<std::unique_ptr<Workspace>> Workspace::open(const std::string& folder, OpenMode mode)
{
    if (folder.empty())
        return Error{ErrorCode::InvalidArgument, {}, "a workspace needs a folder"};
    std::error_code failure;
    const std::string absolute = fs::absolute(folder, failure).lexically_normal().string();
    if (failure)
        return folderError(folder, failure);
    auto connection = openDatabase(absolute, mode);
    if (!connection)
        return connection.error();
    return std::unique_ptr<Workspace>(
        new Workspace(std::make_unique<Impl>(absolute, std::move(*connection))));
}

const std::string& Workspace::folder() const
{
    return m_impl->folder;
}

bool Workspace::readOnly() const
{
    return !m_impl->connection->readOnlyReason().empty();
}

const std::string& Workspace::readOnlyReason() const
{
    return m_impl->connection->readOnlyReason();
}

int Workspace::schemaVersion()
{
    return migrations().back().to;
}

Result<Workspace::AddedCase> Workspace::addCase(const SeriesEntry& series, const std::string& channel,
                                                bool copied)
{
    return m_impl->cases.add(series, channel, copied);
}

Result<void> Workspace::addChannel(CaseId id, const std::string& name, const SeriesEntry& series)
{
    return m_impl->cases.addChannel(id, name, series);
}

Result<std::vector<ChannelRecord>> Workspace::channels(CaseId id)
{
    return m_impl->cases.channels(id);
}

Result<std::vector<CaseRecord>> Workspace::cases()
{
    return m_impl->cases.all();
}

Result<std::vector<CaseRow>> Workspace::findCases(const CaseFilter& filter)
{
    return consistently(*m_impl->connection, [&] { return m_impl->worklist.find(filter); });
}

Result<std::int64_t> Workspace::countCases(const CaseFilter& filter)
{
    return m_impl->worklist.count(filter);
}

Result<std::vector<CaseId>> Workspace::casesOfSeries(const std::string& seriesUid)
{
    return m_impl->worklist.casesOfSeries(seriesUid);
}

Result<std::vector<CaseId>> Workspace::casesOfPatient(const std::string& patientKey)
{
    return m_impl->worklist.casesOfPatient(patientKey);
}

Result<std::optional<CaseId>> Workspace::caseOfContent(const std::string& contentKey)
{
    return m_impl->worklist.caseOfContent(contentKey);
}

Result<CaseRecord> Workspace::caseById(CaseId id)
{
    return m_impl->cases.byId(id);
}

Result<void> Workspace::setThumbnail(CaseId id, const std::vector<std::byte>& png)
{
    return m_impl->cases.setThumbnail(id, png);
}

Result<void> Workspace::relink(CaseId id, const SeriesEntry& series)
{
    return m_impl->cases.relink(id, series);
}

Result<void> Workspace::setState(CaseId id, CaseState state)
{
    return m_impl->cases.setState(id, state);
}

Result<void> Workspace::regrow(CaseId id, const SeriesEntry& series)
{
    return m_impl->cases.regrow(id, series);
}

Result<void> Workspace::addWarning(CaseId id, const Warning& warning)
{
    return m_impl->cases.addWarning(id, warning);
}

Result<void> Workspace::replaceWarning(const std::string& contentKey, const std::string& code,
                                       const std::optional<Warning>& warning)
{
    return m_impl->cases.replaceWarning(contentKey, code, warning);
}

Result<void> Workspace::acquireLease(CaseId id)
{
    return m_impl->leases.acquire(id);
}

void Workspace::releaseLease(CaseId id)
{
    m_impl->leases.release(id);
}

Result<void> Workspace::keepLease(CaseId id)
{
    return m_impl->leases.keep(id);
}

Result<RevisionRecord> Workspace::addRevision(const NewRevision& revision)
{
    return m_impl->revisions.add(revision);
}

Result<std::vector<RevisionRecord>> Workspace::revisions(CaseId id)
{
    return m_impl->revisions.ofCase(id);
}

Result<RevisionRecord> Workspace::revision(RevisionId id)
{
    return m_impl->revisions.byId(id);
}

Result<LabelMap> Workspace::loadMask(RevisionId id)
{
    return m_impl->revisions.loadMask(id);
}

Result<std::int64_t> Workspace::appendEdit(CaseId id, const Edit& edit)
{
    return m_impl->journal.appendEdit(id, edit);
}

Result<std::int64_t> Workspace::appendCursorMove(CaseId id, JournalKind undoOrRedo)
{
    return m_impl->journal.appendCursorMove(id, undoOrRedo);
}

Result<CaseHistory> Workspace::history(CaseId id)
{
    return m_impl->journal.history(id);
}

Result<std::vector<JournalStep>> Workspace::journalSteps(CaseId id)
{
    return consistently(*m_impl->connection, [&] { return m_impl->journal.steps(id); });
}

Result<Pool> Workspace::approve(RevisionId id, const std::string& userName)
{
    return m_impl->revisions.approve(id, userName);
}

Result<void> Workspace::reservePool(const std::string& patientKey, Pool pool)
{
    return m_impl->revisions.reservePool(patientKey, pool);
}

Result<void> Workspace::storeMetrics(CaseId id, const std::vector<MetricRecord>& metrics)
{
    return m_impl->metrics.store(id, metrics);
}

Result<std::vector<MetricRecord>> Workspace::metrics(CaseId id)
{
    return m_impl->metrics.ofCase(id);
}

Result<RunId> Workspace::beginRun(const RunRecord& run)
{
    return m_impl->runs.begin(run);
}

Result<void> Workspace::appendEpoch(RunId id, const EpochRecord& epoch)
{
    return m_impl->runs.appendEpoch(id, epoch);
}

Result<void> Workspace::endRun(RunId id, RunStatus status, const std::string& message)
{
    return m_impl->runs.end(id, status, message);
}

Result<RunRecord> Workspace::run(RunId id)
{
    return m_impl->runs.byId(id);
}

Result<std::vector<RunRecord>> Workspace::runs()
{
    return m_impl->runs.all();
}

Result<std::vector<EpochRecord>> Workspace::epochs(RunId id)
{
    return m_impl->runs.epochs(id);
}

Result<std::vector<RunRecord>> Workspace::interruptedRuns()
{
    return m_impl->runs.interrupted();
}

Result<ModelRecord> Workspace::addModel(const ModelRecord& model)
{
    return m_impl->models.add(model);
}

Result<std::vector<ModelRecord>> Workspace::models()
{
    return m_impl->models.all();
}

Result<ModelRecord> Workspace::model(ModelId id)
{
    return m_impl->models.byId(id);
}

Result<std::optional<ModelRecord>> Workspace::currentModel()
{
    return m_impl->models.current();
}

Result<void> Workspace::promote(ModelId id, ModelStatus asStatus, const DecisionRecord& decision)
{
    return m_impl->models.promote(id, asStatus, decision);
}

Result<void> Workspace::setModelStatus(ModelId id, ModelStatus status, const DecisionRecord& decision)
{
    return m_impl->models.setStatus(id, status, decision);
}

Result<void> Workspace::addUser(const std::string& name)
{
    return m_impl->settings.addUser(name);
}

Result<std::vector<std::string>> Workspace::users()
{
    return m_impl->settings.users();
}

Result<void> Workspace::addDecision(const DecisionRecord& decision)
{
    return m_impl->settings.addDecision(decision);
}

Result<std::vector<DecisionRecord>> Workspace::decisions(CaseId id)
{
    return m_impl->settings.decisions(id);
}

Result<std::string> Workspace::setting(const std::string& key)
{
    return m_impl->settings.read(key);
}

Result<void> Workspace::setSetting(const std::string& key, const std::string& value)
{
    return m_impl->settings.write(key, value);
}

} // namespace annotomy
