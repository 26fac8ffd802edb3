#pragma once

#include "core/io/masks/mask_description.h"
#include "core/io/masks/mask_file.h"
#include "core/learn/paired_bootstrap.h"
#include "core/learn/training_plan.h"
#include "storage/workspace.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace annotomy {

class CaseSession;
struct DeidentificationOptions;
struct Evaluation;
struct ExportOutcome;
struct ExportPrivacy;
struct MaskToAttach;

// Where the helper programs are: beside the running program. $ANNOTOMY_WORKER and annotomy-worker-cuda go before annotomy-worker.
struct ProgramPaths {
    std::string reader;
    std::string worker;
};
ProgramPaths defaultProgramPaths();

// `--workspace`, else $ANNOTOMY_WORKSPACE, else ~/Annotomy.
std::string defaultWorkspaceFolder();

// What a job tells while it runs, from the job's own thread.
struct JobUpdate {
    std::string stage; // "scanning", "decoding", "training", "validating", "tiles", "gate", ...
    double fraction = 0;
    double secondsLeft = -1;
    std::optional<EpochRecord> epoch;
    std::string note;
    RunId run = {}; // of a training, once it has one
    std::int64_t filesFound = 0, filesDone = 0; // of a scan
    double filesPerSecond = 0;
};
using JobReport = std::function<void(const JobUpdate&)>;

struct ImportOptions {
    bool copy = false;
    std::string channel;     // non-empty: joins the patient's case of the same frame of reference under this name
    std::string masksFolder; // mask files matched to images by file name stem
    bool regularise = false; // tilted and uneven series are resampled onto even grids, and say so
    std::function<bool(const SeriesEntry&)> accepts; // which of the series are imported; empty: all
};

struct ImportedCase {
    CaseId id;
    bool isNew = false;
    bool grew = false; // known, and nobody has worked on it yet: it has taken the slices that came since
    std::string patient, modality;
    Index3 size{};
    int volumes = 1; // of a 4-D sequence: the case's image and the channels that came with it
    std::vector<Warning> warnings;
    RevisionId revision; // of a mask that came along
};

// What became of the files is in ScanTotals; masks that could not be used count as skipped.
struct ImportReport : ScanTotals {
    std::vector<ImportedCase> cases;
    std::int64_t newCases = 0, grownCases = 0; // the rest was known: nothing new
};

struct RelinkReport {
    std::vector<CaseId> relinked;
    std::vector<CaseId> missing; // their files are still nowhere
};

struct DatasetImportOptions {
    std::string layout; // "nnunet", "msd", "bids", "lidc"
    bool copy = false;
};

struct DatasetImportReport {
    std::string name; // of the data set
    ImportReport report;
    std::vector<std::string> notes;  // sentences
    std::map<Pool, int> reserved;    // cases whose patient's pool was reserved, by pool
};

struct DatasetExportOptions {
    std::string layout; // "nnunet", "msd", "coco", "bids"
    std::string name;   // of the data set; empty: the folder's
    std::vector<CaseId> cases;   // empty: all that are approved
    std::string modality;        // only cases of this one; empty: all
    std::string plane = "axial"; // "coco": "axial", "coronal" or "sagittal"
    std::string suffix;          // "bids": "T1w", "FLAIR", ...; empty: told by the series' description
    bool flatten = false;        // overlapping segments: the last one wins, instead of a refusal
};

struct DatasetExportReport {
    struct Case {
        CaseId id;
        RevisionId revision;
        std::string name; // in the data set
        Pool pool = Pool::None;
    };
    std::vector<Case> cases;
    std::vector<std::string> labels; // by value, from 1
    std::vector<std::string> notes;  // sentences
    std::int64_t files = 0, bytes = 0;
};

// Signing off a case that has no mask must be meant: there is nothing to segment in this image.
enum class NoMask { Refuse, Confirm };

struct Approval {
    RevisionId revision;
    Pool pool = Pool::None;
};

struct PlanOptions {
    double minutes = 10;
    std::int64_t bytes = 0; // of memory; 0: four fifths of what is free
    std::string device = "auto";
};

struct PlanOutcome {
    DataFingerprint data;
    std::vector<DataFinding> findings;
    std::optional<TrainingPlan> plan;
    std::optional<Error> obstacle; // why there is no plan
};

