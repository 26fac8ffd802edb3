#pragma once

#include "core/base/progress.h"
#include "core/objects/dicom_object.h"

namespace annotomy {

// Writes a mask as an RT Structure Set (PS3.3 A.19), implicit little endian, since contours may be longer
// than explicit VR allows: one ROI per segment in the table's order, CLOSED_PLANAR contours along voxel
// borders (see maskContours), one set per slice. Segments without voxels are ROIs without contours. Errors:
// InvalidArgument for a mask without segments and for names that DICOM cannot hold; those of writing;
// Cancelled.
Result<WrittenObject> writeStructureSet(const std::string& path, const ObjectContent& content,
                                        std::stop_token stop = {}, const ProgressReport& report = {});

} // namespace annotomy
