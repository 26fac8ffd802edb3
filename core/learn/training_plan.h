#pragma once

#include "core/learn/data_fingerprint.h"
#include "core/learn/recipe.h"

namespace annotomy {

// What a training may cost.
struct TrainingBudget {
    double minutes = 10;
    std::int64_t bytes = 0; // of memory; 0: four fifths of what is free
};

// How a training is best done within a budget, and what it will take.
struct TrainingPlan {
    Recipe recipe;
    Vec3 medianSpacing{1, 1, 1}; // mm, of the data; the recipe's own is what the network sees
    Index3 medianSize{};         // voxels at the recipe's spacing
    std::int64_t bytes = 0;      // that the training is expected to need at its peak, the cases included
    double secondsPerStep = 0;
    int steps = 0;                  // within the minutes
    std::vector<std::string> notes; // English: what was stepped down, and why
};

// nnU-Net's rules (Isensee et al. 2021: spacing, patch, poolings by axis) adapted to small budgets: of width, patch and
// batch as much as memory holds and as leaves a network the steps that it needs to learn anything.
// Errors: Conflict when the data have a finding that stops, or no network fits into the memory (the detail says how much the
// smallest needs).
Result<TrainingPlan> planTraining(const DataFingerprint& fingerprint, const TrainingBudget& budget);

// Bytes at the peak of one training step of the network, without the cases, and multiplications of one. `patch` and `batch`
// are the recipe's.
std::int64_t trainingBytes(const Recipe& recipe, int channels, int classes);
double trainingMultiplications(const Recipe& recipe, int channels, int classes);

// The spacing that the network sees, mm: the medians, but the tenth percentile of an axis that is more than three times
// coarser than the others (and as many times shorter), never finer than the others.
Vec3 targetSpacing(const DataFingerprint& fingerprint);

} // namespace annotomy
