#pragma once

#include "core/image/label_map.h"
#include "core/io/series.h"

namespace annotomy {

// NRRD with raw, gzip, bzip2 or ascii encoding, attached or detached (.nhdr) data. Geometry from "space",
// "space directions" and "space origin", converted to LPS.
Result<SeriesEntry> scanNrrd(const std::string& path);
Result<Volume> readNrrd(const std::string& path, std::stop_token stop = {},
                        const ProgressReport& report = {});

// Writes an attached gzip NRRD in left-posterior-superior space, real values when there is a rescale. Written
// aside and renamed, so a failure leaves no half file.
Result<void> writeNrrd(const std::string& path, const Volume& volume, std::stop_token stop = {},
                       const ProgressReport& report = {});

} // namespace annotomy
