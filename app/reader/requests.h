#pragma once

#include "core/io/reader_messages.h"

#include <functional>

namespace annotomy {

using ReaderReport = std::function<void(const ReaderProgress&)>;

// Does what was asked and writes the result file.
Result<ReaderDone> performed(const ReaderRequest& request, std::stop_token stop, const ReaderReport& report);

} // namespace annotomy
