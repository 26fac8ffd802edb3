#pragma once

#include "core/image/image_info.h"
#include "core/io/plain/raw_voxels.h"

#include <string>
#include <vector>

namespace annotomy {

// A checked MetaImage header: everything needed to read the voxels. Internal to core/io.
struct MetaImageHeader {
    VolumeGeometry geometry; // LPS
    RawType type{};
    std::endian order = std::endian::little;
    bool compressed = false; // zlib
    std::string dataPath;
    std::uint64_t dataOffset = 0;
    bool atEnd = false; // the voxels are the last bytes of their file
    std::vector<Warning> warnings;
};

// Errors: Unrecognised, Malformed, Unsupported (no 3-D image, several data files, ...).
Result<MetaImageHeader> readMetaImageHeader(const std::string& path);

} // namespace annotomy
