#pragma once

#include "core/base/result.h"
#include "core/learn/compute_report.h"
#include "core/learn/data_fingerprint.h"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace annotomy {

// What the workbench asks of annotomy-worker, one JSON line each on its standard input, and what it answers
// (docs/processes.md). All paths lie in the job folder or the workspace; the worker never opens the database.

struct TrainingCase {
    std::string key;       // names the case in history and figures; no patient data
    std::string imagePath; // .avol
    std::string labelPath; // label file
    std::string modality;
    std::string hash;      // of image and mask
    std::string patient = {}; // names the patient; no patient data. For surveys
    bool operator==(const TrainingCase&) const = default;
};

struct TrainJob {
    Recipe recipe;
    std::vector<TrainingCase> train;
    std::vector<TrainingCase> replay;     // cases the parent was trained on and that are not in `train`
    std::vector<TrainingCase> validation; // figures only, never learnt from
    std::vector<ModelClass> classes;      // segments to learn
    std::string parentPath;               // model file to start from; empty: from scratch
    std::string checkpointPath;           // written every epoch; read first when it exists and `resume`
    bool resume = false;
    std::string outPath; // the candidate model file (best by EMA validation Dice, or last without validation)
    std::string device = "auto"; // "auto", "cpu", "cuda", "cuda:N"
    int threads = 0;             // 0: all
};

struct ProposeItem {
    std::string key;
    std::string imagePath; // .avol
    std::string modality;
    std::string outPath; // label file on the image's own grid
    std::string probabilitiesPath = {}; // where the foreground's probability goes, and
    std::string uncertaintyPath = {};   // the entropy of the classes (nats), each as .avol; empty: nowhere
    bool operator==(const ProposeItem&) const = default;
};

// How several models that know the same classes become one.
enum class EnsembleRule {
    Mean,         // of their probabilities
    WeightedMean, // by InferenceOptions::weights
    Vote,         // of their labels; the mean decides between equals
    Staple,       // of their labels, by the reliability estimated for each (Warfield et al. 2004)
};
const std::vector<std::string>& ensembleRuleNames(); // "mean", "weighted", "vote", "staple", by value

struct InferenceOptions {
    double overlap = 0.5;
    bool mirror = false; // test-time augmentation: the mean over all mirror images along the recipe's mirrorAxes
    EnsembleRule rule = EnsembleRule::Mean;
    std::vector<double> weights = {}; // of the models; empty: all the same
    bool operator==(const InferenceOptions&) const = default;
};

struct ProposeJob {
    std::vector<std::string> modelPaths; // several: an ensemble
    std::vector<ProposeItem> items;
    InferenceOptions options;
    std::string device = "auto";
    int threads = 0;
};

struct ScoreItem {
    std::string key;
    std::string imagePath; // .avol
    std::string modality;
    bool operator==(const ScoreItem&) const = default;
};

// How unsure a model (or an ensemble) is about images, and what they look like to it: for choosing the next case.
struct ScoreJob {
    std::vector<std::string> modelPaths;
    std::vector<ScoreItem> items;
    InferenceOptions options;
    std::string device = "auto";
    int threads = 0;
};

// Where in an image a model found what it calls `className`.
struct ExplainJob {
    std::string modelPath;
    std::string imagePath; // .avol
    std::string className;
    std::string method = "grad-cam"; // or "occlusion"
    std::string outPath;             // .avol on the image's own grid, 0 to 1
    std::string device = "auto";
    int threads = 0;
};

// Makes a model file with a card of a foreign one: TorchScript, a MONAI bundle's, or weights alone of a network that can
// be built here. Nothing in it is executed before it is asked to run.
struct ImportModelJob {
    std::string path;
    std::string cardJson; // what the file itself does not say; members as ModelCard's; may be empty
    std::string outPath;
};

// Compares models on cases with known masks: for the gate.
struct EvaluateJob {
    std::vector<std::string> modelPaths;
    std::vector<TrainingCase> cases;
    std::string device = "auto";
    int threads = 0;
};

