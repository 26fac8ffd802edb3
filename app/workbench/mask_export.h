#pragma once

#include "app/workbench/export_formats.h"

namespace annotomy {

struct ExportOutcome {
    std::vector<std::string> files;
    std::vector<std::string> notes; // what was filled in, or could not be kept
};

// Writes a mask in one of exportFormats(), reads it back through the reader, compares, and only then lets it appear under
// `outPath`. Errors: InvalidArgument for a format or suffix that does not fit; HashMismatch, with segment and slice, when
// what was read differs; those of writing.
Result<ExportOutcome> exportVerified(const MaskExport& what, const std::string& format, const std::string& outPath);

// Whether a volume can be written under this name: InvalidArgument for the suffix, NotFound for the folder.
Result<void> checkOutput(const std::string& path);

// Writes any volume by the suffix of the path: .nii, .nii.gz or .nrrd. InvalidArgument for others.
Result<void> writeVolumeAs(const Volume& volume, const std::string& path, std::stop_token stop = {},
                           const ProgressReport& report = {});

} // namespace annotomy
