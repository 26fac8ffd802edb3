#pragma once

#include "core/base/result.h"
#include "core/image/segment_table.h"

#include <string>
#include <vector>

namespace annotomy {

struct ReportedNumber {
    CodedConcept name, derivation, unit; // derivation is empty where none is given
    double value = 0;
};

// The measurements of one region: a Measurement Group of a TID 1500 report.
struct ReportedGroup {
    std::string trackingId, trackingUid;
    CodedConcept finding;
    std::string segmentationUid; // SOP instance of the referenced segment
    int segment = 0;             // its number; 0 when none is referenced
    std::vector<ReportedNumber> numbers;
};

// Reads the measurement groups of a structured report with our own bounded parser. Errors: Unrecognised when
// the file is no structured report; Malformed for a number that cannot be read; those of reading.
Result<std::vector<ReportedGroup>> readMeasurementReport(const std::string& path);

} // namespace annotomy
