#pragma once

#include "core/base/progress.h"
#include "core/io/series.h"

#include <string>

namespace annotomy {

// Copies a series' files into `<imagesFolder>/<name>` and returns the entry that points there; its identity (contentKey)
// stays. The folder appears complete or not at all; every file is
// compared with its source; a former copy that is whole is used again. Files of two parts (.hdr/.img) are
// copied together. Errors: DiskFull, IoFailure, Cancelled; Unsupported for an image whose data file cannot be told.
Result<SeriesEntry> copySeries(const SeriesEntry& entry, const std::string& imagesFolder, const std::string& name,
                               std::stop_token stop = {}, const ProgressReport& report = {});

} // namespace annotomy
