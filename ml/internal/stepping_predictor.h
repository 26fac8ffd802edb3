#pragma once

#include "ml/internal/memory_steps.h"
#include "ml/internal/model.h"

namespace annotomy {

// A predictor of tiles of one size on one device. Errors of the device reach its calls.
using PredictorSource = std::function<TilePredictor(const MemoryStep& step)>;

// Predicts tiles of size wanted.patch; when memory runs out it goes on with smaller tiles within them, averaged as by
// slideWindow(), then on the CPU. A step is told once and holds for all later tiles. OutOfMemory when nothing smaller is left.
TilePredictor steppingPredictor(const PredictorSource& source, const MemoryStep& wanted, const Index3& divisor, int outputs,
                                const NoteSink& note);

// Of a model, on the device where it is; the model is moved when the CPU's turn comes.
TilePredictor steppingPredictor(const Model& model, const Index3& tile, const NoteSink& note);

} // namespace annotomy
