#pragma once

#include "core/io/series.h"

namespace annotomy {

// The entry of a file that says nothing of a patient or study (NIfTI, NRRD). Internal to core/io.
SeriesEntry entryOfPlainImage(const std::string& path, const std::string& format,
                              const VolumeGeometry& geometry, const std::vector<Warning>& warnings);

// The file's name without the endings of the formats that are read.
std::string plainImageStem(const std::string& path);

} // namespace annotomy
