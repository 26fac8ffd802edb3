#include "ml/internal/stepping_predictor.h"

#include "ml/internal/network_image.h"

#include <memory>

namespace annotomy {

namespace {

struct Stepping {
    PredictorSource source;
    MemoryStep wanted, step;
    Index3 divisor;
    int outputs;
    NoteSink note;
    TilePredictor predict; // of step.patch

    Result<void> inParts(std::span<const float> tile, std::span<float> probabilities) const
    {
        SlidingWindow window;
        window.image = wanted.patch;
        window.tile = step.patch;
        window.outputs = outputs;
        const std::size_t voxels = voxelCountOf(wanted.patch);
        const std::size_t plane = voxels / static_cast<std::size_t>(wanted.patch[2]);
        const PlaneSink sink = [&](int k, std::span<const float> values) {
            for (std::size_t c = 0; c < static_cast<std::size_t>(outputs); ++c)
                std::copy_n(values.data() + c * plane, plane,
                            probabilities.data() + c * voxels + static_cast<std::size_t>(k) * plane);
        };
        return slideWindow(window, tile, predict, sink);
    }

    Result<void> attempt(std::span<const float> tile, std::span<float> probabilities) const
    {
        return step.patch == wanted.patch ? predict(tile, probabilities) : inParts(tile, probabilities);
    }
};

} // namespace

TilePredictor steppingPredictor(const PredictorSource& source, const MemoryStep& wanted, const Index3& divisor, int outputs,
                                const NoteSink& note)
{
    const auto state = std::make_shared<Stepping>(Stepping{source, wanted, wanted, divisor, outputs, note, source(wanted)});
    return [state](std::span<const float> tile, std::span<float> probabilities) -> Result<void> {
        while (true) {
            Result<void> done = state->attempt(tile, probabilities);
            if (done || done.error().code != ErrorCode::OutOfMemory)
                return done;
            const std::optional<MemoryStep> next = steppedDown(state->step, state->wanted, state->divisor);
            if (!next)
                return done;
            if (state->note)
                state->note(stepNote(state->step, *next));
            state->step = *next;
            state->predict = state->source(*next);
        }
    };
}

TilePredictor steppingPredictor(const Model& model, const Index3& tile, const NoteSink& note)
{
    const PredictorSource source = [model](const MemoryStep& step) -> TilePredictor {
        Model here = model; // shares the module
        if (here.device() != step.device)
            if (const Result<void> moved = here.moveTo(step.device); !moved)
                return [error = moved.error()](std::span<const float>, std::span<float>) -> Result<void> { return error; };
        return here.predictor(step.patch);
    };
    return steppingPredictor(source, {1, tile, model.device()}, model.card().divisor, model.outputs(), note);
}

} // namespace annotomy
