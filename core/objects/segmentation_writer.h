#pragma once

#include "core/base/progress.h"
#include "core/objects/dicom_object.h"

namespace annotomy {

// Writes a mask as a DICOM Segmentation (PS3.3 A.51), BINARY, explicit little endian: segments numbered from
// 1 in the table's order, one frame per segment and slice that holds voxels, overlaps kept. A segment without
// any voxel has one empty frame on the first slice: an image has a frame at least, and DCMTK asks for no
// fewer frames than segments. Errors: InvalidArgument for a mask without segments, for names that a DICOM
// label cannot hold, and for grids whose rows and columns are not perpendicular; those of writing; Cancelled.
Result<WrittenObject> writeSegmentation(const std::string& path, const ObjectContent& content,
                                        std::stop_token stop = {}, const ProgressReport& report = {});

} // namespace annotomy
