#pragma once

#include "core/io/dicom/dicom_data_set.h"
#include "core/privacy/deidentification.h"

#include <string>
#include <vector>

namespace annotomy {

// Why an object is not de-identified at all: what it says cannot be cleaned. Empty for the others.
std::string whyNotCleaned(const DicomDataSet& set);

// What a person should look at before the de-identified image is handed on: text that may be burned into the
// pixels, a face that can be recognised, figures that can no longer be computed.
std::vector<std::string> imageWarnings(const DicomFile& file, const DeidentificationOptions& options);

} // namespace annotomy
