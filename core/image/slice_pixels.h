#pragma once

#include "core/image/label_map.h"
#include "core/image/slice_sampler.h"
#include "core/image/volume.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace annotomy {

// The row kernels under paintSlice, paintOblique and paintScaled.

// Modality LUT and VOI window in one: grey = clamp((stored - zero) * scale, 0, 255), and with a curve its entry of
// that number among 0 to size - 1; NaN is black.
struct GreyRamp {
    double zero = 0;  // stored value that is black, or the curve's first
    double scale = 1; // grey levels, or entries, per stored value; negative when inverted or falling
    std::vector<std::uint32_t> curve = {}; // opaque grey pixels; empty: none
};

bool holdsWholeNumbers(const Volume& volume); // its real values

// Without a function of its own the window is DICOM's LINEAR (PS3.3 C.11.2.1.2.1) for whole-number values. Its half-unit
// shift assumes steps of one, so float voxels and fractional slopes (PET, normalised images) take LINEAR_EXACT
// (C.11.2.1.3.2).
GreyRamp greyRamp(const Volume& volume, const SliceStyle& style);

// Of the levels of a volume's colours, to which the window applies channel by channel. Requires volume.hasColours().
GreyRamp colourRamp(const Volume& volume, const SliceStyle& style);

// Writes `count` opaque grey pixels for `count` neighbouring stored values.
void paintGrey(const std::uint8_t* stored, int count, const GreyRamp& ramp, std::uint32_t* pixels);
void paintGrey(const std::int8_t* stored, int count, const GreyRamp& ramp, std::uint32_t* pixels);
void paintGrey(const std::uint16_t* stored, int count, const GreyRamp& ramp, std::uint32_t* pixels);
void paintGrey(const std::int16_t* stored, int count, const GreyRamp& ramp, std::uint32_t* pixels);
void paintGrey(const std::uint32_t* stored, int count, const GreyRamp& ramp, std::uint32_t* pixels);
void paintGrey(const std::int32_t* stored, int count, const GreyRamp& ramp, std::uint32_t* pixels);
void paintGrey(const float* stored, int count, const GreyRamp& ramp, std::uint32_t* pixels);

// The grey pixel of every level of a colour channel.
using ChannelPixels = std::array<std::uint32_t, 256>;
ChannelPixels channelPixels(const GreyRamp& ramp);
// Writes `count` opaque pixels for the colours at rgb, rgb + step and so on (in bytes).
void paintColours(const std::byte* rgb, std::ptrdiff_t step, int count, const ChannelPixels& levels,
                  std::uint32_t* pixels);
// One opaque pixel from three grey ones.
inline std::uint32_t pixelOf(std::uint32_t red, std::uint32_t green, std::uint32_t blue)
{
    return 0xFF000000U | (red & 0x00FF0000U) | (green & 0x0000FF00U) | (blue & 0x000000FFU);
}

// out[n] = row[first[n]] towards row[second[n]] by weight[n] / 256, channel by channel; weights 0 to 256.
void interpolateAlong(const std::uint32_t* row, const std::int32_t* first, const std::int32_t* second,
                      const std::uint32_t* weight, int count, std::uint32_t* out);
// out[n] = above[n] towards below[n] by weight / 256, channel by channel.
void interpolateBetween(const std::uint32_t* above, const std::uint32_t* below, std::uint32_t weight, int count,
                        std::uint32_t* out);

// What blending a label means: pixel = pixel * (256 - alpha) / 256 + colour * alpha / 256, alpha 0 to 256.
struct LabelInk {
    std::uint32_t redBlue = 0; // 0x00RR00BB times alpha
    std::uint32_t green = 0;   // 0x0000GG00 times alpha
    std::uint32_t alpha = 0;
};

struct LabelPalette {
    std::array<LabelInk, 256> fill{}, outline{}; // by label; hidden and unknown ones have alpha 0
};

LabelPalette labelPalette(const SegmentTable& segments, const SliceStyle& style);

// Three rows of labels of one slice, each with one more label at either end: pixel x stands at [x + 1].
struct LabelRows {
    const std::uint8_t* above = nullptr;
    const std::uint8_t* row = nullptr;
    const std::uint8_t* below = nullptr;
};

// Blends `count` labels over `pixels`; one whose 4-neighbours differ takes the outline's ink.
void blendLabels(const LabelRows& labels, int count, const LabelPalette& palette, std::uint32_t* pixels);

// Rolls three label rows down a slice: each row is fetched once. `fetch(y, out)` writes width + 2 labels of row y,
// y from first - 1 on.
class LabelRowWindow {
public:
    explicit LabelRowWindow(int width) : m_width(width)
    {
        for (auto& row : m_rows)
            row.resize(static_cast<std::size_t>(width) + 2);
    }

    template <class Fetch>
    LabelRows start(int first, Fetch&& fetch)
    {
        fetch(first - 1, m_rows[0].data());
        fetch(first, m_rows[1].data());
        fetch(first + 1, m_rows[2].data());
        return rows();
    }

    template <class Fetch>
    LabelRows advance(int y, Fetch&& fetch)
    {
        m_rows[0].swap(m_rows[1]);
        m_rows[1].swap(m_rows[2]);
        fetch(y + 1, m_rows[2].data());
        return rows();
    }

    int width() const { return m_width; }

private:
    LabelRows rows() const { return {m_rows[0].data(), m_rows[1].data(), m_rows[2].data()}; }

    int m_width;
    std::array<std::vector<std::uint8_t>, 3> m_rows;
};

} // namespace annotomy
