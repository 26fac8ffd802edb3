#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"

#include <string>

namespace annotomy {

// 3D Slicer's segmentations (.seg.nrrd): label maps on one grid, in layers where segments overlap, with names, colours
// and coded terminology as key-value lines (Segment0_Name, Segment0_Tags, ...).

// Whether an NRRD file says that it is one.
bool isSegNrrd(const std::string& path);

// The file's own grid, which Slicer crops to what is segmented. The first segment of a label value has it as
// number. Labels of no segment are dropped, as Slicer does. Errors: Unsupported for segments stored as surfaces or
// fractions; TooManySegments.
Result<LabelMap> readSegNrrd(const std::string& path, std::stop_token stop = {}, const ProgressReport& report = {});

// On the whole grid, with the segments' numbers as label values; 4-D when there is more than one layer.
Result<void> writeSegNrrd(const std::string& path, const LabelMap& labels, std::stop_token stop = {},
                          const ProgressReport& report = {});

} // namespace annotomy
