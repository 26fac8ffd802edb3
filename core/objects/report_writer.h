#pragma once

#include "core/objects/dicom_object.h"
#include "core/objects/segment_measures.h"

namespace annotomy {

// Writes a measurement report (PS3.16 TID 1500, Comprehensive SR): for every segment a group of volumetric
// ROI measurements with tracking, finding, site, the segment of `segmentation` and the source series; volume,
// number of voxels, and mean, standard deviation, minimum and maximum of the intensities (`unit` as Volume
// tells it). A series without a UID is named by one made for it, which is a note. Errors: InvalidArgument without
// segments; those of writing.
Result<WrittenObject> writeReport(const std::string& path, const ObjectContent& content,
                                  const WrittenObject& segmentation,
                                  const std::vector<SegmentMeasures>& measures, const std::string& unit);

} // namespace annotomy
