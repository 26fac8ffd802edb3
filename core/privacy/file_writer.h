#pragma once

#include "core/io/dicom/dicom_data_set.h"
#include "core/privacy/element_tree.h"

#include <string>

namespace annotomy {

// Writes a data set as a DICOM file (PS3.10) with an empty preamble and a file meta group of our own. The
// pixel data is that of `source`, byte for byte, in its transfer syntax. Errors: Truncated when the pixel
// data is cut, Unsupported for one whose transfer syntax is not told, and those of writing.
Result<void> writeDeidentified(const std::string& path, const ElementTree& tree, const DicomFile& source,
                               const std::string& sourcePath);

// The bytes of the pixel data as they lie in a file: native voxels, or the items of encapsulated ones. Empty
// when there is none.
std::span<const std::byte> pixelBytes(const DicomFile& file);

} // namespace annotomy
