#pragma once

#include "app/workbench/training_job.h"

namespace annotomy {

// Per class and over all: what a model reaches on the validation pool. Means leave out undefined figures (a class that is
// absent from mask and prediction of a case).
struct PoolFigures {
    std::optional<double> meanDice; // mean over classes of the class means
    std::map<std::string, double> classDice;
    std::vector<CaseFigures> cases;
};
PoolFigures summarised(const ModelFigures& figures);

// The rule: the candidate's mean Dice is above the current model's; case by case, neither its Dice nor its surface Dice may
// lie below the current model's by more than 0.005, to 95 % (paired bootstrap); and no class falls by more than 0.02. All
// means are taken over all classes of either model; a class that a model does not know counts as 0 for it.
GateDecision decide(const PoolFigures& candidate, const std::optional<PoolFigures>& current, int validationPatients);

// Evaluates the candidate and the current model (null: there is none) on the validation pool with the worker, and decides.
// With fewer than 3 validation patients nothing is evaluated: provisional, and promoted only without a current model.
struct GateRequest {
    std::string candidatePath;
    const ModelCard* candidate = nullptr;
    const ModelRecord* current = nullptr;
    std::string folder; // of the run, relative to the workspace
    std::string device = "auto";
};
Result<GateDecision> runGate(Workspace& workspace, const ProgramPaths& programs, const GateRequest& request,
                             const ImageProvider& imagePath, std::stop_token stop, const JobReport& report);

} // namespace annotomy
