#pragma once

#include "core/io/dicom/dicom_slice.h"

#include <string>
#include <vector>

namespace annotomy {

// Radiotherapy dose grids (PS3.3 C.8.8.3): frames along the normal, at the distances of Grid Frame Offset
// Vector, scaled to real doses. Internal to core/io.

bool isDose(const DicomDataSet& set);

// The frames of a dose grid. `first` is the slice that the file's own position gives. Errors: Unsupported when
// the header does not say where they lie.
Result<std::vector<DicomSlice>> doseFrames(const DicomDataSet& set, const DicomSlice& first, int frames);

// Dose Grid Scaling.
Rescale doseRescale(const DicomDataSet& set);

// "Gy", or empty when the doses are relative.
std::string doseUnit(const DicomDataSet& set);

} // namespace annotomy
