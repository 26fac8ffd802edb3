#pragma once

#include "core/image/volume_geometry.h"

#include <cstdint>
#include <span>
#include <vector>

namespace annotomy {

struct Component {
    std::int64_t voxels = 0;
    IndexBox box;
    std::size_t first = 0; // offset of its first voxel in memory order
};

struct Components {
    std::vector<std::uint32_t> numbers;  // of every voxel: 0 outside, else the component's, from 1
    std::vector<Component> components; // by number - 1; in the order of their first voxels
};

// The components of the voxels that are not 0, connected by faces, edges and corners (26 neighbours). Requires one value for
// every voxel of `size`, i fastest.
Components connectedComponents(std::span<const std::uint8_t> voxels, const Index3& size);

// Sets the voxels of `label` to 0 but for those of its largest component (the first of equals). Tells how many it removed.
std::int64_t keepLargestComponent(std::span<std::uint8_t> labels, const Index3& size, std::uint8_t label);

} // namespace annotomy
