#pragma once

#include "core/image/label_map.h"

#include <array>

namespace annotomy {

// The boxes of all segments of a mask in one pass; empty for those without voxels.
std::array<IndexBox, 256> segmentBoxes(const LabelMap& labels);

} // namespace annotomy
