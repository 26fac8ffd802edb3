#pragma once

#include "core/base/progress.h"
#include "core/image/volume.h"
#include "ml/internal/model.h"

#include <cstdint>
#include <vector>

namespace annotomy {

struct Segmentation {
    std::vector<std::uint8_t> classes; // output of every voxel, on the image's own grid
    double meanEntropy = 0;            // nats per foreground voxel
};

// Runs a model over an image: preprocessing as in training, sliding window, back to the image's own grid.
Result<Segmentation> segmented(const Volume& volume, const Model& model, double overlap, std::stop_token stop,
                               const ProgressReport& report);

} // namespace annotomy
