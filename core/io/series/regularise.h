#pragma once

#include "core/io/series.h"

#include <optional>
#include <vector>

namespace annotomy {

// The even, untilted grid that holds every slice: the slices' own axes and pixels (more of them where a tilt or a
// shift moves the slices aside), the third axis along their normal, as fine as the smallest gap between two slices
// but at most four times as many slices as there are. Nothing when that would be no plausible grid. Internal to core/io.
std::optional<VolumeGeometry> evenGrid(const SlicePositions& slices);

// A volume read as its slices lie (on slices.grid), resampled onto `grid` = evenGrid(slices): linear within each slice
// and, through the slices' real positions, along the normal. Beyond the slices lies padding, without one the volume's
// least value, air at most in CT. Stored type and rescale stay. `damaged` slices (ascending, not all of them) are passed
// over: the sound ones around them are mixed. Errors: Cancelled, OutOfMemory, InvalidArgument when the grids do not fit.
Result<Volume> onEvenGrid(const Volume& asStored, const SlicePositions& slices, const VolumeGeometry& grid,
                          std::stop_token stop = {}, const ProgressReport& report = {},
                          const std::vector<std::size_t>& damaged = {});

} // namespace annotomy
