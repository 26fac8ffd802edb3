#pragma once

#include "core/io/scan/scan_spill.h"
#include "core/io/scan/skip_summary.h"

namespace annotomy {

// The second half of a scan: what was found, a part at a time, becomes series, which are given away in order. Counts
// every file as part of a series or as left out. Internal to core/io.
Result<void> giveSeries(ScanSpill& found, const std::function<Result<void>(SeriesEntry)>& take, SkipSummary& skipped,
                        ScanTotals& totals, const std::stop_token& stop, const ProgressReport& report);

} // namespace annotomy
