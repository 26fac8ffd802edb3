#pragma once

#include "core/io/pixels/dicom_format.h"

#include <string>

namespace annotomy {

// How the frames of a transfer syntax are coded (PS3.5, 8 and A). Internal to core/io.
enum class PixelCoding { Native, Rle, Jpeg, JpegLs, Jpeg2000, DeflatedFrames, Unknown };

PixelCoding pixelCodingOf(const std::string& transferSyntaxUid);

// Whether a transfer syntax loses something of the voxels. Possible: its coder can do both.
enum class PixelLoss { None, Possible, Certain };
PixelLoss pixelLossOf(const std::string& transferSyntaxUid);

// Its name with the UID, for the words to a user.
std::string transferSyntaxName(const std::string& uid);

// Whether the file's pixel data can be read: native voxels under any syntax, encapsulated ones under those
// with a decoder. Errors: Unsupported, Malformed.
Result<void> checkSyntax(const DicomFile& file, const DicomPixelFormat& format, const std::string& path);

} // namespace annotomy
