#include "core/io/pixels/colour.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace annotomy {

namespace {

template <class T>
T sampleAt(std::span<const std::byte> samples, std::size_t index)
{
    T value;
    std::memcpy(&value, samples.data() + index * sizeof(T), sizeof(T));
    return value;
}

template <class T>
void luminances(std::span<const std::byte> samples, SampleOrder order, DicomColour colour,
                std::span<std::byte> voxels)
{
    const std::size_t count = voxels.size() / sizeof(T);
    const std::size_t step = order == SampleOrder::ByVoxel ? 3 : 1;
    const std::size_t plane = order == SampleOrder::ByVoxel ? 1 : count;
    for (std::size_t v = 0; v < count; ++v) {
        const T first = sampleAt<T>(samples, v * step);
        const T value = colour != DicomColour::Rgb
                            ? first
                            : luminanceOf<T>(first, sampleAt<T>(samples, v * step + plane),
                                             sampleAt<T>(samples, v * step + 2 * plane));
        std::memcpy(voxels.data() + v * sizeof(T), &value, sizeof(T));
    }
}

} // namespace

void luminanceFrom(std::span<const std::byte> samples, std::size_t sampleBytes, SampleOrder order,
                   DicomColour colour, std::span<std::byte> voxels)
{
    assert(voxels.size() * 3 == samples.size());
    if (sampleBytes == 1)
        luminances<std::uint8_t>(samples, order, colour, voxels);
    else if (sampleBytes == 2)
        luminances<std::uint16_t>(samples, order, colour, voxels);
    else
        luminances<std::uint32_t>(samples, order, colour, voxels);
    if (colour == DicomColour::YbrPartial && sampleBytes == 1)
        expandPartialRange(voxels);
}

void expandPartialRange(std::span<std::byte> luminances)
{
    for (std::byte& value : luminances) {
        const double share = (std::to_integer<int>(value) - 16) / 219.0;
        value = static_cast<std::byte>(std::lround(255 * std::clamp(share, 0.0, 1.0)));
    }
}

} // namespace annotomy
