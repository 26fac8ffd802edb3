#pragma once

#include "core/base/progress.h"
#include "core/synthetic/chest_phantom.h"

#include <cstdint>
#include <string>
#include <vector>

namespace annotomy {

// What a patient of the demonstration is for.
enum class DemoRole {
    First,      // approved before the first training
    Validation, // approved before the first training, for the gate
    Corrected,  // proposed, corrected, approved, and trained on in the second round
    HeldOut,    // never approved, never trained on: what the figures are about
};

struct DemoPatient {
    std::string key; // the patient ID in the DICOM files
    DemoRole role{};
    LabelMap truth;
};

// Writes a cohort of synthetic chest CTs as DICOM series under `folder`, one folder a patient: varied grids, oblique and
// anisotropic ones among them. The same seed gives the same cohort.
Result<std::vector<DemoPatient>> writeDemoCohort(const std::string& folder, std::uint64_t seed,
                                                 std::stop_token stop = {}, const ProgressReport& report = {});

} // namespace annotomy
