#pragma once

#include "core/base/progress.h"
#include "core/image/volume.h"
#include "core/learn/worker_messages.h"
#include "ml/internal/memory_steps.h"
#include "ml/internal/model.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// What is wanted of an image beside its classes.
struct SegmentationExtras {
    bool maps = false;         // foreground and entropy
    std::string scratchFolder; // where probabilities of an ensemble or of maps lie meanwhile; "." when empty
    NoteSink note = {};        // hears of what had to be done for want of memory
};

struct Segmentation {
    std::vector<std::uint8_t> classes; // output (of the first model) of every voxel, on the image's own grid
    double meanEntropy = 0;            // nats per foreground voxel
    std::vector<float> foreground;     // probability that a voxel is none of the background; with maps only
    std::vector<float> entropy;        // nats; with maps only
};

// The outputs of `other` under the numbers of the same classes of `first`. Errors: Conflict when their classes' names differ.
Result<std::vector<std::size_t>> outputsByName(const ModelCard& first, const ModelCard& other);

// Runs one model, or several as one, over an image: preprocessing as in training, sliding window, mirroring, back to the
// image's own grid, and what the (first) model's card says of thresholds and of largest components. The models of an ensemble
// may see different spacings and patches. Errors: Conflict when they do not know the same classes by name; DiskFull; those of
// networkImage() and slideWindow().
Result<Segmentation> segmented(const Volume& volume, std::span<const Model> models, const InferenceOptions& options,
                               const SegmentationExtras& extras, std::stop_token stop, const ProgressReport& report);

} // namespace annotomy
