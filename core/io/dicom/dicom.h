#pragma once

#include "core/io/series.h"

namespace annotomy {

// DICOM images. Used in annotomy-reader and in tests; never in the desktop's own process.

Result<Volume> readDicomSeries(const SeriesEntry& entry, std::stop_token stop = {},
                               const ProgressReport& report = {});

} // namespace annotomy
