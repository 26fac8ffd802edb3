#pragma once

#include "storage/records.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

enum class OpenMode { ReadWrite, ReadOnly };

// A workspace folder and its database. Owns one SQLite connection; use it from the thread that opened it, and open
// another one for another thread (WAL lets them work side by side). Speaks domain values, never SQL.
// Every writing call is one transaction: it has happened and is on disk (synchronous=FULL) when it returns, or it has not
// happened at all. Errors: DiskFull, DatabaseFailure, CorruptDatabase, ReadOnly, NotFound, as each says.
class Workspace {
public:
    // Creates the folder and database where there is none (ReadWrite only). Migrates an older database after a backup copy
    // beside it. Errors: NewerWorkspace, CorruptDatabase, PermissionDenied, DiskFull, NotFound (ReadOnly).
    // On a network file system, and where the folder or the database may only be read, the workspace opens read-only:
    // see readOnlyReason().
    static Result<std::unique_ptr<Workspace>> open(const std::string& folder, OpenMode mode = OpenMode::ReadWrite);
    ~Workspace();
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    const std::string& folder() const;
    bool readOnly() const;
    const std::string& readOnlyReason() const; // English; empty when writable
    static int schemaVersion();

    // --- cases -------------------------------------------------------------------------------------------------
    // Finds the case of this series (same contentKey) or makes one with its patient, study, series and files rows.
    struct AddedCase {
        CaseId id;
        bool isNew = false;
    };
    Result<AddedCase> addCase(const SeriesEntry& series, const std::string& channel, bool copied);
    Result<void> addChannel(CaseId id, const std::string& name, const SeriesEntry& series);
    Result<std::vector<ChannelRecord>> channels(CaseId id);
    Result<std::vector<CaseRecord>> cases(); // by id; thumbnails included
    // The rows of a list, and how many there are without regard to offset and limit.
    Result<std::vector<CaseRow>> findCases(const CaseFilter& filter);
    Result<std::int64_t> countCases(const CaseFilter& filter);
    Result<std::vector<CaseId>> casesOfSeries(const std::string& seriesUid); // ascending; none for an empty UID
    Result<std::vector<CaseId>> casesOfPatient(const std::string& patientKey); // ascending
    Result<std::optional<CaseId>> caseOfContent(const std::string& contentKey);
    Result<CaseRecord> caseById(CaseId id);
    Result<void> setThumbnail(CaseId id, const std::vector<std::byte>& png);
    Result<void> relink(CaseId id, const SeriesEntry& series); // moved files; contentKey and grid must match
    Result<void> setState(CaseId id, CaseState state);
    // The series has grown: a case nobody has worked on (no revision, no edit, no lease) takes the new grid and files.
    // Errors: Conflict for one that has work.
    Result<void> regrow(CaseId id, const SeriesEntry& series);
    Result<void> addWarning(CaseId id, const Warning& warning); // one of the same code is replaced
    // Of a series, be it a case's image or a channel: the warning of that code goes, and `warning` comes in its place.
    // Errors: NotFound when there is no such series.
    Result<void> replaceWarning(const std::string& contentKey, const std::string& code,
                                const std::optional<Warning>& warning);

    // --- writer lease ------------------------------------------------------------------------------------------
    // One writer per case: this object, in this process (host, pid, start time). A lease whose process has ended is taken
    // over. Calling it again renews it. While it is held, other processes may not write to the case, except proposals; other
    // workspaces of this process may. Released with this object. Errors: CaseInUse, with who holds it in the detail.
    Result<void> acquireLease(CaseId id);
    void releaseLease(CaseId id);
    // For whoever writes over a long time, here or in another workspace of this process: from the first call on, this
    // workspace writes to the case only while this process holds its lease, and each call tells those who cannot see the
    // process (another host) that it lives. Due every few minutes. Errors: CaseInUse when the lease is lost.
    Result<void> keepLease(CaseId id);

