#pragma once

#include "app/workbench/reader_client.h"

namespace annotomy {

// Writes a mask as "nifti" or "nrrd" with its files' own values, reads it back through the reader, compares grid and
// every voxel, and only then lets it appear under `outPath`. Errors: InvalidArgument for a format or suffix that does not
// fit; HashMismatch when what was read differs; those of writing.
Result<void> exportVerified(const LabelMap& labels, const std::string& format, const std::string& outPath,
                            ReaderClient& reader, std::stop_token stop);

// Whether a volume can be written under this name: InvalidArgument for the suffix, NotFound for the folder.
Result<void> checkOutput(const std::string& path);

// Writes any volume by the suffix of the path: .nii, .nii.gz or .nrrd. InvalidArgument for others.
Result<void> writeVolumeAs(const Volume& volume, const std::string& path, std::stop_token stop = {},
                           const ProgressReport& report = {});

} // namespace annotomy
