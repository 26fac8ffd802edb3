#include "viewer/slice_contours.h"

#include "core/base/parallel.h"

#include <QPainter>
#include <QPen>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace annotomy {

namespace {

// The eight neighbours of a pixel that carry its own label; pixels beyond the slice count as its own.
struct Neighbours {
    bool left, right, up, down, upLeft, upRight, downLeft, downRight;

    bool all() const { return left && right && up && down && upLeft && upRight && downLeft && downRight; }
};

Neighbours neighbours(const LabelSlice& s, int x, int y)
{
    const std::uint8_t label = s.row(y)[x];
    const std::uint8_t *here = s.row(y), *above = s.row(std::max(0, y - 1)),
                       *below = s.row(std::min(s.height - 1, y + 1));
    const int l = std::max(0, x - 1), r = std::min(s.width - 1, x + 1);
    return {here[l] == label,  here[r] == label,  above[x] == label, below[x] == label,
            above[l] == label, above[r] == label, below[l] == label, below[r] == label};
}

std::uint64_t eightAt(const std::uint8_t* labels)
{
    std::uint64_t eight;
    std::memcpy(&eight, labels, sizeof eight);
    return eight;
}

// True when the eight pixels from x on need no border: all background, or all inside one label.
bool isPlain(const LabelSlice& s, int x, int y)
{
    const std::uint64_t eight = eightAt(s.row(y) + x);
    if (eight == 0)
        return true;
    if (x == 0 || x + 9 > s.width || y == 0 || y + 1 == s.height || eight != (eight & 0xFF) * 0x0101010101010101U)
        return false;
    for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx)
            if (eightAt(s.row(y + dy) + x + dx) != eight)
                return false;
    return true;
}

template <class Visit>
void forEachBorderPixel(const LabelSlice& s, int top, int bottom, const ContourStyle& style, Visit visit)
{
    for (int y = top; y < bottom; ++y) {
        for (int x = 0; x < s.width;) {
            if (x + 8 <= s.width && isPlain(s, x, y)) {
                x += 8;
                continue;
            }
            const int end = std::min(s.width, x + 8);
            for (; x < end; ++x) {
                const std::uint8_t label = s.row(y)[x];
                if (label == 0 || style.colours[label] == 0)
                    continue;
                const Neighbours same = neighbours(s, x, y);
                if (!same.all())
                    visit(x, y, style.colours[label], same);
            }
        }
    }
}

std::uint32_t mixed(std::uint32_t under, std::uint32_t over, std::uint32_t alpha)
{
    const std::uint32_t keep = 256 - alpha;
    const std::uint32_t redBlue = ((under & 0xFF00FFU) * keep + (over & 0xFF00FFU) * alpha) >> 8;
    const std::uint32_t green = ((under & 0xFF00U) * keep + (over & 0xFF00U) * alpha) >> 8;
    return 0xFF000000U | (redBlue & 0xFF00FFU) | (green & 0xFF00U);
}

// Writes little rectangles straight into the picture; thousands of them cost less than one painter's state change each.
class EdgeInk {
public:
    EdgeInk(QImage& target, const QRect& band, const ContourStyle& style)
        : m_pixels(reinterpret_cast<std::uint32_t*>(target.bits())), m_stride(target.bytesPerLine() / 4), m_band(band),
          m_alpha(static_cast<std::uint32_t>(std::lround(256 * std::clamp(style.opacity, 0.0, 1.0)))),
          m_dash(style.dashed ? 3 * style.thickness : 0)
    {
    }

    void fill(int left, int top, int right, int bottom, std::uint32_t colour)
    {
        left = std::max(left, m_band.left());
        right = std::min(right, m_band.right() + 1);
        top = std::max(top, m_band.top());
        bottom = std::min(bottom, m_band.bottom() + 1);
        for (int y = top; y < bottom; ++y)
            for (int x = left; x < right; ++x)
                if (m_dash == 0 || (x + y) % m_dash < (2 * m_dash + 2) / 3)
                    m_pixels[y * m_stride + x] = mixed(m_pixels[y * m_stride + x], colour, m_alpha);
    }

private:
    std::uint32_t* m_pixels;
    std::ptrdiff_t m_stride;
    QRect m_band;
    std::uint32_t m_alpha;
    int m_dash;
};

// Left or top device pixel of every image column or row, and one more.
std::vector<int> deviceEdges(int count, double scale, double offset)
{
    std::vector<int> edges(static_cast<std::size_t>(count) + 1);
    for (int n = 0; n <= count; ++n)
        edges[static_cast<std::size_t>(n)] =
            static_cast<int>(std::lround(std::clamp(offset + scale * n, -1e6, 1e6)));
    return edges;
}

void paintStraight(QImage& target, const QRect& band, const LabelSlice& slice, const ContourStyle& style,
                   const QTransform& device, int top, int bottom)
{
    const std::vector<int> xs = deviceEdges(slice.width, device.m11(), device.dx());
    const std::vector<int> ys = deviceEdges(slice.height, device.m22(), device.dy());
    EdgeInk ink(target, band, style);
    const int t = style.thickness;
    forEachBorderPixel(slice, top, bottom, style, [&](int x, int y, std::uint32_t colour, const Neighbours& same) {
        const int l = xs[std::size_t(x)], r = xs[std::size_t(x) + 1], u = ys[std::size_t(y)], d = ys[std::size_t(y) + 1];
        const int tx = std::min(t, r - l), ty = std::min(t, d - u);
        if (!same.left)
            ink.fill(l, u, l + tx, d, colour);
        if (!same.right)
            ink.fill(r - tx, u, r, d, colour);
        if (!same.up)
            ink.fill(l, u, r, u + ty, colour);
        if (!same.down)
            ink.fill(l, d - ty, r, d, colour);
        if (same.left && same.up && !same.upLeft) // inner corners
            ink.fill(l, u, l + tx, u + ty, colour);
        if (same.right && same.up && !same.upRight)
            ink.fill(r - tx, u, r, u + ty, colour);
        if (same.left && same.down && !same.downLeft)
            ink.fill(l, d - ty, l + tx, d, colour);
        if (same.right && same.down && !same.downRight)
            ink.fill(r - tx, d - ty, r, d, colour);
    });
}

