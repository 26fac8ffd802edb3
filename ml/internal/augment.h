#pragma once

#include "ml/internal/patch_sampler.h"

namespace annotomy {

// The patch of `source` around `centre` (index coordinates). With settings.augment, rotated, scaled, mirrored along the
// axes that settings allow (left and right structures may be different classes) and its intensities varied.
Patch sampledPatch(const PreparedCase& source, const Vec3& centre, const SamplerSettings& settings,
                   Random& random);

} // namespace annotomy
