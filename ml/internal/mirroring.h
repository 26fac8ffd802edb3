#pragma once

#include "ml/internal/sliding_window.h"

namespace annotomy {

// The mirror images of a tile along every combination of `axes` (1: this one), the tile as it is first: 1 to 8.
std::vector<Index3> mirrorings(const Index3& axes);

// `values` ([channels][k][j][i] of size `tile`) mirrored along the axes that are 1.
void mirrorTile(std::span<const float> values, const Index3& tile, const Index3& axes, std::span<float> mirrored);

// What `predict` says of every mirror image, each turned back: [mirrorings][outputs][tile voxels].
TilePredictor mirroredEach(TilePredictor predict, const Index3& tile, const Index3& axes);

// Test-time augmentation: the mean of what `predict` says of a tile and of its mirror images along every combination of
// `axes` (1: this one; nnU-Net's practice), each turned back. Costs 2^n predictions. `predict` itself without any axis.
TilePredictor mirrored(TilePredictor predict, const Index3& tile, int outputs, const Index3& axes);

} // namespace annotomy
