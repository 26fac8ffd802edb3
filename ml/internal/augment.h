#pragma once

#include "ml/internal/patch_sampler.h"

namespace annotomy {

// The patch of `source` around `centre` (index coordinates). With settings.augment, rotated, scaled and its
// intensities varied; never mirrored, since left and right structures may be different classes.
Patch sampledPatch(const PreparedCase& source, const Vec3& centre, const SamplerSettings& settings,
                   Random& random);

} // namespace annotomy
