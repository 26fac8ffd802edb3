#pragma once

#include "core/image/label_map.h"

#include <vector>

namespace annotomy {

// Voxels in a row of one slice: `length` of them, each `stride` beyond the one before, from `begin` on.
struct StridedRun {
    std::size_t begin = 0;
    std::ptrdiff_t stride = 1;
    std::size_t length = 0;
};

// Adds a segment with its voxels to the first layer in which none of them is taken, a new one if need be.
// Takes time by the segment's own voxels, not by the grid. Requires that the table has no segment of that
// number.
void addSegment(LabelMap& labels, Segment segment, const std::vector<StridedRun>& runs);

} // namespace annotomy
