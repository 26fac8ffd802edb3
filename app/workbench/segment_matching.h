#pragma once

#include "core/base/result.h"
#include "core/image/label_map.h"

#include <array>
#include <string>

namespace annotomy {

// The number that each segment gets (index: its number now; 0: it is dropped).
using Renumbering = std::array<SegmentNumber, 256>;

// The same mask under other numbers. Table rows are renumbered, and dropped with their voxels when the new number is 0;
// numbers must stay distinct.
LabelMap renumbered(const LabelMap& labels, const Renumbering& renumbering);

// As renumbered, but TooManySegments of `subject` where a segment would be dropped.
Result<LabelMap> renumberedWhole(const LabelMap& labels, const Renumbering& renumbering, const std::string& subject);

// Gives segments that bear the same name as one of `reference` its number; others keep theirs where it is
// free, else get the first free one. 0 for segments that find no number any more.
Renumbering renumberingByName(const SegmentTable& segments, const SegmentTable& reference);

// Gives segments with the same file value as one of `reference` its number; others as above.
Renumbering renumberingByFileValue(const SegmentTable& segments, const SegmentTable& reference);

} // namespace annotomy
