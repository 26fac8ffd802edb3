#pragma once

#include "core/io/dicom_slice.h"

#include <span>

namespace annotomy {

// Decoding of DICOM pixel data into this machine's byte order. Native voxels and RLE by our own bounded code;
// the JPEG family through GDCM's codecs, after its code stream was checked against the header. Internal to
// core/io.

// One frame into `out`, bits beyond Bits Stored cleared or sign-extended. Requires readDicomFile(WholeFile),
// 0 <= frame < frameCount, out.size() == frameBytes(format). Errors: Unsupported (names the transfer syntax),
// Truncated, Malformed.
Result<void> decodeFrame(const DicomFile& file, const DicomPixelFormat& format, int frame, int frameCount,
                         std::span<std::byte> out, const std::string& path);

// DICOM RLE of one frame (PS3.5, Annex G) into little endian voxels of `voxelBytes` bytes. False when it does
// not fit.
bool decodeRle(std::span<const std::byte> encoded, std::size_t voxelBytes, std::span<std::byte> out);

// What a JPEG, JPEG-LS or JPEG 2000 code stream says of its image.
struct CodeStream {
    int columns = 0, rows = 0, components = 0, precision = 0;
};
std::optional<CodeStream> codeStreamOf(std::span<const std::byte> encoded);

} // namespace annotomy
