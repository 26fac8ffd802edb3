#pragma once

#include "ml/internal/sliding_window.h"

namespace annotomy {

// Test-time augmentation: the mean of what `predict` says of a tile and of its mirror images along every combination of
// `axes` (1: this one; nnU-Net's practice), each turned back. Costs 2^n predictions. `predict` itself without any axis.
TilePredictor mirrored(TilePredictor predict, const Index3& tile, int outputs, const Index3& axes);

} // namespace annotomy
