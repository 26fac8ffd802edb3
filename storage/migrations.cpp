#include "storage/schema.h"

namespace annotomy {

namespace {

constexpr const char* createPatients = R"(CREATE TABLE patients(
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,
    pool TEXT NOT NULL DEFAULT 'none' CHECK(pool IN ('none', 'train', 'validation', 'test')),
    pool_ms INTEGER))";

constexpr const char* createStudies = R"(CREATE TABLE studies(
    id INTEGER PRIMARY KEY, patient_id INTEGER NOT NULL REFERENCES patients(id), uid TEXT NOT NULL,
    date TEXT NOT NULL, description TEXT NOT NULL, UNIQUE(patient_id, uid)))";

constexpr const char* createSeries = R"(CREATE TABLE series(
    id INTEGER PRIMARY KEY, study_id INTEGER NOT NULL REFERENCES studies(id), content_key TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL, transfer_syntax TEXT NOT NULL, header TEXT NOT NULL, geometry TEXT NOT NULL))";

constexpr const char* createFiles = R"(CREATE TABLE files(
    series_id INTEGER NOT NULL REFERENCES series(id), position INTEGER NOT NULL, path NOT NULL,
    PRIMARY KEY(series_id, position)) WITHOUT ROWID)";

constexpr const char* createCases = R"(CREATE TABLE cases(
    id INTEGER PRIMARY KEY AUTOINCREMENT, series_id INTEGER NOT NULL UNIQUE REFERENCES series(id),
    channel TEXT NOT NULL, copied INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'new' CHECK(state IN ('new', 'inWork', 'proposed', 'approved')),
    head INTEGER REFERENCES revisions(id), history_base INTEGER REFERENCES revisions(id),
    history_start INTEGER NOT NULL DEFAULT 0, added_ms INTEGER NOT NULL, thumbnail BLOB))";

constexpr const char* createChannels = R"(CREATE TABLE channels(
    case_id INTEGER NOT NULL REFERENCES cases(id), name TEXT NOT NULL,
    series_id INTEGER NOT NULL REFERENCES series(id), PRIMARY KEY(case_id, name)) WITHOUT ROWID)";

constexpr const char* createRevisions = R"(CREATE TABLE revisions(
    id INTEGER PRIMARY KEY AUTOINCREMENT, case_id INTEGER NOT NULL REFERENCES cases(id),
    parent INTEGER REFERENCES revisions(id),
    author_kind TEXT NOT NULL CHECK(author_kind IN ('person', 'model', 'import')), author TEXT NOT NULL,
    model_id INTEGER REFERENCES models(id), time_ms INTEGER NOT NULL, note TEXT NOT NULL, mask BLOB NOT NULL,
    mask_hash TEXT NOT NULL, journal_position INTEGER NOT NULL,
    approved_by TEXT, approved_ms INTEGER))";

constexpr const char* createSegments = R"(CREATE TABLE segments(
    revision_id INTEGER NOT NULL REFERENCES revisions(id), number INTEGER NOT NULL, name TEXT NOT NULL,
    voxels INTEGER NOT NULL, type_scheme TEXT NOT NULL, type_value TEXT NOT NULL,
    PRIMARY KEY(revision_id, number)) WITHOUT ROWID)";

constexpr const char* createJournal = R"(CREATE TABLE journal(
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, case_id INTEGER NOT NULL REFERENCES cases(id),
    kind TEXT NOT NULL CHECK(kind IN ('edit', 'undo', 'redo')), time_ms INTEGER NOT NULL, edit BLOB))";

constexpr const char* createLeases = R"(CREATE TABLE leases(
    case_id INTEGER PRIMARY KEY REFERENCES cases(id), token TEXT NOT NULL, host TEXT NOT NULL,
    pid INTEGER NOT NULL, process_start TEXT NOT NULL, heartbeat_ms INTEGER NOT NULL))";

constexpr const char* createMetrics = R"(CREATE TABLE metrics(
    case_id INTEGER NOT NULL REFERENCES cases(id), reference INTEGER REFERENCES revisions(id),
    mask INTEGER REFERENCES revisions(id), purpose TEXT NOT NULL, segment INTEGER NOT NULL,
    voxels_reference INTEGER NOT NULL, voxels_mask INTEGER NOT NULL,
    tp INTEGER NOT NULL, fp INTEGER NOT NULL, fn INTEGER NOT NULL, tn INTEGER NOT NULL,
    precision REAL, recall REAL, f1 REAL, dice REAL, iou REAL, accuracy REAL,
    false_positive_rate REAL, false_negative_rate REAL,
    volume_reference_ml REAL NOT NULL, volume_mask_ml REAL NOT NULL, volume_difference_ml REAL NOT NULL,
    hd_mm REAL, hd95_mm REAL, assd_mm REAL, nsd REAL))";

constexpr const char* createRuns = R"(CREATE TABLE runs(
    id INTEGER PRIMARY KEY AUTOINCREMENT, parent INTEGER REFERENCES models(id), recipe TEXT NOT NULL,
    job TEXT NOT NULL, folder TEXT NOT NULL,
    status TEXT NOT NULL CHECK(status IN ('running', 'finished', 'cancelled', 'failed', 'interrupted')),
    message TEXT NOT NULL, started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
    host TEXT NOT NULL, pid INTEGER NOT NULL, process_start TEXT NOT NULL))";

