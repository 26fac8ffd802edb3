#pragma once

#include "core/io/series.h"

namespace annotomy {

// Whether all slices of `part` are among those of the same series `whole`, which has more: the same grid within the
// slices, and the same files, where they are or as a copy with the same names and bytes.
bool holdsSlicesOf(const SeriesEntry& whole, const SeriesEntry& part);

} // namespace annotomy
