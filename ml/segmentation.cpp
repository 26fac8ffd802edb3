#include "ml/internal/segmentation.h"

#include "ml/internal/back_projection.h"
#include "ml/internal/preprocess.h"

#include <algorithm>
#include <new>

namespace annotomy {

Result<Segmentation> segmented(const Volume& volume, const Model& model, double overlap, std::stop_token stop,
                               const ProgressReport& report)
try {
    const ModelCard& card = model.card();
    const Result<NetworkImage> image = networkImage(volume, card.channels.front(), card.spacing, stop);
    if (!image)
        return image.error();
    BackProjection projection(volume.geometry(), image->grid, model.outputs());
    SlidingWindow window;
    window.image = image->grid.size;
    window.tile = card.patch;
    window.outputs = model.outputs();
    window.overlap = std::clamp(overlap, 0.0, 0.9);
    window.padding = paddingValue(card.channels.front());
    const PlaneSink sink = [&](int k, std::span<const float> probabilities) {
        projection.addPlane(k, probabilities);
    };
    const Result<void> done =
        slideWindow(window, image->values, model.predictor(window.tile), sink, stop, report);
    if (!done)
        return done.error();
    Segmentation result;
    result.meanEntropy = projection.meanForegroundEntropy();
    result.classes = projection.takeClasses();
    return result;
} catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, {}, "not enough memory for this image"};
}

} // namespace annotomy