struct TrainOptions {
    ModelId from;       // 0: from scratch (or the current model when `fromCurrent`)
    bool fromCurrent = false;
    RunId resume;       // 0: a new run
    std::string recipe; // preset name, or "planned" for one by plan(); empty: "standard", or "fine-tune" with a parent
    std::int64_t bytes = 0; // of memory that a plan may use; 0: four fifths of what is free
    int fold = 0, folds = 0; // cross-validation: of `folds` parts of the training pool's patients, the `fold`th (from 1) is
                             // held out and takes the validation pool's place while training; 0: none is
    std::optional<double> minutes;
    std::optional<std::uint64_t> seed;
    std::string device = "auto";
};

struct GateDecision {
    bool gated = false;    // false: too few validation patients
    bool promoted = false;
    std::string reason;    // English sentence
    std::optional<double> candidateDice, currentDice; // means over the validation pool
    std::map<std::string, double> classDifference;    // candidate - current, by class
    std::optional<PairedDifference> dice, nsd;        // candidate - current, over the pool's cases
    int validationPatients = 0;
    std::string toJsonText() const;
};

struct TrainOutcome {
    ModelId model;
    RunId run;
    GateDecision gate;
};

struct ProposeOptions {
    std::vector<ModelId> models; // several: an ensemble; none: the current one
    InferenceOptions inference;
    // Where the foreground's probability and the entropy of the classes go besides, by suffix as exportImage(); with several
    // cases a folder, in which each bears its case's number. Empty: nowhere.
    std::string probabilitiesPath, uncertaintyPath;
    std::string device = "auto";
    // Told of each of several cases that cannot be done; the others go on. Empty: the first ends it all.
    std::function<void(CaseId, const Error&)> onFailure;
};

struct Proposal {
    CaseId caseId;
    RevisionId revision;
    ModelId model;
    double meanEntropy = 0;
};

// The use-cases of Annotomy without any widget: what the desktop, the command line and the demo do. One workbench
// serves one thread; a job's thread opens its own on the same folder. Long calls take a stop token and a report.
class Workbench {
public:
    static Result<std::unique_ptr<Workbench>> open(const std::string& workspaceFolder,
                                                   const ProgramPaths& programs = defaultProgramPaths());
    ~Workbench();
    Workbench(const Workbench&) = delete;
    Workbench& operator=(const Workbench&) = delete;

    Workspace& workspace();
    const ProgramPaths& programs() const;

    // --- images --------------------------------------------------------------------------------------------------
    Result<ImportReport> importPaths(const std::vector<std::string>& paths, const ImportOptions& options,
                                     std::stop_token stop = {}, const JobReport& report = {});
    // The case's image, decoded into the cache first when it is not there. NotFound names the missing file.
    Result<Volume> image(CaseId id, std::stop_token stop = {}, const JobReport& report = {});
    // The path of the case's decoded image (.avol). As image().
    Result<std::string> imagePath(CaseId id, std::stop_token stop = {});
    // The case's channel of that name, on its own grid; the primary one for an empty name. As image().
    Result<Volume> channelImage(CaseId id, const std::string& channel, std::stop_token stop = {},
                                const JobReport& report = {});
    // Writes the case's image or channel as NIfTI, NRRD or MetaImage, by the suffix of the path. Tells what is to be known of it,
    // as convertPath() does.
    Result<std::vector<Warning>> exportImage(CaseId id, const std::string& channel, const std::string& outPath,
                                             std::stop_token stop = {}, const JobReport& report = {});
    Result<void> relink(CaseId id, const std::string& folder, std::stop_token stop = {}, const JobReport& report = {});
    // All cases whose files are no longer where they were, as far as `folder` holds them.
    Result<RelinkReport> relinkMissing(const std::string& folder, std::stop_token stop = {},
                                       const JobReport& report = {});

