#pragma once

#include "core/io/bytes/byte_stream.h"
#include "core/io/plain/nrrd_header.h"

#include <string>

namespace annotomy {

// What reading and writing images and segmentations in NRRD share. Internal to core/io.

std::uint64_t voxelBytes(const NrrdHeader& header); // of all values, decompressed
Compression compressionOf(const NrrdHeader& header);

// The voxels' stream, at their first byte. Errors: Truncated when the file cannot hold them; Unsupported.
Result<ByteReader> voxelReader(const NrrdHeader& header);

// The lines "space", "space directions" (after `before`: "none " of an axis that is not spatial) and "space origin".
std::string nrrdPlacement(const VolumeGeometry& geometry, const std::string& before = {});

} // namespace annotomy
