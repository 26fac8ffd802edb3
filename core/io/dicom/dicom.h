#pragma once

#include "core/io/series.h"

namespace annotomy {

// DICOM images. Used in annotomy-reader and in tests; never in the desktop's own process.

// With `damaged`, the neighbours stand in for up to a third of the slices where those cannot be decoded, and are listed
// there, ascending. Errors: of more, and without `damaged` of any, that of the first.
Result<Volume> readDicomSeries(const SeriesEntry& entry, std::stop_token stop = {}, const ProgressReport& report = {},
                               std::vector<std::size_t>* damaged = nullptr);

} // namespace annotomy