// Looks at the training data and at the machine: for planning.
struct SurveyJob {
    std::vector<TrainingCase> train, validation;
    std::vector<ModelClass> classes;
    std::string device = "auto";
    int threads = 0;
};

struct InspectJob { // reads a model file's card
    std::string modelPath;
};

// Describes the devices that models can run on.
struct ComputeJob {
    bool selfTest = false; // runs a small network on each and compares
    int threads = 0;
};

using WorkerRequest = std::variant<TrainJob, ProposeJob, EvaluateJob, SurveyJob, InspectJob, ScoreJob, ExplainJob,
                                   ImportModelJob, ComputeJob>;

struct WorkerProgress {
    std::string stage; // "loading", "planning", "training", "validating", "tiles", "saving"
    double fraction = 0;
    double secondsLeft = -1; // < 0: unknown
};

struct EpochRecord { // one row of a run's history
    int epoch = 0;
    int step = 0;
    double seconds = 0; // since the run began, training time only
    double learningRate = 0;
    double trainLoss = 0;
    std::optional<double> validationDice;        // mean over classes and cases
    std::map<std::string, double> classDice;     // by class name
    double stepsPerSecond = 0;
    bool operator==(const EpochRecord&) const = default;
};

struct WorkerHeartbeat {};

struct WorkerNote { // something to tell the user that is no failure: a device fallback, a stepped-down patch
    std::string text;
};

struct ProposeDone {
    std::string key;
    std::string outPath;
    double seconds = 0;
    double meanEntropy = 0; // nats per foreground voxel: how unsure the model is
};

struct ItemFailed { // one item of a job of several; the others go on
    std::string key;
    Error error;
};

struct ClassScore {
    std::string name;
    double volumeMl = 0;    // predicted
    double entropy = 0;     // mean over the class's predicted voxels, nats; 0 without one
    double probability = 0; // mean of its largest thousandth of the image's voxels: is it there at all?
    bool operator==(const ClassScore&) const = default;
};

struct CaseScores { // one image under a job's models
    std::string key;
    double entropy = 0;      // mean over predicted foreground, nats
    double margin = 0;       // 1 - mean (largest - second largest probability), there
    double disagreement = 0; // 1 - mean Dice between mirrorings or models; 0 with one of each
    std::vector<ClassScore> classes;
    std::vector<double> embedding; // mean features at the network's bottom; equal lengths for one model
    double seconds = 0;
    bool operator==(const CaseScores&) const = default;
};

inline constexpr double evaluationNsdMm = 1; // tolerance of the surface Dice that models are judged by

struct CaseFigures { // one case under one model
    std::string key;
    std::map<std::string, std::optional<double>> dice;     // by class name; null when absent in both
    std::map<std::string, std::optional<double>> nsd = {}; // normalised surface Dice at evaluationNsdMm; null where dice is
};

struct ModelFigures {
    std::string modelPath;
    std::vector<CaseFigures> cases;
};

struct WorkerResult {
    std::string outPath;                 // train, import: the model file; explain: the map
    std::optional<ModelCard> card;       // train, inspect, propose, import
    std::vector<ModelFigures> figures;   // evaluate
    std::optional<DataFingerprint> fingerprint; // survey
    std::optional<ComputeReport> compute;       // compute
    bool stoppedEarly = false;
};

struct WorkerError {
    Error error;
};

using WorkerEvent = std::variant<WorkerProgress, EpochRecord, WorkerHeartbeat, WorkerNote, ProposeDone, ItemFailed,
                                 CaseScores, WorkerResult, WorkerError>;

// The one other line that the workbench sends while a job runs.
inline constexpr const char* cancelLine = R"({"type":"cancel"})";

std::string toJsonLine(const WorkerRequest& request); // without the newline
Result<WorkerRequest> workerRequestFromJson(const std::string& line);
std::string toJsonLine(const WorkerEvent& event);
Result<WorkerEvent> workerEventFromJson(const std::string& line);

} // namespace annotomy
