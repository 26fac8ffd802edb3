#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/image/vec.h"

#include <functional>
#include <span>
#include <vector>

namespace annotomy {

// First voxels of the tiles along one axis: equal steps of (1 - overlap) tiles, the last one flush with the
// end. A single tile, centred (its start is <= 0), when the image is no longer than the tile.
std::vector<int> tileStarts(int imageSize, int tileSize, double overlap);

// exp(-x^2 / 2 sigma^2) about the tile's middle with sigma = an eighth of the tile. A voxel's weight is the product over the
// axes, at least 1e-3, as in MONAI.
std::vector<float> tileWeights(int tileSize);
inline constexpr float leastTileWeight = 1e-3F; // of the product

// input: a tile, i fastest; output: [outputs][tile voxels] probabilities.
using TilePredictor =
    std::function<Result<void>(std::span<const float> tile, std::span<float> probabilities)>;

// Plane k of the finished probabilities, [outputs][j][i]; called once per k in ascending order.
using PlaneSink = std::function<void(int k, std::span<const float> probabilities)>;

struct SlidingWindow {
    Index3 image{}; // voxels
    Index3 tile{};
    int outputs = 2;
    double overlap = 0.5; // 0 to 0.9
    float padding = 0;    // value beyond the image
};

// Runs the predictor over overlapping tiles and averages with Gaussian weights. Planes are handed over as
// soon as no later tile touches them: memory is that of `tile` planes, whatever the image's depth. Errors:
// the predictor's; Cancelled (tested before every tile).
Result<void> slideWindow(const SlidingWindow& window, std::span<const float> image,
                         const TilePredictor& predict, const PlaneSink& sink, std::stop_token stop = {},
                         const ProgressReport& report = {});

} // namespace annotomy
