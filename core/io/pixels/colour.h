#pragma once

#include "core/io/pixels/dicom_format.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace annotomy {

// The values of colour images are their luminance by ITU-R BT.601; their colours are kept beside it. Internal to core/io.

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

// The same samples, of `bits` bits, as red, green and blue of 8 bits each, voxel by voxel. Requires rgb.size() ==
// samples.size() / sampleBytes.
void coloursFrom(std::span<const std::byte> samples, std::size_t sampleBytes, SampleOrder order,
                 DicomColour colour, int bits, std::span<std::byte> rgb);

// A sample of `bits` bits (1 to 32) in 0 to 255.
inline std::uint8_t eightBits(std::uint64_t sample, int bits)
{
    const std::uint64_t most = (std::uint64_t{1} << bits) - 1, value = std::min(sample, most);
    return static_cast<std::uint8_t>(bits == 8 ? value : (value * 255 + most / 2) / most);
}

// As YbrPartial has it: black is 16 and white 235 of 255. In place.
void expandPartialRange(std::span<std::byte> luminances);

} // namespace annotomy
