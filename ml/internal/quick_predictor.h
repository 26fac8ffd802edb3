#pragma once

#include "core/learn/model_card.h"
#include "ml/internal/network_shape.h"
#include "ml/internal/sliding_window.h"

#include <functional>

namespace annotomy {

struct TorchModule;

// Runs tiles of `tile` by a UNetExecutor. Empty when there is none for this module: a foreign or other network, a device
// that is not the CPU, a build without oneDNN. What a module computes is in its code, not in its card, so it is asked once,
// by way of `general` (the predictor through LibTorch for any tile): the least tile must come out the same.
TilePredictor quickPredictor(TorchModule& module, const ModelCard& card, const NetworkShape& shape, const Index3& tile,
                             const std::function<TilePredictor(const Index3&)>& general);

} // namespace annotomy
