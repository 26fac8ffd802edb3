#pragma once

#include "core/image/image_info.h"
#include "core/io/pixels/dicom_format.h"

#include <string>
#include <vector>

namespace annotomy {

// What a user should know or can use of how a DICOM image is to be shown. Internal to core/io.

// The input ranges of the VOI LUT Sequence (PS3.3 C.11.2) as windows: their curves are not applied.
void appendVoiLuts(const DicomDataSet& set, const Rescale& rescale, std::vector<DisplayWindow>& windows);

// Colours, whose luminance is measured, and overlay planes: they are no part of the voxels, but can be read as a mask.
void appendPixelWarnings(const DicomDataSet& set, const DicomPixelFormat& format, const std::string& path,
                         std::vector<Warning>& warnings);

} // namespace annotomy
