#include "viewer/preview_layer.h"

#include "core/base/parallel.h"
#include "core/edit/region.h"
#include "viewer/colours.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace annotomy {

namespace {

constexpr int hatchPeriod = 6; // logical pixels between stripes, along a row
constexpr int stripeAlpha = 190, gapAlpha = 48;

std::uint32_t premultiplied(const QColor& colour, int alpha)
{
    return qPremultiply(qRgba(colour.red(), colour.green(), colour.blue(), alpha));
}

QColor activeColour(const ViewState& state)
{
    const Segment* segment =
        state.labels() ? state.labels()->segments().find(state.activeSegment()) : nullptr;
    return segment ? QColor(segment->colour.r, segment->colour.g, segment->colour.b) : colours::text;
}

// The pixels of a slice that show a box; empty when the box misses the slice.
QRect pixelsOf(const SliceViewport& viewport, const IndexBox& box, int slice)
{
    const SliceLayout& layout = viewport.layout();
    const VolumeGeometry& g = viewport.geometry();
    const auto n = static_cast<std::size_t>(layout.nAxis);
    const IndexBox inside = intersection(box, g.bounds());
    if (inside.empty() || slice < inside.lo[n] || slice >= inside.hi[n])
        return {};
    const auto corner = [&](const Index3& i) {
        return layout.pixelFromIndex(g, {double(i[0]), double(i[1]), double(i[2])});
    };
    const Vec3 a = corner(inside.lo), b = corner({inside.hi[0] - 1, inside.hi[1] - 1, inside.hi[2] - 1});
    return {QPoint(int(std::min(a[0], b[0])), int(std::min(a[1], b[1]))),
            QPoint(int(std::max(a[0], b[0])), int(std::max(a[1], b[1])))};
}

void zeroOutside(std::vector<std::uint8_t>& taken, const QRect& kept, int width, int height)
{
    if (kept == QRect(0, 0, width, height))
        return;
    for (int y = 0; y < height; ++y) {
        std::uint8_t* row = taken.data() + std::size_t(y) * std::size_t(width);
        const bool inside = y >= kept.top() && y <= kept.bottom();
        std::fill(row, row + (inside ? kept.left() : width), std::uint8_t{0});
        if (inside)
            std::fill(row + kept.right() + 1, row + width, std::uint8_t{0});
    }
}

} // namespace

void PreviewLayer::paint(QPainter& painter, const QRegion& region, const ViewState& state,
                         const SliceViewport& viewport, qreal ratio)
{
    if (!state.preview() || viewport.isNull() || !state.overlayVisible())
        return;
    const QSize size = (viewport.size() * ratio).toSize().expandedTo(QSize(1, 1));
    if (!m_valid || m_picture.size() != size) {
        m_valid = true;
        m_empty = !select(state, viewport);
        if (!m_empty) {
            if (m_picture.size() != size)
                m_picture = QImage(size, QImage::Format_ARGB32_Premultiplied);
            const QTransform deviceFromImage =
                viewport.screenFromImage() * QTransform::fromScale(ratio, ratio);
            hatch(deviceFromImage.inverted(), viewport.layout().width(viewport.geometry()),
                  viewport.layout().height(viewport.geometry()), activeColour(state).rgb(), ratio);
        }
    }
    if (m_empty)
        return;
    for (const QRect& rect : region)
        painter.drawImage(
            QRectF(rect), m_picture,
            QRectF(rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio));
}

bool PreviewLayer::select(const ViewState& state, const SliceViewport& viewport)
{
    const SliceLayout& layout = viewport.layout();
    const int slice = state.cursor()[static_cast<std::size_t>(layout.nAxis)];
    const QRect shown = pixelsOf(viewport, state.preview()->box, slice);
    if (shown.isEmpty() || state.values().isNull())
        return false;
    const int width = layout.width(viewport.geometry()), height = layout.height(viewport.geometry());
    m_taken.resize(std::size_t(width) * std::size_t(height));
    thresholdSlice(state.values(), state.preview()->range, layout, slice, m_taken);
    zeroOutside(m_taken, shown, width, height);
    leaveOutProtected(state, viewport, slice);
    return true;
}

