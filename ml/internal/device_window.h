#pragma once

#include "ml/internal/memory_steps.h"
#include "ml/internal/model.h"

namespace annotomy {

// As slideWindow() with the model's probabilities, for a device with memory of its own. Tiles are cut into page-locked memory
// and copied while the device works, many at a time; sums stay on the device, as many planes as a tile is deep. When memory
// runs out, batches are halved; after that `fallback`, which is asked for one tile at a time, takes over; each is told to
// `note`. `mirrorAxes`: as mirrored(). Errors: as slideWindow().
Result<void> slideWindowOnDevice(const SlidingWindow& window, std::span<const float> image, const Model& model,
                                 const Index3& mirrorAxes, const TilePredictor& fallback, const PlaneSink& sink,
                                 const NoteSink& note, std::stop_token stop = {}, const ProgressReport& report = {});

} // namespace annotomy
