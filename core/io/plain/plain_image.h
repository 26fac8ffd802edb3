#pragma once

#include "core/io/series.h"

namespace annotomy {

// The entry of a file that says nothing of a patient or study (NIfTI, NRRD, MetaImage). Internal to core/io.
SeriesEntry entryOfPlainImage(const std::string& path, const std::string& format,
                              const VolumeGeometry& geometry, const std::vector<Warning>& warnings);

// What is to be known of an image in colour.
Warning colourWarning(const std::string& path);

// The real values of a rescaled volume, for formats without a rescale; otherwise the volume itself.
Volume withRealValues(const Volume& volume);

// The file's name without the endings of the formats that are read.
std::string plainImageStem(const std::string& path);

} // namespace annotomy
