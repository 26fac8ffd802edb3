#pragma once

#include "core/image/label_map.h"
#include "core/image/volume.h"
#include "core/learn/model_card.h"

#include <cstdint>
#include <string>
#include <vector>

namespace annotomy {

// A voxel whose class is unknown: the loss leaves it out.
inline constexpr std::uint8_t ignoredClass = 255;

// An image as a network sees it: one channel, normalised, on a grid whose axes i, j, k run as closely as
// possible towards the patient's left, back and head (LPS), cropped to `grid`.
struct NetworkImage {
    VolumeGeometry grid;
    std::vector<float> values; // i fastest, then j, then k
};

// A training case in memory: the image, the class of every voxel and where the classes are found.
struct PreparedCase {
    std::string key;
    NetworkImage image;
    std::vector<std::uint8_t> classes; // 0 background, output of a class, or ignoredClass
    std::vector<std::vector<std::uint32_t>>
        samples;                 // per output: offsets of voxels of that class (a regular selection)
    std::vector<bool> annotated; // per output: whether this case's table knows the class
};

inline std::size_t voxelCountOf(const Index3& size)
{
    return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
           static_cast<std::size_t>(size[2]);
}

} // namespace annotomy
