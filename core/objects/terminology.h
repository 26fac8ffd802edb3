#pragma once

#include "core/image/segment_table.h"

namespace annotomy {

// A segment with the codes that DICOM objects need: those it has, else what its name says in a small table of
// organs and findings (SNOMED CT), else "Tissue". A side in the name ("kidney_left") becomes a modifier.
Segment withCodes(const Segment& segment);

// RT ROI Interpreted Type (PS3.3 C.8.8.8): "GTV", "ORGAN" and so on; empty where nothing fits.
std::string interpretedType(const Segment& segment);

} // namespace annotomy
