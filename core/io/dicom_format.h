#pragma once

#include "core/io/dicom_data_set.h"

#include <string>

namespace annotomy {

// How the voxels of a DICOM image are stored (PS3.3 C.7.6.3). Internal to core/io.
struct DicomPixelFormat {
    int columns = 0, rows = 0;
    int bitsAllocated = 16, bitsStored = 16, highBit = 15;
    bool isSigned = false;
    bool inverted = false; // MONOCHROME1
    bool operator==(const DicomPixelFormat&) const = default;
};

std::size_t frameBytes(const DicomPixelFormat& format);

// What the header says of the voxels. Errors: Unsupported, Malformed, with a reason; sizes and bits that
// contradict one another are refused, since every later length would be wrong.
Result<DicomPixelFormat> pixelFormatOf(const DicomDataSet& set, const std::string& path);

// Whether the pixel data holds `frames` frames. Errors: Truncated, Malformed.
Result<void> checkPixelLength(const DicomFile& file, const DicomPixelFormat& format, int frames,
                              const std::string& path);

} // namespace annotomy
