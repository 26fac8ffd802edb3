#include "core/image/slice_sampler.h"

#include "core/base/parallel.h"
#include "core/image/slice_pixels.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace annotomy {

namespace {

constexpr std::size_t pixelsPerTask = 131072; // below that a task costs more than it saves

PixelRect clipped(const PixelRect& rect, int width, int height)
{
    const int x0 = std::clamp(rect.x, 0, width), y0 = std::clamp(rect.y, 0, height);
    const auto end = [](int from, int length, int limit) {
        return static_cast<int>(std::clamp<std::int64_t>(std::int64_t{from} + length, 0, limit));
    };
    return {x0, y0, std::max(0, end(rect.x, rect.width, width) - x0),
            std::max(0, end(rect.y, rect.height, height) - y0)};
}

// Where the pixels of one slice stand in memory: pixel (x, y) is voxel first + x * right + y * down.
struct SliceSteps {
    std::ptrdiff_t first = 0, right = 1, down = 1;
    int width = 0, height = 0;
};

SliceSteps sliceSteps(const VolumeGeometry& g, const SliceLayout& layout, int slice)
{
    const std::ptrdiff_t ni = g.size[0], nj = g.size[1];
    const std::array<std::ptrdiff_t, 3> stride{1, ni, ni * nj};
    const auto h = static_cast<std::size_t>(layout.hAxis), v = static_cast<std::size_t>(layout.vAxis);
    SliceSteps steps;
    steps.width = g.size[h];
    steps.height = g.size[v];
    steps.right = layout.hFlip ? -stride[h] : stride[h];
    steps.down = layout.vFlip ? -stride[v] : stride[v];
    steps.first = slice * stride[static_cast<std::size_t>(layout.nAxis)];
    if (layout.hFlip)
        steps.first += (steps.width - 1) * stride[h];
    if (layout.vFlip)
        steps.first += (steps.height - 1) * stride[v];
    return steps;
}

template <class T>
void gather(const T* from, std::ptrdiff_t step, int count, T* to)
{
    if (step == 1) {
        std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(T));
    } else if (step == -1) {
        std::reverse_copy(from - (count - 1), from + 1, to);
    } else {
        for (int x = 0; x < count; ++x)
            to[x] = from[x * step];
    }
}

template <class T>
void paintGreyRows(const T* voxels, const SliceSteps& steps, const PixelRect& rect, const GreyRamp& ramp,
                   std::uint32_t* image)
{
    std::vector<T> buffer(steps.right == 1 ? 0 : static_cast<std::size_t>(rect.width));
    for (int y = rect.y; y < rect.y + rect.height; ++y) {
        const T* row = voxels + steps.first + y * steps.down + rect.x * steps.right;
        if (steps.right != 1) {
            gather(row, steps.right, rect.width, buffer.data());
            row = buffer.data();
        }
        paintGrey(row, rect.width, ramp, image + std::ptrdiff_t{y} * steps.width + rect.x);
    }
}

void paintColourRows(const std::byte* rgb, const SliceSteps& steps, const PixelRect& rect, const ChannelPixels& levels,
                     std::uint32_t* image)
{
    for (int y = rect.y; y < rect.y + rect.height; ++y) {
        const std::ptrdiff_t first = steps.first + y * steps.down + rect.x * steps.right;
        paintColours(rgb + 3 * first, 3 * steps.right, rect.width, levels,
                     image + std::ptrdiff_t{y} * steps.width + rect.x);
    }
}

// Labels beyond the edge of the slice repeat those at the edge, so that the edge itself is no outline.
void fetchLabels(const std::uint8_t* voxels, const SliceSteps& steps, const PixelRect& rect, int y, std::uint8_t* out)
{
    const std::uint8_t* row = voxels + steps.first + std::clamp(y, 0, steps.height - 1) * steps.down;
    gather(row + rect.x * steps.right, steps.right, rect.width, out + 1);
    const int right = rect.x + rect.width;
    out[0] = row[std::max(rect.x - 1, 0) * steps.right];
    out[rect.width + 1] = row[std::min(right, steps.width - 1) * steps.right];
}

void blendLabelRows(std::span<const std::uint8_t> voxels, const SliceSteps& steps, const PixelRect& rect,
                    const LabelPalette& palette, std::uint32_t* image)
{
    LabelRowWindow window(rect.width);
    const auto fetch = [&](int y, std::uint8_t* out) { fetchLabels(voxels.data(), steps, rect, y, out); };
    LabelRows rows = window.start(rect.y, fetch);
    for (int y = rect.y;;) {
        blendLabels(rows, rect.width, palette, image + std::ptrdiff_t{y} * steps.width + rect.x);
        if (++y == rect.y + rect.height)
            return;
        rows = window.advance(y, fetch);
    }
}

} // namespace

DisplayWindow colourWindow(const Volume& volume)
{
    constexpr double levels = 255;
    const Rescale& r = volume.rescale();
    const double white = r.slope * levels * volume.colours().step, width = std::abs(white);
    // LINEAR of whole numbers ends one before its upper edge.
    const double one = holdsWholeNumbers(volume) ? 1 : 0;
    return {r.intercept + (white + one) / 2, width + one, {}};
}

void paintSlice(const Volume& volume, const LabelMap* labels, const SliceStyle& style, const SliceLayout& layout,
                int slice, PixelRect rect, std::span<std::uint32_t> image)
{
    const VolumeGeometry& g = volume.geometry();
    const SliceSteps steps = sliceSteps(g, layout, slice);
    rect = clipped(rect, steps.width, steps.height);
    if (volume.isNull() || rect.width == 0 || rect.height == 0 || slice < 0 || slice >= layout.sliceCount(g))
        return;
    assert(image.size() >= static_cast<std::size_t>(steps.width) * static_cast<std::size_t>(steps.height));
    assert(!labels || labels->geometry().size == g.size);
    const bool hasColours = volume.hasColours();
    const GreyRamp ramp = hasColours ? colourRamp(volume, style) : greyRamp(volume, style);
    const ChannelPixels levels = hasColours ? channelPixels(ramp) : ChannelPixels{};
    const LabelPalette palette = labels ? labelPalette(labels->segments(), style) : LabelPalette{};
    const std::size_t rows = std::max<std::size_t>(1, pixelsPerTask / static_cast<std::size_t>(rect.width));
    parallelRanges(static_cast<std::size_t>(rect.height), rows, [&](std::size_t begin, std::size_t end) {
        PixelRect part = rect;
        part.y += static_cast<int>(begin);
        part.height = static_cast<int>(end - begin);
        if (hasColours)
            paintColourRows(volume.colours().rgb.data(), steps, part, levels, image.data());
        else
            volume.visit([&](auto voxels) { paintGreyRows(voxels.data(), steps, part, ramp, image.data()); });
        for (int layer = 0; labels && layer < labels->layerCount(); ++layer)
            blendLabelRows(labels->layer(layer), steps, part, palette, image.data());
    });
}

} // namespace annotomy
