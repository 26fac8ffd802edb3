#include "core/metrics/mask_metrics.h"

#include "core/metrics/label_statistics.h"
#include "core/metrics/surface_within.h"

#include <map>

namespace annotomy {

namespace {

// Where a mask keeps each segment, and what it holds there.
struct SegmentIndex {
    std::array<int, 256> layer{}; // -1: nowhere
    std::array<std::int64_t, 256> voxels{};
    std::array<IndexBox, 256> box{};
    std::array<bool, 256> occurs{};
};

SegmentIndex segmentIndex(const LabelMap& labels)
{
    SegmentIndex index;
    index.layer.fill(-1);
    for (const Segment& segment : labels.segments().segments()) {
        index.occurs[segment.number] = true;
        index.layer[segment.number] = segment.layer;
    }
    for (int layer = 0; layer < labels.layerCount(); ++layer) {
        const LabelStatistics statistics = labelStatistics(labels.geometry(), labels.layer(layer));
        for (std::size_t label = 1; label < 256; ++label) {
            if (statistics.voxels[label] == 0 || (index.layer[label] >= 0 && index.layer[label] != layer))
                continue;
            index.occurs[label] = true;
            index.layer[label] = layer;
            index.voxels[label] = statistics.voxels[label];
            index.box[label] = statistics.box[label];
        }
    }
    return index;
}

// Common voxels of each segment; every pair of layers is read once.
std::array<std::int64_t, 256> commonBySegment(const LabelMap& reference, const SegmentIndex& a,
                                              const LabelMap& mask, const SegmentIndex& b)
{
    std::map<std::pair<int, int>, std::array<std::int64_t, 256>> byLayers;
    std::array<std::int64_t, 256> common{};
    for (std::size_t label = 1; label < 256; ++label) {
        if (a.voxels[label] == 0 || b.voxels[label] == 0)
            continue;
        const std::pair layers{a.layer[label], b.layer[label]};
        auto found = byLayers.find(layers);
        if (found == byLayers.end())
            found = byLayers.emplace(layers, commonVoxels(reference.layer(layers.first), mask.layer(layers.second)))
                        .first;
        common[label] = found->second[label];
    }
    return common;
}

BinaryMask maskOf(const LabelMap& labels, const SegmentIndex& index, std::size_t label)
{
    return {labels.geometry(), labels.layer(index.layer[label]), static_cast<std::uint8_t>(label)};
}

} // namespace

Result<std::vector<SegmentMetrics>> compareLabelMaps(const LabelMap& reference, const LabelMap& mask,
                                                     double nsdToleranceMm, std::stop_token stop,
                                                     const ProgressReport& report)
{
    if (!sameGrid(reference.geometry(), mask.geometry()))
        return Error{ErrorCode::GeometryMismatch, {}, "the two masks lie on different grids"};
    const SegmentIndex a = segmentIndex(reference), b = segmentIndex(mask);
    const auto common = commonBySegment(reference, a, mask, b);
    std::vector<SegmentMetrics> all;
    for (std::size_t label = 1; label < 256; ++label) {
        if (stop.stop_requested())
            return cancelledError();
        if (!a.occurs[label] && !b.occurs[label])
            continue;
        SegmentMetrics metrics;
        metrics.value = static_cast<std::int64_t>(label);
        metrics.overlap = overlapFromCounts(reference.geometry(), a.voxels[label], b.voxels[label], common[label]);
        if (a.voxels[label] > 0 && b.voxels[label] > 0) {
            const auto surface = surfaceMetricsWithin(maskOf(reference, a, label), maskOf(mask, b, label),
                                                      unionOf(a.box[label], b.box[label]), nsdToleranceMm, stop, {});
            if (!surface)
                return surface.error();
            metrics.surface = *surface;
        }
        all.push_back(metrics);
        reportProgress(report, static_cast<double>(label) / 255);
    }
    reportProgress(report, 1);
    return all;
}

} // namespace annotomy
