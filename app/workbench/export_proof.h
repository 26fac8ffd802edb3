#pragma once

#include "core/base/result.h"
#include "core/image/label_map.h"

#include <string>

namespace annotomy {

// Whether what was read back from an exported file is the mask that was written. Segments are matched in the order of
// their tables, since formats number them anew; names must be the same. Errors: HashMismatch of `subject`, with the first
// segment and slice that differ and how many voxels there were before and after.
Result<void> provedVoxels(const LabelMap& written, const LabelMap& readBack, const std::string& subject);

// As provedVoxels for contours: Dice of at least 0.99 for every segment, and every slice that had voxels still has some.
Result<void> provedContours(const LabelMap& written, const LabelMap& readBack, const std::string& subject);

} // namespace annotomy
