#pragma once

#include "core/io/dicom/dicom_slice.h"
#include "core/io/series.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// What one file turned out to be; one of the four is set. Internal to core/io.
struct ScannedFile {
    std::optional<DicomImageFile> image; // to be grouped with others
    std::vector<SeriesEntry> entries;    // of NIfTI, NRRD and MetaImage: the volumes of the file
    std::optional<MaskFile> mask;
    std::optional<SkippedFile> skipped;
    bool isArchive = false; // skipped, unless it is unpacked
};

// Opens the file once and reads its header.
ScannedFile scanFile(const std::string& path);

// What the bytes of a DICOM file's begin hold; more is read where they do not suffice.
ScannedFile scanDicomFile(const std::string& path, std::vector<std::byte> begin, std::uint64_t fileBytes);

// For the header cache and for scans that do not fit into memory. The path is not encoded but given back. nullopt
// for bytes that encodeScannedFile has not written.
std::vector<std::byte> encodeScannedFile(const ScannedFile& file);
std::optional<ScannedFile> decodeScannedFile(std::span<const std::byte> bytes, const std::string& path);

} // namespace annotomy
