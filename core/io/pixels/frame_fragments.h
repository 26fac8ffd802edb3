#pragma once

#include "core/io/dicom/dicom_data_set.h"

#include <string>
#include <utility>
#include <vector>

namespace annotomy {

// The fragments of one frame among DicomPixelData::fragments: from the first to before the last.
using FragmentRange = std::pair<std::size_t, std::size_t>;

// Which fragments of encapsulated pixel data make each of `frames` frames (PS3.5, A.4): all, one each, as the
// basic or the extended offset table says, or from one start of a JPEG image to the next. Requires
// readDicomFile(Pixels). Errors: Truncated, Malformed, Unsupported. Internal to core/io.
Result<std::vector<FragmentRange>> fragmentsOfFrames(const DicomFile& file, std::size_t frames,
                                                     const std::string& path);

} // namespace annotomy
