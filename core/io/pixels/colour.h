#pragma once

#include "core/io/pixels/dicom_format.h"

#include <cstdint>
#include <span>

namespace annotomy {

// Colour images are read as their luminance by ITU-R BT.601. Internal to core/io.

template <class T>
T luminanceOf(std::uint64_t red, std::uint64_t green, std::uint64_t blue)
{
    return static_cast<T>((299 * red + 587 * green + 114 * blue + 500) / 1000);
}

enum class SampleOrder { ByVoxel, ByPlane };

// Three samples a voxel, of `sampleBytes` (1, 2 or 4) bytes each in this machine's order, into one. What
// `colour` calls Ybr holds the luminance already. Requires voxels.size() * 3 == samples.size() and a colour of
// three samples.
void luminanceFrom(std::span<const std::byte> samples, std::size_t sampleBytes, SampleOrder order,
                   DicomColour colour, std::span<std::byte> voxels);

// As YbrPartial has it: black is 16 and white 235 of 255. In place.
void expandPartialRange(std::span<std::byte> luminances);

} // namespace annotomy
