#pragma once

#include "core/io/reader_messages.h"

namespace annotomy {

// Does what was asked and writes the result file.
Result<ReaderDone> performed(const ReaderRequest& request, std::stop_token stop, const ProgressReport& report);

} // namespace annotomy
