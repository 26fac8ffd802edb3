#pragma once

#include "core/base/result.h"
#include "core/image/segment_table.h"

class DcmItem;
class DcmSegment;

namespace annotomy {

// Internal to core/objects: one item of a Segment Sequence.

// A segment as DCMTK's segmentations take it; the caller owns it. Its texts are put in with putSegmentTexts
// once the data set is composed, since DCMTK's modules refuse what is not ASCII, whatever the character set.
Result<DcmSegment*> describedSegment(const Segment& segment, const std::string& trackingUid,
                                     const std::string& path);

void putSegmentTexts(DcmItem& item, const Segment& segment);

} // namespace annotomy
