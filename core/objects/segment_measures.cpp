#include "core/objects/segment_measures.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace annotomy {

namespace {

struct Sums {
    std::int64_t voxels = 0, finite = 0;
    double mean = 0, squares = 0; // Welford's: sums of squares would lose the digits of a small spread
    double minimum = HUGE_VAL, maximum = -HUGE_VAL;
};

template <class T>
void addLayer(std::span<const std::uint8_t> labels, std::span<const T> voxels, const Rescale& rescale,
              std::array<Sums, 256>& sums)
{
    for (std::size_t v = 0; v < labels.size(); ++v) {
        if (labels[v] == background)
            continue;
        Sums& sum = sums[labels[v]];
        ++sum.voxels;
        if (voxels.empty())
            continue;
        const double value = rescale.slope * static_cast<double>(voxels[v]) + rescale.intercept;
        if (!std::isfinite(value))
            continue;
        ++sum.finite;
        const double off = value - sum.mean;
        sum.mean += off / static_cast<double>(sum.finite);
        sum.squares += off * (value - sum.mean);
        sum.minimum = std::min(sum.minimum, value);
        sum.maximum = std::max(sum.maximum, value);
    }
}

} // namespace

std::vector<SegmentMeasures> segmentMeasures(const LabelMap& labels, const Volume& image)
{
    assert(image.isNull() || image.geometry().voxelCount() == labels.geometry().voxelCount());
    std::array<Sums, 256> sums{};
    for (int layer = 0; layer < labels.layerCount(); ++layer) {
        if (image.isNull())
            addLayer<std::uint8_t>(labels.layer(layer), {}, {}, sums);
        else
            image.visit([&](auto voxels) { addLayer(labels.layer(layer), voxels, image.rescale(), sums); });
    }
    std::vector<SegmentMeasures> result;
    for (const Segment& segment : labels.segments().segments()) {
        const Sums& sum = sums[segment.number];
        SegmentMeasures measures;
        measures.voxels = sum.voxels;
        measures.volumeMm3 = static_cast<double>(sum.voxels) * labels.geometry().voxelVolumeMm3();
        measures.finite = sum.finite;
        if (sum.finite > 0) {
            measures.mean = sum.mean;
            measures.standardDeviation = std::sqrt(sum.squares / static_cast<double>(sum.finite));
            measures.minimum = sum.minimum;
            measures.maximum = sum.maximum;
        }
        result.push_back(measures);
    }
    return result;
}

} // namespace annotomy
