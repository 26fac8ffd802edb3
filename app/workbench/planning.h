#pragma once

#include "app/workbench/training_job.h"
#include "core/learn/training_plan.h"

namespace annotomy {

// What the approved cases and this machine are like, by the worker; nothing is kept. Errors: Conflict when no case of the
// training pool is approved, and the worker's.
Result<DataFingerprint> surveyedData(Workspace& workspace, const ProgramPaths& programs, const std::string& device,
                                     const ImageProvider& imagePath, std::stop_token stop, const JobReport& report);

} // namespace annotomy