constexpr const char* createRunCases = R"(CREATE TABLE run_cases(
    run_id INTEGER NOT NULL REFERENCES runs(id), position INTEGER NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases(id), PRIMARY KEY(run_id, position)) WITHOUT ROWID)";

constexpr const char* createEpochs = R"(CREATE TABLE epochs(
    run_id INTEGER NOT NULL REFERENCES runs(id), epoch INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY(run_id, epoch)) WITHOUT ROWID)";

constexpr const char* createModels = R"(CREATE TABLE models(
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, parent INTEGER REFERENCES models(id),
    run_id INTEGER REFERENCES runs(id), file TEXT NOT NULL, hash TEXT NOT NULL, card TEXT NOT NULL,
    status TEXT NOT NULL CHECK(status IN ('candidate', 'current', 'retired', 'rejected', 'provisional')),
    is_current INTEGER NOT NULL DEFAULT 0, gate TEXT NOT NULL, time_ms INTEGER NOT NULL))";

constexpr const char* createModelCases = R"(CREATE TABLE model_cases(
    model_id INTEGER NOT NULL REFERENCES models(id), position INTEGER NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases(id), PRIMARY KEY(model_id, position)) WITHOUT ROWID)";

constexpr const char* createDecisions = R"(CREATE TABLE decisions(
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, who TEXT NOT NULL,
    case_id INTEGER REFERENCES cases(id), revision_id INTEGER REFERENCES revisions(id),
    model_id INTEGER REFERENCES models(id), details TEXT NOT NULL, time_ms INTEGER NOT NULL))";

// What has happened stays: the database itself refuses to change or forget it.
constexpr const char* keepJournal = "CREATE TRIGGER journal_is_kept BEFORE DELETE ON journal BEGIN SELECT "
                                    "raise(ABORT, 'the journal is append-only'); END";
constexpr const char* freezeJournal = "CREATE TRIGGER journal_is_frozen BEFORE UPDATE ON journal BEGIN "
                                      "SELECT raise(ABORT, 'the journal is append-only'); END";
constexpr const char* keepRevisions = "CREATE TRIGGER revisions_are_kept BEFORE DELETE ON revisions BEGIN "
                                      "SELECT raise(ABORT, 'revisions are kept'); END";
constexpr const char* freezeMasks = R"(CREATE TRIGGER masks_are_frozen
    BEFORE UPDATE OF case_id, parent, author_kind, author, model_id, time_ms, mask, mask_hash ON revisions
    BEGIN SELECT raise(ABORT, 'a revision is never overwritten'); END)";
constexpr const char* keepDecisions = "CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions "
                                      "BEGIN SELECT raise(ABORT, 'decisions are append-only'); END";
constexpr const char* freezeDecisions = "CREATE TRIGGER decisions_are_frozen BEFORE UPDATE ON decisions "
                                        "BEGIN SELECT raise(ABORT, 'decisions are append-only'); END";

const Migration initial{
    1,
    {createPatients,
     createStudies,
     createSeries,
     createFiles,
     createCases,
     createChannels,
     createRevisions,
     createSegments,
     createJournal,
     createLeases,
     createMetrics,
     createRuns,
     createRunCases,
     createEpochs,
     createModels,
     createModelCases,
     createDecisions,
     "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, added_ms INTEGER NOT NULL)",
     "CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
     "CREATE INDEX revisions_of_case ON revisions(case_id, id)",
     "CREATE INDEX journal_of_case ON journal(case_id, sequence)",
     "CREATE INDEX metrics_of_case ON metrics(case_id)",
     "CREATE INDEX decisions_of_case ON decisions(case_id, id)",
     "CREATE UNIQUE INDEX one_current_model ON models(is_current) WHERE is_current = 1",
     "INSERT INTO settings(key, value) VALUES('pool.salt', lower(hex(randomblob(32))))",
     keepJournal,
     freezeJournal,
     keepRevisions,
     freezeMasks,
     keepDecisions,
     freezeDecisions}};

// What lists are searched and sorted by: narrow rows, so that going through all of them stays quick. Filled in by
// WorklistStore, for its texts are folded (storage/folded_text.h).
constexpr const char* createWorklist = R"(CREATE TABLE worklist(
    series_id INTEGER PRIMARY KEY REFERENCES series(id), series_uid TEXT NOT NULL, modality TEXT NOT NULL,
    study_date TEXT NOT NULL, patient TEXT NOT NULL, description TEXT NOT NULL, slices INTEGER NOT NULL,
    rows_count INTEGER NOT NULL, columns_count INTEGER NOT NULL,
    patient_folded TEXT NOT NULL, description_folded TEXT NOT NULL))";

const Migration searchable{2,
                           {createWorklist, "CREATE INDEX worklist_of_series ON worklist(series_uid)",
                            "CREATE INDEX worklist_by_patient ON worklist(patient_folded, series_id)",
                            "CREATE INDEX worklist_by_date ON worklist(study_date, series_id)",
                            "CREATE INDEX cases_by_series ON cases(series_id, state)",
                            "CREATE INDEX cases_by_state ON cases(state, series_id)"}};

const Migration casesOfPatients{3, {"CREATE INDEX series_of_study ON series(study_id)"}};

} // namespace

const std::vector<Migration>& migrations()
{
    static const std::vector<Migration> list{initial, searchable, casesOfPatients};
    return list;
}

} // namespace annotomy
