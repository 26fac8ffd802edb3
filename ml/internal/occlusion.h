#pragma once

#include "ml/internal/class_explanation.h"

namespace annotomy {

// Occlusion (Zeiler and Fergus 2014), for segmentation: by how much the probability of `output` (one of `outputs` of
// `predict`), weighed and summed over the tile, falls when a block of it is replaced by `fill` (normalised value); between the
// blocks' centres interpolated trilinearly. The blocks, up to `mostBlocks` along an axis and at least four voxels long, fill the box of
// the voxels that count, with a quarter of the tile around; beyond, the map is 0. Costs one prediction a block. Errors: those
// of `predict`; Cancelled (tested before every block).
TileExplainer occlusion(TilePredictor predict, int outputs, std::size_t output, float fill, int mostBlocks,
                        std::stop_token stop = {});

} // namespace annotomy
