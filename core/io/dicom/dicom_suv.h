#pragma once

#include "core/io/dicom/dicom_data_set.h"

#include <string>

namespace annotomy {

// What a PET image's real values are turned into. Internal to core/io.
struct PetScale {
    double factor = 1;   // of the real values
    std::string unit;    // "SUVbw", "Bq/ml", "counts", or as the header has it
    bool isSuv = false;
    std::string reason;  // English, without a full stop: what the SUV was computed from, or why there is none
};

// Standardised uptake value by body weight, after the pseudo-code of QIBA's FDG-PET profile: real values in Bq/ml
// times body weight over the dose that is left at the time to which the scan was decay-corrected; Philips' own
// factors where the units are counts; g/ml as they are.
// Enhanced PET has no Units: `realWorldUnit` (UCUM) is that of its real-world values.
PetScale petScaleOf(const DicomDataSet& set, const std::string& realWorldUnit = {});

} // namespace annotomy
