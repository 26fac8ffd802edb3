#pragma once

#include "app/workbench/progress_chart.h"

namespace annotomy {

// Write the charts to a file that can be opened anywhere: SVG for ".svg", else one HTML page with charts, tables and what the
// figures mean. English; cases by number, no patient data. Errors: those of writing.
Result<void> writeLearningProgress(const LearningProgress& progress, const std::string& path);
Result<void> writeCorrectionCosts(const std::vector<CorrectionCost>& costs, const std::string& path);

} // namespace annotomy
