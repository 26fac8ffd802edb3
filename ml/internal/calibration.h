#pragma once

#include "core/base/progress.h"
#include "ml/internal/model.h"
#include "ml/internal/network_image.h"

#include <cstdint>
#include <span>
#include <vector>

namespace annotomy {

// Probabilities of voxels and what they really are.
struct VoxelSample {
    int outputs = 2;
    std::vector<float> probabilities; // [voxel][output]
    std::vector<std::uint8_t> truths; // output of each voxel
};

// The temperature T, between 1/4 and 4, that makes p^(1/T), normalised, likeliest (Guo et al. 2017). 1 for an empty sample.
double likeliestTemperature(const VoxelSample& sample);

// The mean gap between how sure the model is and how often it is right, over 15 equal bins of its largest probability (Naeini
// et al. 2015). 0 for an empty sample.
double expectedCalibrationError(const VoxelSample& sample, double temperature = 1);

struct CalibrationFigures {
    double temperature = 1;
    double errorBefore = 0, errorAfter = 0; // expected calibration error
    std::int64_t voxels = 0;
};

// Fits what the model's card says of its probabilities to cases that it was not trained on: the temperature; for each class
// the threshold, and whether only the largest component is kept, where that betters the cases' Dice and the 95 % interval of
// the gain lies above 0 (from five cases on). Voxels count where the background is not certain (p < 0.99) or the truth is
// none. Errors: those of the predictor; Cancelled.
Result<CalibrationFigures> calibrate(Model& model, std::span<const PreparedCase> cases, std::stop_token stop,
                                     const ProgressReport& report);

} // namespace annotomy
