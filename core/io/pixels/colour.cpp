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

// Red, green and blue out of Y, Cb and Cr, whose levels are 0 to 255 (PS3.3 C.7.6.3.1.2).
class YbrConversion {
public:
    explicit YbrConversion(DicomColour colour)
    {
        if (colour != DicomColour::YbrPartial)
            return;
        m_black = 16;
        m_luminance = 255.0F / 219;
        m_chroma = 255.0F / 224;
    }

    void convert(float y, float cb, float cr, std::byte* rgb) const
    {
        const float grey = (y - m_black) * m_luminance;
        const float blue = (cb - 128) * m_chroma, red = (cr - 128) * m_chroma;
        rgb[0] = level(grey + 1.402F * red);
        rgb[1] = level(grey - 0.344136F * blue - 0.714136F * red);
        rgb[2] = level(grey + 1.772F * blue);
    }

private:
    static std::byte level(float value)
    {
        return static_cast<std::byte>(static_cast<int>(std::clamp(value, 0.0F, 255.0F) + 0.5F));
    }

    float m_black = 0, m_luminance = 1, m_chroma = 1;
};

template <class T>
void colours(std::span<const std::byte> samples, SampleOrder order, DicomColour colour, int bits,
             std::span<std::byte> rgb)
{
    const std::size_t count = rgb.size() / 3;
    const std::size_t step = order == SampleOrder::ByVoxel ? 3 : 1;
    const std::size_t plane = order == SampleOrder::ByVoxel ? 1 : count;
    const YbrConversion ybr(colour);
    const float scale = 256.0F / static_cast<float>(std::uint64_t{1} << bits); // Cb and Cr of half the range are no colour
    for (std::size_t v = 0; v < count; ++v) {
        const auto sample = [&](std::size_t c) { return sampleAt<T>(samples, v * step + c * plane); };
        if (colour == DicomColour::Rgb)
            for (std::size_t c = 0; c < 3; ++c)
                rgb[3 * v + c] = std::byte{eightBits(sample(c), bits)};
        else
            ybr.convert(scale * static_cast<float>(sample(0)), scale * static_cast<float>(sample(1)),
                        scale * static_cast<float>(sample(2)), &rgb[3 * v]);
    }
}

} // namespace

void coloursFrom(std::span<const std::byte> samples, std::size_t sampleBytes, SampleOrder order,
                 DicomColour colour, int bits, std::span<std::byte> rgb)
{
    assert(rgb.size() * sampleBytes == samples.size());
    const bool areReady = sampleBytes == 1 && bits == 8 && colour == DicomColour::Rgb && order == SampleOrder::ByVoxel;
    if (areReady)
        std::copy(samples.begin(), samples.end(), rgb.begin());
    else if (sampleBytes == 1)
        colours<std::uint8_t>(samples, order, colour, bits, rgb);
    else if (sampleBytes == 2)
        colours<std::uint16_t>(samples, order, colour, bits, rgb);
    else
        colours<std::uint32_t>(samples, order, colour, bits, rgb);
}

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