// As Document::apply would: locked segments stay, with PaintOver::Empty all do, and what has the label
// already is no news.
void PreviewLayer::leaveOutProtected(const ViewState& state, const SliceViewport& viewport, int slice)
{
    const LabelMap* labels = state.labels();
    const Segment* active = labels ? labels->segments().find(state.activeSegment()) : nullptr;
    if (active && active->locked)
        std::fill(m_taken.begin(), m_taken.end(), std::uint8_t{0});
    const QRect labelled = pixelsOf(viewport, state.labelledBox(), slice);
    if (!active || active->locked || active->layer >= labels->layerCount() || labelled.isEmpty())
        return;
    const SliceLayout& layout = viewport.layout();
    fetchLabels(*labels, active->layer, layout, slice,
                {labelled.x(), labelled.y(), labelled.width(), labelled.height()}, m_labels);
    std::array<std::uint8_t, 256> free{};
    free.fill(state.preview()->paintOver == PaintOver::All);
    free[background] = 1;
    for (const Segment& segment : labels->segments().segments())
        if (segment.locked)
            free[segment.number] = 0;
    free[active->number] = 0;
    const int width = layout.width(viewport.geometry());
    for (int y = labelled.top(); y <= labelled.bottom(); ++y)
        for (int x = labelled.left(); x <= labelled.right(); ++x)
            m_taken[std::size_t(y) * std::size_t(width) + std::size_t(x)] &= free[m_labels.row(y)[x]];
}

// Steps through the slice in 16.16 fixed point: a general transform costs no more than a scaling.
void PreviewLayer::hatch(const QTransform& imageFromDevice, int width, int height, std::uint32_t colour,
                         qreal ratio)
{
    constexpr double one = 65536;
    const auto fixed = [](double value) { return static_cast<std::int64_t>(std::llround(value * one)); };
    const std::int64_t stepX = fixed(imageFromDevice.m11()), stepY = fixed(imageFromDevice.m12());
    const int period = std::max(2, int(std::lround(hatchPeriod * ratio)));
    const std::array<std::uint32_t, 2> inks{premultiplied(QColor(colour), gapAlpha),
                                            premultiplied(QColor(colour), stripeAlpha)};
    std::vector<std::uint32_t> pattern(static_cast<std::size_t>(m_picture.width() + period));
    for (std::size_t x = 0; x < pattern.size(); ++x)
        pattern[x] = inks[static_cast<int>(x) % period < period / 3];
    uchar* const pixels = m_picture.bits();
    const qsizetype stride = m_picture.bytesPerLine();
    const int deviceWidth = m_picture.width();
    // Unless the grid is sheared, all rows take the same columns of the slice.
    std::vector<std::int32_t> columns;
    int first = deviceWidth, last = 0;
    if (imageFromDevice.m21() == 0) {
        columns.resize(static_cast<std::size_t>(deviceWidth));
        std::int64_t sx = fixed(imageFromDevice.map(QPointF(0.5, 0.5)).x());
        for (int x = 0; x < deviceWidth; ++x, sx += stepX) {
            const std::int64_t px = sx >> 16;
            columns[static_cast<std::size_t>(x)] = static_cast<std::int32_t>(px);
            if (px >= 0 && px < width) {
                first = std::min(first, x);
                last = x + 1;
            }
        }
        first = std::min(first, last);
    }
    parallelRanges(static_cast<std::size_t>(m_picture.height()), 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t y = begin; y < end; ++y) {
            auto* row = reinterpret_cast<std::uint32_t*>(pixels + static_cast<qsizetype>(y) * stride);
            const std::uint32_t* ink = pattern.data() + y % static_cast<std::size_t>(period);
            const QPointF start = imageFromDevice.map(QPointF(0.5, static_cast<double>(y) + 0.5));
            std::int64_t sx = fixed(start.x()), sy = fixed(start.y());
            if (stepY == 0 && !columns.empty()) {
                const std::int64_t py = sy >> 16;
                const bool inside = py >= 0 && py < height;
                const std::uint8_t* line = m_taken.data() + (inside ? py : 0) * width;
                std::fill(row, row + first, 0U);
                for (int x = first; x < last; ++x) // without a branch: an image may be noise
                    row[x] = ink[x] & (0U - line[columns[static_cast<std::size_t>(x)]]);
                std::fill(row + (inside ? last : 0), row + deviceWidth, 0U);
                continue;
            }
            for (int x = 0; x < deviceWidth; ++x, sx += stepX, sy += stepY) {
                const std::int64_t px = sx >> 16, py = sy >> 16;
                const bool inside = px >= 0 && px < width && py >= 0 && py < height;
                row[x] = inside && m_taken[static_cast<std::size_t>(py * width + px)] ? ink[x] : 0;
            }
        }
    });
}

} // namespace annotomy