void paintSheared(QImage& target, const QRect& band, const LabelSlice& slice, const ContourStyle& style,
                  const QTransform& device, int top, int bottom)
{
    QPainter painter(&target);
    painter.setClipRect(band);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setTransform(device);
    painter.setOpacity(std::clamp(style.opacity, 0.0, 1.0));
    std::uint32_t current = 0;
    forEachBorderPixel(slice, top, bottom, style, [&](int x, int y, std::uint32_t colour, const Neighbours& same) {
        if (colour != current) {
            QPen pen(QColor::fromRgb(colour), style.thickness, style.dashed ? Qt::DashLine : Qt::SolidLine, Qt::RoundCap);
            pen.setCosmetic(true);
            painter.setPen(pen);
            current = colour;
        }
        if (!same.left)
            painter.drawLine(QPointF(x, y), QPointF(x, y + 1));
        if (!same.right)
            painter.drawLine(QPointF(x + 1, y), QPointF(x + 1, y + 1));
        if (!same.up)
            painter.drawLine(QPointF(x, y), QPointF(x + 1, y));
        if (!same.down)
            painter.drawLine(QPointF(x, y + 1), QPointF(x + 1, y + 1));
    });
}

} // namespace

void LabelSlice::resize(int w, int h)
{
    if (w == width && h == height)
        return;
    width = w;
    height = h;
    labels.assign(std::size_t(w) * std::size_t(h), 0);
}

void LabelSlice::clear(const PixelRect& rect)
{
    for (int y = rect.y; y < rect.y + rect.height; ++y)
        std::memset(row(y) + rect.x, 0, std::size_t(rect.width));
}

void fetchLabels(const LabelMap& labels, int layer, const SliceLayout& layout, int slice, const PixelRect& rect,
                 LabelSlice& into)
{
    const VolumeGeometry& g = labels.geometry();
    into.resize(layout.width(g), layout.height(g));
    const std::uint8_t* voxels = labels.layer(layer).data();
    const std::array<std::ptrdiff_t, 3> stride{1, g.size[0], std::ptrdiff_t{g.size[0]} * g.size[1]};
    const std::ptrdiff_t right = (layout.hFlip ? -1 : 1) * stride[std::size_t(layout.hAxis)];
    const std::ptrdiff_t down = (layout.vFlip ? -1 : 1) * stride[std::size_t(layout.vAxis)];
    const Vec3 corner = layout.indexFromPixel(g, 0, 0, slice);
    const std::uint8_t* first = voxels + g.offset({int(corner[0]), int(corner[1]), int(corner[2])});
    parallelRanges(std::size_t(rect.height), 256, [&](std::size_t begin, std::size_t end) {
        for (int y = rect.y + int(begin); y < rect.y + int(end); ++y) {
            const std::uint8_t* from = first + y * down + rect.x * right;
            std::uint8_t* to = into.row(y) + rect.x;
            if (right == 1) {
                std::memcpy(to, from, std::size_t(rect.width));
                continue;
            }
            for (int x = 0; x < rect.width; ++x)
                to[x] = from[x * right];
        }
    });
}

void compareLabels(const LabelSlice& ours, const LabelSlice& theirs, const PixelRect& rect, LabelSlice& difference)
{
    difference.resize(ours.width, ours.height);
    for (int y = rect.y; y < rect.y + rect.height; ++y) {
        const std::uint8_t *a = ours.row(y), *b = theirs.row(y);
        std::uint8_t* to = difference.row(y);
        for (int x = rect.x; x < rect.x + rect.width; ++x)
            to[x] = a[x] == b[x] ? 0 : b[x] != 0 ? 1 : 2;
    }
}

void paintFill(QImage& image, const PixelRect& rect, const LabelSlice& slice, const ContourStyle& style)
{
    const auto alpha = static_cast<std::uint32_t>(std::lround(256 * std::clamp(style.opacity, 0.0, 1.0)));
    if (alpha == 0)
        return;
    for (int y = rect.y; y < rect.y + rect.height; ++y) {
        const std::uint8_t* labels = slice.row(y);
        auto* pixels = reinterpret_cast<std::uint32_t*>(image.scanLine(y));
        const int end = rect.x + rect.width;
        for (int x = rect.x; x < end; ++x) {
            while (x + 8 <= end && eightAt(labels + x) == 0)
                x += 8;
            if (x < end && style.colours[labels[x]] != 0)
                pixels[x] = mixed(pixels[x], style.colours[labels[x]], alpha);
        }
    }
}

void paintContours(QImage& target, const QRect& band, const LabelSlice& slice, const ContourStyle& style,
                   const QTransform& deviceFromImage)
{
    if (band.isEmpty() || slice.width == 0 || slice.height == 0 || style.opacity <= 0)
        return;
    const QRectF shown = deviceFromImage.inverted().mapRect(QRectF(band).adjusted(-2, -2, 2, 2));
    const int top = std::clamp(int(std::floor(shown.top())) - 1, 0, slice.height);
    const int bottom = std::clamp(int(std::ceil(shown.bottom())) + 1, top, slice.height);
    const bool straight = deviceFromImage.m12() == 0 && deviceFromImage.m21() == 0;
    (straight ? paintStraight : paintSheared)(target, band, slice, style, deviceFromImage, top, bottom);
}

} // namespace annotomy
