#pragma once

#include "core/image/image_info.h"
#include "core/io/pixels/dicom_format.h"

#include <string>
#include <vector>

namespace annotomy {

// What a user should know or can use of how a DICOM image is to be shown. Internal to core/io.

// The tables of the VOI LUT Sequence (PS3.3 C.11.2) as windows, the first few. `holder` is the image's data set itself
// or a functional group of it.
void appendVoiLuts(const DicomDataSet& image, const DicomDataSet& holder, const Rescale& rescale,
                   std::vector<DisplayWindow>& windows);

// Colours, whose luminance is measured, and overlay planes: they are no part of the voxels, but can be read as a mask.
void appendPixelWarnings(const DicomDataSet& set, const DicomPixelFormat& format, const std::string& path,
                         std::vector<Warning>& warnings);

} // namespace annotomy
