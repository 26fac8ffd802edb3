#include "core/metrics/mask_metrics.h"

#include "core/base/parallel.h"
#include "core/metrics/surface_within.h"

#include <atomic>
#include <cassert>

namespace annotomy {

namespace {

std::optional<double> ratio(std::int64_t part, std::int64_t whole)
{
    if (whole == 0)
        return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

OverlapMetrics overlapFromCounts(const VolumeGeometry& geometry, std::int64_t voxelsReference,
                                 std::int64_t voxelsMask, std::int64_t common)
{
    const auto all = static_cast<std::int64_t>(geometry.voxelCount());
    OverlapMetrics m;
    m.voxelsReference = voxelsReference;
    m.voxelsMask = voxelsMask;
    m.tp = common;
    m.fp = voxelsMask - common;
    m.fn = voxelsReference - common;
    m.tn = all - m.tp - m.fp - m.fn;
    m.precision = ratio(m.tp, m.tp + m.fp);
    m.recall = ratio(m.tp, m.tp + m.fn);
    m.dice = ratio(2 * m.tp, 2 * m.tp + m.fp + m.fn);
    m.f1 = m.dice;
    m.iou = ratio(m.tp, m.tp + m.fp + m.fn);
    m.accuracy = ratio(m.tp + m.tn, all);
    m.falsePositiveRate = ratio(m.fp, m.fp + m.tn);
    m.falseNegativeRate = ratio(m.fn, m.fn + m.tp);
    const double voxelMl = geometry.voxelVolumeMm3() / 1000;
    m.volumeReferenceMl = static_cast<double>(voxelsReference) * voxelMl;
    m.volumeMaskMl = static_cast<double>(voxelsMask) * voxelMl;
    m.volumeDifferenceMl = static_cast<double>(voxelsMask - voxelsReference) * voxelMl;
    return m;
}

OverlapMetrics overlapMetrics(const BinaryMask& reference, const BinaryMask& mask)
{
    assert(reference.labels.size() == mask.labels.size());
    std::atomic<std::int64_t> inReference = 0, inMask = 0, inBoth = 0;
    parallelRanges(reference.labels.size(), std::size_t{1} << 20, [&](std::size_t begin, std::size_t end) {
        std::int64_t a = 0, b = 0, both = 0;
        for (std::size_t n = begin; n < end; ++n) {
            const bool isA = reference.labels[n] == reference.label, isB = mask.labels[n] == mask.label;
            a += isA;
            b += isB;
            both += isA && isB;
        }
        inReference += a;
        inMask += b;
        inBoth += both;
    });
    return overlapFromCounts(reference.geometry, inReference, inMask, inBoth);
}

} // namespace annotomy
