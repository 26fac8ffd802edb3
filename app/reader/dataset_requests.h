#pragma once

#include "core/io/reader_messages.h"

namespace annotomy {

// What the reader does with collections: the data set's description is written to `outPath`.
Result<void> done(const ReadDatasetRequest& request, const std::stop_token& stop);

// A mask drawn as outlines in pixels by the readers of the LIDC, on the request's grid; nothing for other files. What stays
// out of it is appended to `notes`.
std::optional<Result<LabelMap>> readLidcMask(const ReadMaskRequest& request, const std::stop_token& stop,
                                             std::vector<std::string>& notes);

} // namespace annotomy
