#pragma once

#include "app/workbench/workbench.h"
#include "core/learn/compute_report.h"

namespace annotomy {

// What the worker computes with; with `selfTest` each device is tried, which takes some seconds. Nothing is kept. Errors: the
// worker's; WorkerDied names the program.
Result<ComputeReport> describedCompute(Workspace& workspace, const ProgramPaths& programs, bool selfTest,
                                       std::stop_token stop = {}, const JobReport& report = {});

} // namespace annotomy
