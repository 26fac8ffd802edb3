#pragma once

#include "core/datasets/dataset.h"
#include "core/image/label_map.h"

namespace annotomy {

// Whether any label stands for several values.
bool hasRegions(const std::vector<DatasetLabel>& labels);

// A mask of values (its segments' file values) under the names of a data set: a segment for each label, a region in a
// layer where it meets no other segment. Values without a name keep their segment. Errors: TooManySegments.
Result<LabelMap> named(const LabelMap& values, const std::vector<DatasetLabel>& labels);

} // namespace annotomy
