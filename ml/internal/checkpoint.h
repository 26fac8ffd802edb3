#pragma once

#include "core/base/result.h"
#include "ml/internal/training_state.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

namespace annotomy {

// Everything a training needs to go on as if it had never stopped: card, counters, and named lists of tensors
// (weights, their moving average, the best so far, the optimiser's moments).
struct Checkpoint {
    ModelCard card;
    TrainingState state;
    std::map<std::string, std::vector<at::Tensor>> tensors;
};

// One PyTorch zip archive, written aside and renamed.
Result<void> writeCheckpoint(const std::string& path, const Checkpoint& checkpoint);
// Errors: NotFound, Malformed.
Result<Checkpoint> readCheckpoint(const std::string& path);

// Copies values of equal shapes; false (and nothing copied) when number or shapes differ.
bool copyTensors(const std::vector<at::Tensor>& from, std::vector<at::Tensor>& to);

} // namespace annotomy