    // --- masks ---------------------------------------------------------------------------------------------------
    Result<RevisionRecord> attach(CaseId id, const std::string& maskPath, const SegmentNames& names,
                                  const std::string& author, std::stop_token stop = {}, const JobReport& report = {});
    // The first half of attach(), which changes nothing: of a case that is open for editing its session takes the mask
    // (CaseSession::attach). `author` empty: the file's name.
    Result<MaskToAttach> readMask(CaseId id, const std::string& maskPath, const SegmentNames& names,
                                  const std::string& author, std::stop_token stop = {}, const JobReport& report = {});
    // Revision 0: the newest, once edits that only the journal holds are stored as one. With NoMask::Confirm an empty mask
    // is stored and signed. Errors: Conflict without a mask, and where an empty one is confirmed of a case that has work.
    Result<Approval> approve(CaseId id, RevisionId revision, const std::string& userName,
                             NoMask noMask = NoMask::Refuse);
    // In one of exportFormats() (export_formats.h); read back and compared before it returns.
    Result<ExportOutcome> exportMask(CaseId id, RevisionId revision, const std::string& format,
                                     const std::string& outPath, std::stop_token stop = {},
                                     const JobReport& report = {});
    // As exportMask, without what tells whose the mask is (docs/deidentification.md). `keyPath` is the file with the secret
    // that new names depend on; empty: the workspace's, so that they agree with its other exports. InvalidArgument also
    // for a file name that holds the patient's.
    Result<ExportOutcome> exportDeidentified(CaseId id, RevisionId revision, const std::string& format,
                                             const std::string& outPath, const DeidentificationOptions& options,
                                             const std::string& keyPath = {}, std::stop_token stop = {},
                                             const JobReport& report = {});
    Result<RevisionRecord> newestRevision(CaseId id);
    // The revision asked for, which must be the case's; the newest one for 0.
    Result<RevisionId> chosenRevision(CaseId id, RevisionId asked);

    // --- data sets -----------------------------------------------------------------------------------------------
    // See dataset_import.h and dataset_export.h.
    Result<DatasetImportReport> importDataset(const std::string& folder, const DatasetImportOptions& options,
                                              std::stop_token stop = {}, const JobReport& report = {});
    Result<DatasetExportReport> exportDataset(const std::string& outFolder, const DatasetExportOptions& options,
                                              std::stop_token stop = {}, const JobReport& report = {});

    // --- learning ------------------------------------------------------------------------------------------------
    // What training on the approved cases would be like, within a budget. Nothing is kept.
    Result<PlanOutcome> plan(const PlanOptions& options, std::stop_token stop = {}, const JobReport& report = {});
    Result<TrainOutcome> train(const TrainOptions& options, std::stop_token stop = {}, const JobReport& report = {});
    // Each proposal is a sibling revision by the model; of an ensemble, by its first.
    Result<std::vector<Proposal>> propose(const std::vector<CaseId>& cases, const ProposeOptions& options,
                                          std::stop_token stop = {}, const JobReport& report = {});
    // Every metric of a model, or an ensemble, on the approved cases of a pool; see evaluation.h. Nothing is kept.
    Result<Evaluation> evaluate(Pool pool, const ProposeOptions& options, std::stop_token stop = {},
                                const JobReport& report = {});
    Result<void> promote(ModelId model, const std::string& userName, const std::string& reason);

    // A case by id, or by a patient's name where it is unique.
    Result<CaseId> findCase(const std::string& idOrPatient);

private:
    struct Impl;
    Result<ExportOutcome> exportAs(CaseId id, RevisionId revision, const std::string& format, const std::string& outPath,
                                   const std::optional<ExportPrivacy>& privacy, std::stop_token stop,
                                   const JobReport& report);
    explicit Workbench(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

// --- without a workspace -----------------------------------------------------------------------------------------
// What a file or folder is. A mask that is named alone, and Slicer's segmentations anywhere, are described.
struct Inspection : ScanReport {
    std::vector<MaskDescription> described;
};
Result<Inspection> inspectPath(const std::string& path, const ProgramPaths& programs, std::stop_token stop = {});
// Tells what is to be known of the image that was written: slices that stand in for missing ones, a tilted gantry.
struct ConvertOptions {
    std::string seriesUid;   // empty: the largest series
    int time = 0;            // the volume of a sequence, from 1; 0: the first
    bool regularise = false; // as ImportOptions
};
Result<std::vector<Warning>> convertPath(const std::string& path, const std::string& outPath,
                                         const ConvertOptions& options, const ProgramPaths& programs,
                                         std::stop_token stop = {});
Result<std::vector<SegmentMetrics>> compareFiles(const std::string& referencePath, const std::string& maskPath,
                                                 double toleranceMm, const ProgramPaths& programs,
                                                 std::stop_token stop = {});

} // namespace annotomy
