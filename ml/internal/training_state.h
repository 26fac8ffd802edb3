#pragma once

#include "core/learn/model_card.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// Where a training stands, apart from the weights.
struct TrainingState {
    std::int64_t step = 0; // also the number of the next batch
    int epoch = 0;
    double budgetSeconds = 0;   // spent of the time budget: training and validation
    double trainingSeconds = 0; // training steps only
    double validationSeconds = 0;
    double validationCost = 0;         // seconds of the last validation
    int validationCases = 0;           // in the fixed selection; 0: not chosen yet
    std::optional<double> averageDice; // exponential moving average over epochs ("pseudo-Dice")
    double bestDice = -1;              // of averageDice
    int epochsSinceBest = 0;
    std::map<std::string, double> bestClassDice;
    double bestValidationDice = -1; // the plain figure of the best weights
    bool operator==(const TrainingState&) const = default;
};

std::string toJsonText(const TrainingState& state);
Result<TrainingState> trainingStateFromJson(const std::string& text);

} // namespace annotomy
