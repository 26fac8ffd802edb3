#include "core/image/slice_pixels.h"

#include "core/base/multiversion.h"
#include "core/image/voi_curve.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <type_traits>

namespace annotomy {

namespace {

LabelInk ink(const Colour& colour, double opacity)
{
    const double clamped = opacity > 0 ? std::min(opacity, 1.0) : 0.0; // NaN is 0
    const auto alpha = static_cast<std::uint32_t>(clamped * 256.0 + 0.5);
    const std::uint32_t redBlue = (std::uint32_t{colour.r} << 16) | colour.b;
    return {redBlue * alpha, (std::uint32_t{colour.g} << 8) * alpha, alpha};
}

inline std::uint32_t blended(std::uint32_t pixel, const LabelInk& ink)
{
    const std::uint32_t keep = 256 - ink.alpha;
    const std::uint32_t redBlue = (((pixel & 0x00FF00FFU) * keep + ink.redBlue) >> 8) & 0x00FF00FFU;
    const std::uint32_t green = (((pixel & 0x0000FF00U) * keep + ink.green) >> 8) & 0x0000FF00U;
    return 0xFF000000U | redBlue | green;
}

// 32-bit integers need double to keep narrow windows of large values apart.
template <class T>
using RampReal = std::conditional_t<(sizeof(T) == 4 && std::is_integral_v<T>), double, float>;

template <class T>
[[gnu::always_inline]] inline void paintCurvedRow(const T* __restrict stored, int count, const GreyRamp& ramp,
                                                  std::uint32_t* __restrict pixels)
{
    using Real = RampReal<T>;
    const Real zero = static_cast<Real>(ramp.zero), scale = static_cast<Real>(ramp.scale);
    const Real last = static_cast<Real>(ramp.curve.size() - 1);
    const std::uint32_t* const curve = ramp.curve.data();
    for (int x = 0; x < count; ++x) {
        const Real entry = (static_cast<Real>(stored[x]) - zero) * scale + Real(0.5);
        const Real inside = entry > Real(0) ? (entry < last ? entry : last) : Real(0);
        pixels[x] = std::isnan(entry) ? 0xFF000000U : curve[static_cast<std::int32_t>(inside)];
    }
}

template <class T>
[[gnu::always_inline]] inline void paintGreyRow(const T* __restrict stored, int count, const GreyRamp& ramp,
                                                std::uint32_t* __restrict pixels)
{
    using Real = RampReal<T>;
    const Real zero = static_cast<Real>(ramp.zero), scale = static_cast<Real>(ramp.scale);
    if (!ramp.curve.empty())
        return paintCurvedRow(stored, count, ramp, pixels);
    for (int x = 0; x < count; ++x) {
        Real grey = (static_cast<Real>(stored[x]) - zero) * scale + Real(0.5);
        grey = grey > Real(0) ? grey : Real(0); // false for NaN: black
        grey = grey < Real(255) ? grey : Real(255);
        pixels[x] = 0xFF000000U | static_cast<std::uint32_t>(static_cast<std::int32_t>(grey)) * 0x00010101U;
    }
}

// Two channels at a time, each with eight bits of room for the product; half a level is added to round.
[[gnu::always_inline]] inline std::uint32_t between(std::uint32_t a, std::uint32_t b, std::uint32_t weight)
{
    constexpr std::uint32_t pair = 0x00FF00FFU, half = 0x00800080U;
    const std::uint32_t keep = 256 - weight;
    const std::uint32_t redBlue = (((a & pair) * keep + (b & pair) * weight + half) >> 8) & pair;
    const std::uint32_t alphaGreen = (((a >> 8) & pair) * keep + ((b >> 8) & pair) * weight + half) & ~pair;
    return alphaGreen | redBlue;
}

inline std::uint64_t eightLabels(const std::uint8_t* labels)
{
    std::uint64_t eight;
    std::memcpy(&eight, labels, sizeof eight);
    return eight;
}

inline bool insideOneSegment(const LabelRows& labels, int x, std::uint64_t eight)
{
    return eight == (eight & 0xFF) * 0x0101010101010101U && eightLabels(labels.row + x) == eight &&
           eightLabels(labels.row + x + 2) == eight && eightLabels(labels.above + x + 1) == eight &&
           eightLabels(labels.below + x + 1) == eight;
}

inline void blendOne(const LabelRows& labels, int x, const LabelPalette& palette, std::uint32_t& pixel)
{
    const std::uint8_t label = labels.row[x + 1];
    const bool edge = labels.row[x] != label || labels.row[x + 2] != label || labels.above[x + 1] != label ||
                      labels.below[x + 1] != label;
    const LabelInk& ink = edge ? palette.outline[label] : palette.fill[label];
    if (ink.alpha > 0)
        pixel = blended(pixel, ink);
}

GreyRamp curvedRamp(const DisplayWindow& window, const Rescale& rescale, bool invert)
{
    const auto [first, last] = curveRange(window);
    const double width = std::max(last - first, 1e-12);
    const std::vector<std::uint8_t> levels = levelsOf(window);
    GreyRamp ramp{(first - rescale.intercept) / rescale.slope,
                  rescale.slope * static_cast<double>(levels.size() - 1) / width, {}};
    for (const std::uint8_t level : levels)
        ramp.curve.push_back(0xFF000000U | (invert ? 255U - level : level) * 0x00010101U);
    return ramp;
}

} // namespace

bool holdsWholeNumbers(const Volume& volume)
{
    const Rescale& r = volume.rescale();
    return volume.type() != VoxelType::Float32 && std::trunc(r.slope) == r.slope &&
           std::trunc(r.intercept) == r.intercept;
}

GreyRamp greyRamp(const Volume& volume, const SliceStyle& style)
{
    const DisplayWindow& window = style.window;
    Rescale r = volume.rescale();
    if (r.slope == 0)
        r.slope = 1e-12; // a constant image keeps one grey
    if (isCurved(window))
        return curvedRamp(window, r, style.invert);
    double low = window.centre - window.width / 2, width = std::max(window.width, 1e-12);
    if (holdsWholeNumbers(volume) && window.function != VoiFunction::LinearExact) {
        low = window.centre - 0.5 - (window.width - 1) / 2;
        width = std::max(window.width - 1, 0.5); // a window of 1 is a step between two whole numbers
    }
    GreyRamp ramp{(low - r.intercept) / r.slope, r.slope * 255.0 / width, {}};
    if (style.invert) {
        ramp.zero = (low + width - r.intercept) / r.slope;
        ramp.scale = -ramp.scale;
    }
    return ramp;
}

GreyRamp colourRamp(const Volume& volume, const SliceStyle& style)
{
    GreyRamp ramp = greyRamp(volume, style);
    ramp.zero /= volume.colours().step;
    ramp.scale *= volume.colours().step;
    return ramp;
}

ChannelPixels channelPixels(const GreyRamp& ramp)
{
    std::array<std::uint8_t, 256> levels{};
    std::iota(levels.begin(), levels.end(), std::uint8_t{0});
    ChannelPixels pixels{};
    paintGrey(levels.data(), static_cast<int>(levels.size()), ramp, pixels.data());
    return pixels;
}

void paintColours(const std::byte* rgb, std::ptrdiff_t step, int count, const ChannelPixels& levels,
                  std::uint32_t* pixels)
{
    const auto level = [&](std::byte value) { return levels[std::to_integer<std::size_t>(value)]; };
    for (int x = 0; x < count; ++x, rgb += step)
        pixels[x] = pixelOf(level(rgb[0]), level(rgb[1]), level(rgb[2]));
}

LabelPalette labelPalette(const SegmentTable& segments, const SliceStyle& style)
{
    LabelPalette palette;
    for (const Segment& segment : segments.segments()) {
        if (!segment.visible)
            continue;
        palette.fill[segment.number] = ink(segment.colour, style.fillOpacity);
        palette.outline[segment.number] = ink(segment.colour, style.outlineOpacity);
    }
    return palette;
}

// One definition per type: multiversioned functions cannot be templates.
#define ANNOTOMY_PAINT_GREY(T)                                                                                \
    ANNOTOMY_MULTIVERSION void paintGrey(const T* stored, int count, const GreyRamp& ramp,                    \
                                         std::uint32_t* pixels)                                               \
    {                                                                                                         \
        paintGreyRow(stored, count, ramp, pixels);                                                            \
    }
ANNOTOMY_PAINT_GREY(std::uint8_t)
ANNOTOMY_PAINT_GREY(std::int8_t)
ANNOTOMY_PAINT_GREY(std::uint16_t)
ANNOTOMY_PAINT_GREY(std::int16_t)
ANNOTOMY_PAINT_GREY(std::uint32_t)
ANNOTOMY_PAINT_GREY(std::int32_t)
ANNOTOMY_PAINT_GREY(float)
#undef ANNOTOMY_PAINT_GREY

ANNOTOMY_MULTIVERSION void interpolateAlong(const std::uint32_t* row, const std::int32_t* first,
                                            const std::int32_t* second, const std::uint32_t* weight, int count,
                                            std::uint32_t* __restrict out)
{
    for (int n = 0; n < count; ++n)
        out[n] = between(row[first[n]], row[second[n]], weight[n]);
}

ANNOTOMY_MULTIVERSION void interpolateBetween(const std::uint32_t* above, const std::uint32_t* below,
                                              std::uint32_t weight, int count, std::uint32_t* __restrict out)
{
    for (int n = 0; n < count; ++n)
        out[n] = between(above[n], below[n], weight);
}

ANNOTOMY_MULTIVERSION void blendLabels(const LabelRows& labels, int count, const LabelPalette& palette,
                                       std::uint32_t* pixels)
{
    int x = 0;
    for (; x + 8 <= count; x += 8) {
        const std::uint64_t eight = eightLabels(labels.row + x + 1);
        if (eight == 0)
            continue;
        if (insideOneSegment(labels, x, eight)) {
            const LabelInk ink = palette.fill[eight & 0xFF];
            if (ink.alpha > 0)
                for (int n = 0; n < 8; ++n)
                    pixels[x + n] = blended(pixels[x + n], ink);
            continue;
        }
        for (int n = 0; n < 8; ++n)
            if (labels.row[x + n + 1] != 0)
                blendOne(labels, x + n, palette, pixels[x + n]);
    }
    for (; x < count; ++x)
        if (labels.row[x + 1] != 0)
            blendOne(labels, x, palette, pixels[x]);
}

} // namespace annotomy
