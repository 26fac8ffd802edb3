#pragma once

#include "core/image/image_info.h"
#include "core/io/bytes/byte_stream.h"
#include "core/io/plain/raw_voxels.h"

#include <string>
#include <vector>

namespace annotomy {

// A checked NIfTI header: everything needed to read the voxels. Internal to core/io.
struct NiftiHeader {
    VolumeGeometry geometry;
    int timePoints = 1;
    double timeStep = 0; // in seconds; 0 when the file does not say
    RawType type{};
    std::endian order = std::endian::little;
    Rescale rescale;
    std::string dataPath;
    Compression compression = Compression::None;
    std::uint64_t dataOffset = 0;
    std::vector<Warning> warnings;
};

// Errors: Unrecognised, Malformed, Truncated (the file cannot hold the voxels), Unsupported (complex numbers, vectors,
// an Analyze header).
Result<NiftiHeader> readNiftiHeader(const std::string& path);

} // namespace annotomy
