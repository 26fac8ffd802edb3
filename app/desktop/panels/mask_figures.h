#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"
#include "core/metrics/mask_metrics.h"

#include <QString>

#include <optional>
#include <vector>

namespace annotomy {

// One segment of the case, with its figures against another mask.
struct SegmentFigures {
    SegmentNumber number = 0;
    QString name;
    Colour colour;
    double volumeMl = 0;
    std::optional<double> dice, hd95Mm;
    bool operator==(const SegmentFigures&) const = default;
};

// The present mask against another one of the same grid.
struct MaskFigures {
    std::vector<SegmentFigures> segments; // in the order of the present mask's table, then those of the other
    std::optional<double> dice;           // mean over the segments in which it is defined
    std::optional<double> hd95Mm;         // the largest of the segments
    double changedMl = 0;                 // voxels whose label differs
    double addedMl = 0, removedMl = 0;    // voxels that only the present mask labels, and only the other one
    bool compared = false;                // false: volumes only
};

// Volumes alone: quick enough after every stroke.
MaskFigures volumeFigures(const LabelMap& present);
// Errors: GeometryMismatch, Cancelled.
Result<MaskFigures> compareMasks(const LabelMap& other, const LabelMap& present, std::stop_token stop = {},
                                 const ProgressReport& report = {});
// What a proposal would change: overlap only, without distances between surfaces. Errors: as above.
Result<MaskFigures> overlapFigures(const LabelMap& other, const LabelMap& present, std::stop_token stop = {});

} // namespace annotomy
