#pragma once

#include "core/io/bytes/byte_stream.h"
#include "core/io/plain/raw_voxels.h"

#include <string>
#include <vector>

namespace annotomy {

// What a file without a DICOM header shows, from its voxels. Internal to core/io.

// How the voxels of a file are stored.
struct StoredVoxels {
    RawType type{};
    std::endian order = std::endian::native;
    Rescale rescale;
    std::uint64_t count = 0;
};

// Real values of a few of them: 64 pieces spread over the file, or the first MiB where it is compressed.
// Requires the reader to stand at the first voxel. What cannot be read is left out; it is reported when the
// image is opened.
std::vector<double> sampledValues(ByteReader reader, Compression compression, const StoredVoxels& voxels);

// "CT" when the values look like Hounsfield units: air around -1000 that is no mere tail of the distribution,
// and below it nothing but one padding value. "OT" otherwise: MR, PET and masks hold no such values; of a CT
// without air (cropped within the body, or stored with an offset) nothing is known.
std::string guessedModality(const std::vector<double>& values);

} // namespace annotomy
