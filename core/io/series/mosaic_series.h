#pragma once

#include "core/io/series.h"

namespace annotomy {

// The volume whose slices are tiles of one image. Requires entry.mosaic > 0. Errors: InvalidArgument when the entry
// names more than one image or tiles beyond it; those of readDicomSeries. Internal to core/io.
Result<Volume> readMosaic(const SeriesEntry& entry, std::stop_token stop = {}, const ProgressReport& report = {});

} // namespace annotomy
