#include "viewer/heat_layer.h"

#include "core/base/parallel.h"
#include "viewer/heat_colours.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace annotomy {

namespace {

using Inks = std::array<QRgb, 256>; // premultiplied

const Inks& heatInks()
{
    static const Inks inks = [] {
        Inks all{};
        for (std::size_t n = 0; n < all.size(); ++n) {
            const double value = static_cast<double>(n) / 255;
            const QRgb colour = heatColour(value);
            const int alpha = static_cast<int>(std::lround(255 * heatOpacity * value));
            all[n] = qPremultiply(qRgba(qRed(colour), qGreen(colour), qBlue(colour), alpha));
        }
        return all;
    }();
    return inks;
}

} // namespace

void HeatLayer::paint(QPainter& painter, const QRegion& region, const ViewState& state, const SliceViewport& viewport,
                      qreal ratio)
{
    if (!state.heatMap() || viewport.isNull() || !state.overlayVisible())
        return;
    const QSize size = (viewport.size() * ratio).toSize().expandedTo(QSize(1, 1));
    if (!m_sliceValid)
        extract(*state.heatMap(), viewport, state.cursor()[static_cast<std::size_t>(viewport.layout().nAxis)]);
    m_sliceValid = true;
    if (!m_pictureValid || m_picture.size() != size) {
        if (m_picture.size() != size)
            m_picture = QImage(size, QImage::Format_ARGB32_Premultiplied);
        m_picture.fill(Qt::transparent);
        QPainter scaled(&m_picture);
        scaled.setTransform(viewport.screenFromImage() * QTransform::fromScale(ratio, ratio));
        scaled.setRenderHint(QPainter::SmoothPixmapTransform);
        scaled.drawImage(QPointF(0, 0), m_slice);
        m_pictureValid = true;
    }
    for (const QRect& rect : region)
        painter.drawImage(QRectF(rect), m_picture,
                          QRectF(rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio));
}

void HeatLayer::extract(const HeatMap& map, const SliceViewport& viewport, int slice)
{
    const VolumeGeometry& grid = viewport.geometry();
    const SliceLayout& layout = viewport.layout();
    const int width = layout.width(grid), height = layout.height(grid);
    if (m_slice.size() != QSize(width, height))
        m_slice = QImage(width, height, QImage::Format_ARGB32_Premultiplied);
    const std::array<std::ptrdiff_t, 3> strides{1, grid.size[0], std::ptrdiff_t{grid.size[0]} * grid.size[1]};
    const std::ptrdiff_t along = (layout.hFlip ? -1 : 1) * strides[static_cast<std::size_t>(layout.hAxis)];
    const float* values = map.values.voxels<float>().data() +
                          slice * strides[static_cast<std::size_t>(layout.nAxis)] +
                          (layout.hFlip ? (width - 1) * -along : 0);
    const float scale = map.high > map.low ? 255 / static_cast<float>(map.high - map.low) : 0;
    const auto low = static_cast<float>(map.low);
    const Inks& inks = heatInks();
    uchar* const bits = m_slice.bits();
    const qsizetype stride = m_slice.bytesPerLine();
    parallelRanges(static_cast<std::size_t>(height), 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t y = begin; y < end; ++y) {
            auto* pixels = reinterpret_cast<QRgb*>(bits + static_cast<qsizetype>(y) * stride);
            const auto line = layout.vFlip ? height - 1 - static_cast<int>(y) : static_cast<int>(y);
            const float* row = values + line * strides[static_cast<std::size_t>(layout.vAxis)];
            for (int x = 0; x < width; ++x, row += along) {
                const float level = (*row - low) * scale; // NaN fails both comparisons
                pixels[x] = level > 0 ? inks[level < 255 ? static_cast<std::size_t>(level + 0.5F) : 255] : 0;
            }
        }
    });
}

} // namespace annotomy
