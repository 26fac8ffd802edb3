#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace annotomy {

// Dice per output (index 0 unused): 2 |A and B| / (|A| + |B|); nullopt where neither has a voxel. Voxels
// whose reference is 255 (unknown) are left out. Requires equal lengths and labels < outputs.
std::vector<std::optional<double>> dicePerClass(std::span<const std::uint8_t> reference,
                                                std::span<const std::uint8_t> found, int outputs);

} // namespace annotomy
