#include "core/image/slice_sampler.h"

#include "core/base/parallel.h"
#include "core/image/slice_pixels.h"
#include "core/image/trilinear.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace annotomy {

namespace {

constexpr std::size_t pixelsPerTask = 8192;

// The plane in index coordinates of a grid: pixel (x, y) is at origin + x * right + y * down.
struct IndexPlane {
    Vec3 origin{}, right{}, down{};
};

IndexPlane indexPlane(const VolumeGeometry& g, const ObliquePlane& plane)
{
    const Vec3 origin = g.indexFromPatient(plane.origin);
    return {origin, g.indexFromPatient(plane.origin + plane.right) - origin,
            g.indexFromPatient(plane.origin + plane.down) - origin};
}

// The pixels [begin, end) of a row whose index lies in [-0.5, size - 0.5] along every axis.
struct PixelRange {
    int begin = 0, end = 0;
};

PixelRange insideGrid(const Vec3& start, const Vec3& step, const Index3& size, int width)
{
    double lo = 0, hi = width - 1;
    for (std::size_t a = 0; a < 3; ++a) {
        const double low = -0.5 - start[a], high = size[a] - 0.5 - start[a];
        if (std::abs(step[a]) < 1e-12) {
            if (low > 0 || high < 0)
                return {};
            continue;
        }
        lo = std::max(lo, std::min(low / step[a], high / step[a]));
        hi = std::min(hi, std::max(low / step[a], high / step[a]));
    }
    if (!(lo <= hi))
        return {};
    return {static_cast<int>(std::ceil(lo)), static_cast<int>(std::floor(hi)) + 1};
}

template <class T>
void sampleRow(const T* voxels, const Index3& size, const Vec3& start, const Vec3& step, int width, float* out,
               std::ptrdiff_t each = 1)
{
    const PixelRange inside = insideGrid(start, step, size, width);
    std::fill(out, out + width, std::numeric_limits<float>::quiet_NaN()); // painted black
    for (int x = inside.begin; x < inside.end; ++x)
        out[x] = trilinear(voxels, size, start + x * step, each);
}

// Samples rows of the volume in its grid and paints them.
class RowPainter {
public:
    RowPainter(const Volume& volume, const GreyRamp& ramp, int width)
        : m_volume(volume), m_ramp(ramp), m_width(width), m_values(static_cast<std::size_t>(width))
    {
    }

    void paint(const Vec3& start, const Vec3& step, std::uint32_t* pixels)
    {
        if (m_volume.hasColours())
            return paintColours(start, step, pixels);
        m_volume.visit([&](auto voxels) {
            sampleRow(voxels.data(), m_volume.geometry().size, start, step, m_width, m_values.data());
        });
        paintGrey(m_values.data(), m_width, m_ramp, pixels);
    }

private:
    void paintColours(const Vec3& start, const Vec3& step, std::uint32_t* pixels)
    {
        const auto* rgb = reinterpret_cast<const std::uint8_t*>(m_volume.colours().rgb.data());
        for (std::size_t c = 0; c < 3; ++c) {
            sampleRow(rgb + c, m_volume.geometry().size, start, step, m_width, m_values.data(), 3);
            m_channels[c].resize(m_values.size());
            paintGrey(m_values.data(), m_width, m_ramp, m_channels[c].data());
        }
        for (std::size_t x = 0; x < m_values.size(); ++x)
            pixels[x] = pixelOf(m_channels[0][x], m_channels[1][x], m_channels[2][x]);
    }

    const Volume& m_volume;
    const GreyRamp& m_ramp;
    int m_width;
    std::vector<float> m_values;
    std::array<std::vector<std::uint32_t>, 3> m_channels; // grey pixels of each colour
};

// Labels at pixels -1 to width of row y; 0 outside the grid.
void nearestLabels(const std::uint8_t* labels, const VolumeGeometry& g, const IndexPlane& plane, int y, int width,
                   std::uint8_t* out)
{
    const Vec3 start = plane.origin + y * plane.down - plane.right;
    const PixelRange inside = insideGrid(start, plane.right, g.size, width + 2);
    std::fill(out, out + width + 2, std::uint8_t{0});
    for (int x = inside.begin; x < inside.end; ++x) {
        const Vec3 at = start + x * plane.right;
        Index3 index{};
        for (std::size_t a = 0; a < 3; ++a)
            index[a] = std::clamp(static_cast<int>(std::floor(at[a] + 0.5)), 0, g.size[a] - 1);
        out[x] = labels[g.offset(index)];
    }
}

void blendLabelRows(std::span<const std::uint8_t> voxels, const VolumeGeometry& g, const IndexPlane& plane,
                    int width, int begin, int end, const LabelPalette& palette, std::uint32_t* image)
{
    LabelRowWindow window(width);
    const auto fetch = [&](int y, std::uint8_t* out) { nearestLabels(voxels.data(), g, plane, y, width, out); };
    LabelRows rows = window.start(begin, fetch);
    for (int y = begin;;) {
        blendLabels(rows, width, palette, image + std::ptrdiff_t{y} * width);
        if (++y == end)
            return;
        rows = window.advance(y, fetch);
    }
}

} // namespace

void paintOblique(const Volume& volume, const LabelMap* labels, const SliceStyle& style, const ObliquePlane& plane,
                  std::span<std::uint32_t> image)
{
    if (volume.isNull() || plane.width <= 0 || plane.height <= 0)
        return;
    const auto width = static_cast<std::size_t>(plane.width), height = static_cast<std::size_t>(plane.height);
    assert(image.size() >= width * height);
    const VolumeGeometry& g = volume.geometry();
    const IndexPlane inIndex = indexPlane(g, plane);
    const VolumeGeometry labelGrid = labels ? labels->geometry() : g;
    const IndexPlane inLabels = indexPlane(labelGrid, plane);
    const GreyRamp ramp = volume.hasColours() ? colourRamp(volume, style) : greyRamp(volume, style);
    const LabelPalette palette = labels ? labelPalette(labels->segments(), style) : LabelPalette{};
    const std::size_t rows = std::max<std::size_t>(1, pixelsPerTask / width);
    parallelRanges(height, rows, [&](std::size_t begin, std::size_t end) {
        RowPainter painter(volume, ramp, plane.width);
        const int first = static_cast<int>(begin), last = static_cast<int>(end);
        for (int y = first; y < last; ++y) {
            const Vec3 start = inIndex.origin + y * inIndex.down;
            painter.paint(start, inIndex.right, image.data() + static_cast<std::size_t>(y) * width);
        }
        for (int layer = 0; labels && layer < labels->layerCount(); ++layer)
            blendLabelRows(labels->layer(layer), labelGrid, inLabels, plane.width, first, last, palette, image.data());
    });
}

} // namespace annotomy
