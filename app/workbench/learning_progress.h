#pragma once

#include "core/learn/plateau_fit.h"
#include "storage/workspace.h"

#include <map>
#include <string>
#include <vector>

namespace annotomy {

// A trained model on the learning curve.
struct ModelPoint {
    ModelId model;
    std::string name;
    ModelStatus status = ModelStatus::Candidate;
    std::int64_t timeMs = 0;
    int cases = 0;     // that it was trained on
    double dice = 0;   // mean over classes on the validation pool
    bool gated = false; // judged by the gate; else during its own training, from which the best epoch is taken
    std::map<std::string, double> classDice; // of the training's best epoch; empty where it was not measured
};

// How the models of a workspace have become better with the cases they learnt from, and what is to be expected of more.
struct LearningProgress {
    std::vector<ModelPoint> points; // by number of cases, then by model
    int approvedCases = 0;          // in the training pool, now
    int missing = 0;                // different numbers of cases that the forecast still lacks
    std::optional<PlateauFit> fit;
    std::optional<StopAdvice> advice;
};

// Of the models that were trained here and measured on the validation pool; imported ones are left out. The pool grows with
// the approvals: figures of models that were judged months apart are of different patients.
Result<LearningProgress> learningProgress(Workspace& workspace);
LearningProgress learningProgress(std::vector<ModelPoint> points, int approvedCases);

// What follows for the reader, as one English sentence.
std::string adviceSentence(const LearningProgress& progress);

} // namespace annotomy
