#pragma once

#include "core/io/reader_messages.h"

namespace annotomy {

// Writes the DICOM object that was asked for. A report also gets the segmentation it refers to, and is read
// back here: its figures must be those that were computed.
Result<ReaderDone> writtenObject(const WriteObjectRequest& request, const std::stop_token& stop,
                                 const ProgressReport& report);

} // namespace annotomy
