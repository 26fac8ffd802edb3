#pragma once

#include "core/image/label_map.h"
#include "core/io/series.h"

namespace annotomy {

// NIfTI-1 and -2, .nii and .nii.gz (and .hdr/.img), through nifti2_io. Geometry: sform when its code is > 0,
// else qform, else pixdim; RAS converted to LPS. scl_slope and scl_inter become the rescale.
Result<SeriesEntry> scanNifti(const std::string& path);
Result<Volume> readNifti(const std::string& path, std::stop_token stop = {},
                         const ProgressReport& report = {});

// Writes stored voxels with scl_slope/inter, sform and qform both (code 1); gzip when the path ends in .gz.
// Written aside and renamed, so a failure leaves no half file.
Result<void> writeNifti(const std::string& path, const Volume& volume, std::stop_token stop = {},
                        const ProgressReport& report = {});

} // namespace annotomy
