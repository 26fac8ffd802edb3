#pragma once

#include "core/image/image_info.h"
#include "core/io/plain/raw_voxels.h"

#include <map>
#include <string>
#include <vector>

namespace annotomy {

enum class NrrdEncoding { Raw, Gzip, Bzip2, Ascii };

// A checked NRRD header: everything needed to read the voxels. Internal to core/io.
struct NrrdHeader {
    VolumeGeometry geometry; // LPS
    RawType type{};
    std::endian order = std::endian::native;
    NrrdEncoding encoding{};
    std::string dataPath;
    std::uint64_t dataOffset = 0;
    std::int64_t byteSkip = 0; // after inflation; -1: the voxels are the last bytes of the file
    int valuesPerVoxel = 1; // of a first axis that is not spatial (layers of a segmentation)
    bool areColours = false; // these values, by what the axis is called
    std::map<std::string, std::string> keyValues; // the lines "key:=value"
    std::vector<Warning> warnings;
};

// Errors: Unrecognised, Truncated, Malformed, Unsupported (axes that are not spatial, several data files,
// ...).
Result<NrrdHeader> readNrrdHeader(const std::string& path);

} // namespace annotomy
