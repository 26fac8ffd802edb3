#pragma once

#include "core/io/dicom/dicom_slice.h"
#include "core/io/series.h"

namespace annotomy {

// Sorts image files into volumes: by series, grid, occasion (time point, echo) and run of even spacing;
// slices ascend along the normal. What is irregular becomes warnings. Internal to core/io.
std::vector<SeriesEntry> groupedSeries(const std::vector<DicomImageFile>& images);

// Files of different keys never become part of one entry, and entries of different keys never share a contentKey.
std::string seriesKeyOf(const DicomImageFile& image);

} // namespace annotomy
