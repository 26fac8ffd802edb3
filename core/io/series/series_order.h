#pragma once

#include "core/io/series.h"

#include <functional>
#include <string>
#include <vector>

namespace annotomy {

// The order in which a scan gives its series: DICOM first; by patient, study, series number. Internal to core/io.
bool precedesAsSeries(const SeriesEntry& a, const SeriesEntry& b);

// Series in that order as a file of JSON lines, and many such files read back as one sequence.
Result<void> writeSeriesRun(const std::string& path, const std::vector<SeriesEntry>& sorted);
Result<void> mergeSeriesRuns(const std::vector<std::string>& paths,
                             const std::function<Result<void>(SeriesEntry)>& take);

} // namespace annotomy
