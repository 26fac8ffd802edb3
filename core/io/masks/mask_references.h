#pragma once

#include "core/io/dicom/dicom_data_set.h"

#include <string>
#include <vector>

namespace annotomy {

// The images that a DICOM segmentation or structure set names, each UID once, in the order of the file. Internal to core/io.
struct MaskReferences {
    std::vector<std::string> seriesUids;
    std::vector<std::string> frameOfReferenceUids;
};

// Nothing for other objects.
MaskReferences maskReferencesOf(const DicomFile& file);

} // namespace annotomy
