#pragma once

#include "core/base/result.h"

#include <exception>
#include <string>

namespace annotomy {

// LibTorch's exceptions in our words: OutOfMemory for a failed allocation (host or device), else `code` with
// the first line of what it says. To be used in the one catch at the edge of each job.
Error errorFromTorch(const std::exception& exception, ErrorCode code, const std::string& subject = {});

// The last line that says something: of an error while a model runs, the cause comes after the trace.
std::string lastLineOf(const std::exception& exception);

} // namespace annotomy