    // --- revisions and the journal --------------------------------------------------------------------------------
    struct NewRevision {
        CaseId caseId;
        RevisionId parent;
        AuthorKind authorKind = AuthorKind::Person;
        std::string author;
        ModelId model;
        std::string note;
        const LabelMap* labels = nullptr;
        const Edit* edit = nullptr; // journalled with the revision, which holds it: both, or neither
        bool becomesHead = true; // false for a proposal: a sibling, never a replacement
        bool startsHistory = false; // true: the journal begins anew from this revision (nothing before it can be undone)
    };
    Result<RevisionRecord> addRevision(const NewRevision& revision);
    Result<std::vector<RevisionRecord>> revisions(CaseId id); // oldest first
    Result<RevisionRecord> revision(RevisionId id);
    Result<LabelMap> loadMask(RevisionId id); // the hash is verified: HashMismatch

    // Appends to the case's journal; returns the sequence number once committed. A first edit of a New case makes it InWork.
    Result<std::int64_t> appendEdit(CaseId id, const Edit& edit);
    Result<std::int64_t> appendCursorMove(CaseId id, JournalKind undoOrRedo);
    Result<CaseHistory> history(CaseId id);
    // The case's whole journal, sign-offs notwithstanding; oldest first.
    Result<std::vector<JournalStep>> journalSteps(CaseId id);

    // Signs a revision off: state Approved, journal closed (startsHistory), the patient's pool drawn when it has none, one
    // decision row. The pool is a hash of patient key and the workspace's salt: 80 % train, 20 % validation.
    // The revision becomes the head. Errors: Conflict while the journal has edits that no revision holds.
    Result<Pool> approve(RevisionId id, const std::string& userName);
    Result<void> reservePool(const std::string& patientKey, Pool pool); // before the first approval; Conflict after

    // --- metrics -----------------------------------------------------------------------------------------------
    Result<void> storeMetrics(CaseId id, const std::vector<MetricRecord>& metrics); // replaces those of the same pair
    Result<std::vector<MetricRecord>> metrics(CaseId id);

    // --- models and runs ---------------------------------------------------------------------------------------
    // With an id: resumes that run in this process. Errors: Conflict while another process is at it.
    Result<RunId> beginRun(const RunRecord& run);
    Result<void> appendEpoch(RunId id, const EpochRecord& epoch); // replaces one of the same epoch (resume)
    Result<void> endRun(RunId id, RunStatus status, const std::string& message);
    Result<RunRecord> run(RunId id);
    Result<std::vector<RunRecord>> runs();
    Result<std::vector<EpochRecord>> epochs(RunId id);
    // Marks runs of ended processes as Interrupted (called at start); returns all that are.
    Result<std::vector<RunRecord>> interruptedRuns();

    // The id is given by the database, and "model-<id>" where there is no name. Errors: InvalidArgument for a card that
    // modelCardFromJson would refuse, a file outside of the workspace, or status Current (see promote).
    Result<ModelRecord> addModel(const ModelRecord& model);
    Result<std::vector<ModelRecord>> models();
    Result<ModelRecord> model(ModelId id);
    Result<std::optional<ModelRecord>> currentModel();
    // Makes a model the current one (the former one Retired), with its decision row; asStatus: Current or Provisional.
    Result<void> promote(ModelId id, ModelStatus asStatus, const DecisionRecord& decision);
    Result<void> setModelStatus(ModelId id, ModelStatus status, const DecisionRecord& decision);

    // --- people and decisions ------------------------------------------------------------------------------------
    Result<void> addUser(const std::string& name); // no error when it is there
    Result<std::vector<std::string>> users();
    Result<void> addDecision(const DecisionRecord& decision);
    Result<std::vector<DecisionRecord>> decisions(CaseId id = {}); // all, or one case's
    Result<std::string> setting(const std::string& key);           // empty when not set
    Result<void> setSetting(const std::string& key, const std::string& value);

private:
    struct Impl;
    explicit Workspace(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

// SHA-256 in lower-case hex.
std::string sha256Hex(std::span<const std::byte> bytes);
Result<std::string> sha256OfFile(const std::string& path);

} // namespace annotomy
