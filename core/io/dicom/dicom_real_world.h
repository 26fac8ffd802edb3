#pragma once

#include "core/io/dicom/dicom_slice.h"

#include <optional>
#include <string>

namespace annotomy {

// The values that a parametric map stands for (PS3.3 C.7.6.16.2.11): the first item of its Real World Value Mapping
// Sequence. Internal to core/io.
struct RealWorldMapping {
    Rescale rescale;
    std::string unit;   // the code's value, of UCUM; empty for the unity
    std::string label;  // UTF-8: what is measured
    bool isTable = false; // the mapping is a table, which is not applied
};

bool isParametricMap(const DicomDataSet& set);

// `holder` has the sequence: the data set, or the functional groups of a frame or of all.
std::optional<RealWorldMapping> realWorldMappingOf(const DicomDataSet& holder, const DicomDataSet& set);

// What the user is told of it; `items` is how many mappings there are to choose from.
Warning realWorldWarning(const RealWorldMapping& mapping, std::size_t items, const std::string& path);

} // namespace annotomy
