#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"

#include <optional>
#include <span>
#include <vector>

namespace annotomy {

// Definitions and their sources: docs/metrics.md.

// Two masks of one segment compared voxel by voxel, over the whole grid. A ratio 0/0 is nullopt, never 0 or 1: with
// both masks empty that is dice, f1, iou, precision, recall and falseNegativeRate; with one empty dice, f1 and iou are 0.
struct OverlapMetrics {
    std::int64_t voxelsReference = 0, voxelsMask = 0;
    std::int64_t tp = 0, fp = 0, fn = 0, tn = 0;
    std::optional<double> precision;         // tp / (tp + fp)
    std::optional<double> recall;            // tp / (tp + fn), sensitivity
    std::optional<double> f1;                // 2 tp / (2 tp + fp + fn), the same as dice
    std::optional<double> dice;              // 2 |A and B| / (|A| + |B|)
    std::optional<double> iou;               // |A and B| / |A or B|, Jaccard
    std::optional<double> accuracy;          // (tp + tn) / all
    std::optional<double> falsePositiveRate; // fp / (fp + tn)
    std::optional<double> falseNegativeRate; // fn / (fn + tp)
    double volumeReferenceMl = 0, volumeMaskMl = 0; // voxels times the voxel's volume
    double volumeDifferenceMl = 0;                  // mask - reference
    bool operator==(const OverlapMetrics&) const = default;
};

// Distances between the surfaces of two masks, in mm in the patient, exact on anisotropic, oblique and sheared grids.
// A surface is the mask's voxels with a face neighbour outside the mask; beyond the grid is outside. A distance
// goes from a surface voxel's centre to the nearest centre of the other surface. All nullopt when a mask is empty.
struct SurfaceMetrics {
    std::optional<double> hdMm;   // the larger of the two directed maxima
    std::optional<double> hd95Mm; // the larger of the two directed 95th percentiles (linear between order statistics)
    std::optional<double> assdMm; // mean over the distances of both directions, pooled
    std::optional<double> nsd;    // share of the pooled surface voxels within the tolerance
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

// Requires two grids of one size; volumes are those of the reference's grid.
OverlapMetrics overlapMetrics(const BinaryMask& reference, const BinaryMask& mask);

// Errors: GeometryMismatch, Cancelled.
Result<SurfaceMetrics> surfaceMetrics(const BinaryMask& reference, const BinaryMask& mask, double nsdToleranceMm,
                                      std::stop_token stop = {}, const ProgressReport& report = {});

// Every segment number that occurs in the table or the voxels of either mask, ascending. A number's layer is the one
// its table says, else the first that holds it.
// Errors: GeometryMismatch when the grids differ by more than 1e-3 mm; Cancelled.
Result<std::vector<SegmentMetrics>> compareLabelMaps(const LabelMap& reference, const LabelMap& mask,
                                                     double nsdToleranceMm, std::stop_token stop = {},
                                                     const ProgressReport& report = {});

} // namespace annotomy
