#pragma once

#include "core/image/label_map.h"
#include "core/image/volume.h"

#include <vector>

namespace annotomy {

// What a report says of one segment. Intensities are real values (HU, SUV, ...) over the segment's finite
// voxels.
struct SegmentMeasures {
    std::int64_t voxels = 0;
    double volumeMm3 = 0; // voxels times the voxel's volume
    std::int64_t finite = 0;
    double mean = 0, standardDeviation = 0; // the population's: divided by the number of voxels
    double minimum = 0, maximum = 0;
};

// One row per segment, in the table's order. Intensities stay at 0 voxels without an image. Requires an
// image, if any, of as many voxels as the mask.
std::vector<SegmentMeasures> segmentMeasures(const LabelMap& labels, const Volume& image);

} // namespace annotomy
