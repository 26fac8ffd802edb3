#pragma once

#include "core/edit/edit.h"
#include "core/image/image_info.h"
#include "core/image/volume_geometry.h"
#include "core/io/series.h"
#include "core/learn/worker_messages.h"
#include "core/metrics/mask_metrics.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// A row's identity, distinct per table. 0 is no row.
template <class Tag>
struct Id {
    std::int64_t value = 0;
    explicit operator bool() const { return value != 0; }
    auto operator<=>(const Id&) const = default;
};
using CaseId = Id<struct CaseTag>;
using RevisionId = Id<struct RevisionTag>;
using ModelId = Id<struct ModelTag>;
using RunId = Id<struct RunTag>;

enum class CaseState { New, InWork, Proposed, Approved };

// Drawn once per patient, at the first approval; never changed afterwards.
enum class Pool { None, Train, Validation, Test };

struct CaseRecord {
    CaseId id;
    std::string patientKey;  // identity for pools: patient ID, else name, else the file's stem
    std::string patientName; // as shown; the file's stem for files without a header
    SeriesEntry series;      // the primary volume, as scanned; files are absolute paths
    std::string channel;     // name of the primary channel, "image"
    bool copied = false;     // files lie in the workspace
    CaseState state = CaseState::New;
    Pool pool = Pool::None;
    RevisionId head;         // the revision that the reader works from; 0: none yet
    std::int64_t addedMs = 0;
    std::vector<std::byte> thumbnailPng;
};

// What a list shows of a case; no file names, no thumbnail.
struct CaseRow {
    CaseId id;
    std::string patientKey;
    std::string patientName; // as shown
    std::string modality;
    std::string studyDate;   // YYYYMMDD
    std::string description; // of the series, else of the study
    Index3 size{};
    CaseState state = CaseState::New;
    Pool pool = Pool::None;
    RevisionId head;
    bool copied = false;
    std::int64_t addedMs = 0;
};

enum class CaseOrder { ByNumber, ByPatient, ByDate };

// Which cases a list shows. What is empty does not restrict. Texts are found anywhere, in any case and with or without
// accents; of several words each must be found.
struct CaseFilter {
    std::string text;        // in the patient's name or ID, or in a description
    std::string patient;     // in the patient's name or ID
    std::string description; // in the description of the series or the study
    std::string modality;    // the whole of it
    std::string fromDate, toDate; // YYYYMMDD, both included
    std::optional<CaseState> state;
    CaseOrder order = CaseOrder::ByNumber;
    bool descending = false;
    std::int64_t offset = 0;
    std::int64_t limit = -1; // -1: all
};

// Another image of the same patient in the same frame of reference.
struct ChannelRecord {
    std::string name;
    SeriesEntry series;
};

enum class AuthorKind { Person, Model, Import };

struct RevisionRecord {
    RevisionId id;
    CaseId caseId;
    RevisionId parent;
    AuthorKind authorKind = AuthorKind::Person;
    std::string author; // a user's name, a model's name, or the file imported from
    ModelId model;      // of a proposal
    std::int64_t timeMs = 0;
    std::string note;
    std::string maskHash; // SHA-256 of the encoded mask
    bool approved = false;
    std::string approvedBy;
    std::int64_t approvedMs = 0;
    std::int64_t journalPosition = 0; // sequence of the case's last journal entry when it was stored; 0: there was none
};

enum class JournalKind { Edit, Undo, Redo };

struct JournalEntry {
    std::int64_t sequence = 0;
    JournalKind kind = JournalKind::Edit;
    std::vector<std::byte> edit; // encodeEdit(); empty for cursor moves
};

// A journal entry without its voxels: who asks what work a case was needs no more.
struct JournalStep {
    std::int64_t sequence = 0;
    JournalKind kind = JournalKind::Edit;
    std::int64_t timeMs = 0; // when it was committed
    std::string tool;        // of an edit (Edit::tool); empty for cursor moves
    bool operator==(const JournalStep&) const = default;
};

// What is needed to open a case as it was: the mask before the journal, and the journal.
struct CaseHistory {
    std::optional<LabelMap> base; // none: start from an empty mask
    std::vector<JournalEntry> journal;
    bool unsaved = false; // edits since the head revision was stored
};

struct MetricRecord {
    RevisionId reference, mask;
    std::string purpose; // "proposal": the proposal against what was approved; "reference": against an imported truth
    SegmentMetrics metrics;
};

enum class ModelStatus { Candidate, Current, Retired, Rejected, Provisional };

struct ModelRecord {
    ModelId id;
    std::string name; // "model-3", or as the user named it
    ModelId parent;
    RunId run;
    std::string file; // relative to the workspace
    std::string hash; // SHA-256 of the file
    ModelCard card;
    ModelStatus status = ModelStatus::Candidate;
    std::vector<CaseId> trainedOn;
    std::string gateJson = "{}"; // the gate's decision with its figures
    std::int64_t timeMs = 0;
};

enum class RunStatus { Running, Finished, Cancelled, Failed, Interrupted };

struct RunRecord {
    RunId id;
    ModelId parent;
    Recipe recipe;
    std::string jobJson;        // the worker's request, to resume it
    std::string folder;         // relative to the workspace
    std::vector<CaseId> cases;
    RunStatus status = RunStatus::Running;
    std::string message; // why it failed
    std::int64_t startedMs = 0, endedMs = 0;
};

// Who decided what, and why: approvals, promotions, rejections, overrulings, accepted and rejected proposals. Append-only.
struct DecisionRecord {
    std::int64_t id = 0;
    std::string kind; // "approve", "promote", "reject-model", "accept-proposal", "reject-proposal", "delete-case", ...
    std::string who;
    CaseId caseId;
    RevisionId revision;
    ModelId model;
    std::string detailsJson = "{}";
    std::int64_t timeMs = 0;
};

} // namespace annotomy
