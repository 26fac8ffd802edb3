#pragma once

#include "core/base/result.h"
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
};

struct ProposeJob {
    std::string modelPath;
    std::vector<ProposeItem> items;
    double overlap = 0.5;
    std::string device = "auto";
    int threads = 0;
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

using WorkerRequest = std::variant<TrainJob, ProposeJob, EvaluateJob, SurveyJob, InspectJob>;

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
    std::string outPath;                 // train: the model file
    std::optional<ModelCard> card;       // train, inspect
    std::vector<ModelFigures> figures;   // evaluate
    std::optional<DataFingerprint> fingerprint; // survey
    bool stoppedEarly = false;
};

struct WorkerError {
    Error error;
};

using WorkerEvent = std::variant<WorkerProgress, EpochRecord, WorkerHeartbeat, WorkerNote, ProposeDone, WorkerResult,
                                 WorkerError>;

// The one other line that the workbench sends while a job runs.
inline constexpr const char* cancelLine = R"({"type":"cancel"})";

std::string toJsonLine(const WorkerRequest& request); // without the newline
Result<WorkerRequest> workerRequestFromJson(const std::string& line);
std::string toJsonLine(const WorkerEvent& event);
Result<WorkerEvent> workerEventFromJson(const std::string& line);

} // namespace annotomy
