#pragma once

#include "core/metrics/mask_metrics.h"

namespace annotomy {

// surfaceMetrics of two masks on one grid whose voxels all lie in `box`, without looking for that box.
Result<SurfaceMetrics> surfaceMetricsWithin(const BinaryMask& reference, const BinaryMask& mask, const IndexBox& box,
                                            double nsdToleranceMm, std::stop_token stop,
                                            const ProgressReport& report);

OverlapMetrics overlapFromCounts(const VolumeGeometry& geometry, std::int64_t voxelsReference,
                                 std::int64_t voxelsMask, std::int64_t common);

} // namespace annotomy
