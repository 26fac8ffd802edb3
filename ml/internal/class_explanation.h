#pragma once

#include "core/base/progress.h"
#include "ml/internal/sliding_window.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace annotomy {

// A tile of an image (i fastest), and how much the class's score counts at each voxel: 0 where the class is not found.
struct ScoredTile {
    Index3 size{};
    std::span<const float> values;
    std::span<const float> weights;
};

// Fills `map` with what each voxel of the tile adds to the score, at least 0. `report`: of this tile.
using TileExplainer =
    std::function<Result<void>(const ScoredTile& tile, std::span<float> map, const ProgressReport& report)>;

// Explains why a sliding window finds a class where `found` is not 0. The class's score at a voxel is the mean over the tiles
// with Gaussian weights, as in slideWindow(), so each tile answers for its weight there; the maps of the tiles are added.
// `window.outputs` does not matter. Errors: those of `explain`; Cancelled (tested before every tile).
Result<std::vector<float>> explainTiles(const SlidingWindow& window, std::span<const float> image,
                                        const std::vector<std::uint8_t>& found, const TileExplainer& explain,
                                        std::stop_token stop = {}, const ProgressReport& report = {});

} // namespace annotomy
