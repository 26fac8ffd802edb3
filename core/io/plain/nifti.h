#pragma once

#include "core/image/label_map.h"
#include "core/io/series.h"

#include <span>

namespace annotomy {

// NIfTI-1 and -2, .nii and .nii.gz (and .hdr/.img), through nifti2_io. Geometry: sform when its code is > 0,
// else qform, else pixdim; RAS converted to LPS. scl_slope and scl_inter become the rescale; colours are kept beside their luminance.

// One entry, or one for each time point of a 4-D file; the entry's frame is the time point.
Result<std::vector<SeriesEntry>> scanNiftiVolumes(const std::string& path);
// The only volume of a file, and its voxels. Unsupported for a 4-D file.
Result<SeriesEntry> scanNifti(const std::string& path);
Result<Volume> readNifti(const std::string& path, std::stop_token stop = {},
                         const ProgressReport& report = {});
// One time point, from 0. NotFound beyond the last.
Result<Volume> readNifti(const std::string& path, int time, std::stop_token stop = {},
                         const ProgressReport& report = {});

// Writes stored voxels with scl_slope/inter, sform and qform both (code 1); gzip when the path ends in .gz.
// Written aside and renamed, so a failure leaves no half file.
Result<void> writeNifti(const std::string& path, const Volume& volume, std::stop_token stop = {},
                        const ProgressReport& report = {});
// As one 4-D file. Requires the same grid, type and rescale of all: InvalidArgument.
Result<void> writeNifti(const std::string& path, std::span<const Volume> volumes, std::stop_token stop = {},
                        const ProgressReport& report = {});

} // namespace annotomy
