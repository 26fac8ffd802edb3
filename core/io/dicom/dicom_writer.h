#pragma once

#include "core/image/image_info.h"
#include "core/image/volume.h"

#include <string>
#include <vector>

namespace annotomy {

// Writes a volume as a DICOM series (one file a slice, explicit little endian CT or MR Image Storage), named
// slice_0001.dcm and so on. Used for synthetic cohorts and in tests. UIDs come from `info` (series, study,
// frame of reference); SOP instance UIDs are the series UID with the slice number. Requires int16 or uint16
// voxels. Returns the paths, in slice order.
Result<std::vector<std::string>> writeDicomSeries(const std::string& folder, const Volume& volume,
                                                  const ImageInfo& info);

} // namespace annotomy
