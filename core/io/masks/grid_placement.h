#pragma once

#include "core/base/result.h"
#include "core/image/label_map.h"

namespace annotomy {

// The same mask on another grid of the same voxel centres (to 1e-3 mm): axes may come in another order or run backwards, and
// the mask's grid may be a part of the other one, or reach beyond it where nothing is labelled (programs crop masks to what
// they hold). No label is interpolated. GeometryMismatch when the centres differ or labels would be lost.
Result<LabelMap> placedOn(const VolumeGeometry& grid, const LabelMap& labels);

} // namespace annotomy
