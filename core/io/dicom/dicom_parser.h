#pragma once

#include "core/io/dicom/dicom_data_set.h"

namespace annotomy {

// How the elements of a data set are written (PS3.5, 7.1 and 7.3).
struct DicomEncoding {
    bool explicitVr = true;
    bool bigEndian = false;
};

enum class DicomParseEnd { Done, PastTheEnd, Malformed };

// What was found in a buffer. `PastTheEnd` means that a length points behind it.
struct DicomParse {
    DicomParseEnd end = DicomParseEnd::Done;
    std::size_t position = 0; // behind the last element that was read
    std::optional<DicomPixelData> pixels;
};

// Bounded parsing of elements into `set`, whose values point into `bytes`. Internal to core/io.
// Only the file meta group, which is always explicit little endian.
DicomParse parseDicomMeta(std::span<const std::byte> bytes, std::size_t at, DicomDataSet& set);
// Up to the pixel data, which is not looked into but for the places of its fragments.
DicomParse parseDicomDataSet(std::span<const std::byte> bytes, std::size_t at, DicomEncoding encoding,
                             DicomDataSet& set);

} // namespace annotomy
