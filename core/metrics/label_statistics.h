#pragma once

#include "core/image/volume_geometry.h"

#include <array>
#include <cstdint>
#include <span>

namespace annotomy {

struct LabelStatistics {
    std::array<std::int64_t, 256> voxels{}; // by label; [0] is not counted
    std::array<IndexBox, 256> box{};
};

LabelStatistics labelStatistics(const VolumeGeometry& geometry, std::span<const std::uint8_t> labels);

// Voxels where both have the same label, by label; [0] is not counted. Requires spans of one size.
std::array<std::int64_t, 256> commonVoxels(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);

} // namespace annotomy
