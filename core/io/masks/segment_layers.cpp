#include "core/io/masks/segment_layers.h"

#include <algorithm>

namespace annotomy {

namespace {

// The first label of another segment's, if any, that a run meets.
bool isFree(std::span<const std::uint8_t> layer, const StridedRun& run)
{
    if (run.stride == 1) {
        const auto voxels = layer.subspan(run.begin, run.length);
        return std::all_of(voxels.begin(), voxels.end(),
                           [](std::uint8_t label) { return label == background; });
    }
    std::size_t at = run.begin;
    for (std::size_t n = 0; n < run.length; ++n, at += static_cast<std::size_t>(run.stride))
        if (layer[at] != background)
            return false;
    return true;
}

int freeLayer(const LabelMap& labels, const std::vector<StridedRun>& runs)
{
    int layer = 0;
    while (layer < labels.layerCount() && !std::all_of(runs.begin(), runs.end(), [&](const StridedRun& run) {
               return isFree(labels.layer(layer), run);
           }))
        ++layer;
    return layer;
}

} // namespace

void addSegment(LabelMap& labels, Segment segment, const std::vector<StridedRun>& runs)
{
    segment.layer = freeLayer(labels, runs);
    labels.ensureLayers(segment.layer + 1);
    labels.segments().insert(segment);
    const std::span<std::uint8_t> layer = labels.writableLayer(segment.layer);
    for (const StridedRun& run : runs) {
        std::size_t at = run.begin;
        for (std::size_t n = 0; n < run.length; ++n, at += static_cast<std::size_t>(run.stride))
            layer[at] = segment.number;
    }
}

} // namespace annotomy
