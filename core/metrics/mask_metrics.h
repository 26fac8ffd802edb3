#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"

#include <optional>
#include <span>
#include <vector>

namespace annotomy {

// Two masks of one segment compared voxel by voxel, over the whole grid. What is undefined (a ratio 0/0, a distance
// to an empty mask) is nullopt, never 0, 1 or infinity.
struct OverlapMetrics {
    std::int64_t voxelsReference = 0, voxelsMask = 0;
    std::int64_t tp = 0, fp = 0, fn = 0, tn = 0;
    std::optional<double> precision, recall, f1, dice, iou, accuracy, falsePositiveRate, falseNegativeRate;
    double volumeReferenceMl = 0, volumeMaskMl = 0;
    double volumeDifferenceMl = 0;                // mask - reference
    bool operator==(const OverlapMetrics&) const = default;
};

// Distances between the surfaces of two masks, in mm in the patient. The implementation states its definitions.
struct SurfaceMetrics {
    std::optional<double> hdMm, hd95Mm, assdMm, nsd;
    bool operator==(const SurfaceMetrics&) const = default;
};

struct SegmentMetrics {
    std::int64_t value = 0; // segment number, or value in the file
    OverlapMetrics overlap;
    SurfaceMetrics surface;
};

struct BinaryMask {
    VolumeGeometry geometry;
    std::span<const std::uint8_t> labels; // one per voxel
    std::uint8_t label = 1;               // the value that counts as inside
};

OverlapMetrics overlapMetrics(const BinaryMask& reference, const BinaryMask& mask);
Result<SurfaceMetrics> surfaceMetrics(const BinaryMask& reference, const BinaryMask& mask, double nsdToleranceMm,
                                      std::stop_token stop = {}, const ProgressReport& report = {});

// Every segment number that occurs in the table or the voxels of either mask, ascending.
// Errors: GeometryMismatch when the grids differ by more than 1e-3 mm; Cancelled.
Result<std::vector<SegmentMetrics>> compareLabelMaps(const LabelMap& reference, const LabelMap& mask,
                                                     double nsdToleranceMm, std::stop_token stop = {},
                                                     const ProgressReport& report = {});

} // namespace annotomy
