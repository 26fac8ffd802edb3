#include "viewer/slice_canvas.h"

#include "core/image/slice_scaler.h"
#include "viewer/colours.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

// The pixels of the slice that show a box of voxels, grown by `margin`; empty when the box misses the slice.
PixelRect pixelsOf(const SliceViewport& viewport, const IndexBox& box, int slice, int margin)
{
    const SliceLayout& layout = viewport.layout();
    const auto n = static_cast<std::size_t>(layout.nAxis);
    if (box.empty() || slice < box.lo[n] || slice >= box.hi[n])
        return {};
    const auto corner = [&](const Index3& i) {
        return layout.pixelFromIndex(viewport.geometry(), {double(i[0]), double(i[1]), double(i[2])});
    };
    const Vec3 a = corner(box.lo), b = corner({box.hi[0] - 1, box.hi[1] - 1, box.hi[2] - 1});
    const int left = std::max(0, int(std::lround(std::min(a[0], b[0]))) - margin);
    const int top = std::max(0, int(std::lround(std::min(a[1], b[1]))) - margin);
    const int right = std::min(layout.width(viewport.geometry()), int(std::lround(std::max(a[0], b[0]))) + margin + 1);
    const int bottom = std::min(layout.height(viewport.geometry()), int(std::lround(std::max(a[1], b[1]))) + margin + 1);
    return {left, top, std::max(0, right - left), std::max(0, bottom - top)};
}

PixelRect intersected(const PixelRect& a, const PixelRect& b)
{
    const QRect both = QRect(a.x, a.y, a.width, a.height) & QRect(b.x, b.y, b.width, b.height);
    return {both.x(), both.y(), both.width(), both.height()};
}

ContourStyle segmentColours(const ViewState& state)
{
    ContourStyle style;
    if (state.labels())
        for (const Segment& segment : state.labels()->segments().segments())
            if (const Colour& c = segment.colour; segment.visible)
                style.colours[segment.number] = qRgb(c.r, c.g, c.b);
    return style;
}

} // namespace

QRect SliceCanvas::refreshLabels(const ViewState& state, const SliceViewport& viewport, const IndexBox& box)
{
    if (viewport.isNull())
        return {};
    const int slice = state.cursor()[static_cast<std::size_t>(viewport.layout().nAxis)];
    const PixelRect changed = pixelsOf(viewport, box, slice, 1); // an outline reaches to the neighbours
    if (changed.width == 0 || changed.height == 0)
        return {};
    const QRectF image = QRectF(changed.x, changed.y, changed.width, changed.height).adjusted(-1, -1, 1, 1);
    const QRectF pane(QPointF(0, 0), viewport.size());
    const QRectF shown = viewport.screenFromImage().mapRect(image).adjusted(-2, -2, 2, 2).intersected(pane);
    if (m_sliceValid)
        extract(state, viewport, changed);
    if (m_sliceValid && m_pictureValid && !shown.isEmpty())
        render(state, viewport, int(std::floor(shown.top() * m_ratio)), int(std::ceil(shown.bottom() * m_ratio)));
    return shown.toAlignedRect();
}

const QImage& SliceCanvas::picture(const ViewState& state, const SliceViewport& viewport, qreal devicePixelRatio)
{
    const QSize size = (viewport.size() * devicePixelRatio).toSize().expandedTo(QSize(1, 1));
    if (m_picture.size() != size || m_ratio != devicePixelRatio) {
        m_picture = QImage(size, QImage::Format_RGB32);
        m_ratio = devicePixelRatio;
        m_pictureValid = false;
    }
    if (viewport.isNull()) {
        m_picture.fill(colours::pane);
        return m_picture;
    }
    if (!m_sliceValid) {
        const SliceLayout& layout = viewport.layout();
        extract(state, viewport, {0, 0, layout.width(viewport.geometry()), layout.height(viewport.geometry())});
        m_sliceValid = true;
        m_pictureValid = false;
    }
    if (!m_pictureValid)
        render(state, viewport, 0, size.height());
    m_pictureValid = true;
    return m_picture;
}

void SliceCanvas::extract(const ViewState& state, const SliceViewport& viewport, const PixelRect& rect)
{
    const SliceLayout& layout = viewport.layout();
    const QSize size(layout.width(viewport.geometry()), layout.height(viewport.geometry()));
    if (m_slice.size() != size)
        m_slice = QImage(size, QImage::Format_RGB32);
    const std::span<std::uint32_t> pixels(reinterpret_cast<std::uint32_t*>(m_slice.bits()),
                                          static_cast<std::size_t>(size.width()) *
                                              static_cast<std::size_t>(size.height()));
    const int slice = state.cursor()[static_cast<std::size_t>(layout.nAxis)];
    // Labels are read once, for fill and outlines alike: across the grain of memory that is half the work.
    extractOutlines(state, viewport, slice, rect);
    if (!state.shownOnGrid())
        return; // sampled at the screen's own pixels
    paintSlice(state.shown(), nullptr, state.style(), layout, slice, rect, pixels);
    ContourStyle fill = segmentColours(state);
    fill.opacity = state.style().fillOpacity;
    for (const LabelSlice& labels : m_outlined)
        paintFill(m_slice, rect, labels, fill);
}

void SliceCanvas::extractOutlines(const ViewState& state, const SliceViewport& viewport, int slice, const PixelRect& rect)
{
    const SliceLayout& layout = viewport.layout();
    const PixelRect labelled = intersected(rect, pixelsOf(viewport, state.labelledBox(), slice, 0));
    const LabelMap* shown = state.overlayVisible() ? state.labels() : nullptr;
    const LabelMap* other = shown ? state.comparison() : nullptr;
    m_outlined.resize(shown ? std::size_t(shown->layerCount()) : 0);
    m_compared.resize(other ? std::size_t(std::max(shown->layerCount(), other->layerCount())) : 0);
    m_differing.resize(m_compared.size());
    for (std::size_t layer = 0; layer < m_outlined.size(); ++layer) {
        m_outlined[layer].resize(layout.width(shown->geometry()), layout.height(shown->geometry()));
        m_outlined[layer].clear(rect);
        if (labelled.width > 0 && labelled.height > 0)
            fetchLabels(*shown, int(layer), layout, slice, labelled, m_outlined[layer]);
    }
    for (std::size_t layer = 0; layer < m_compared.size(); ++layer) {
        // A layer that one of both lacks is empty there.
        m_compared[layer].resize(layout.width(other->geometry()), layout.height(other->geometry()));
        m_compared[layer].clear(rect);
        if (layer < std::size_t(other->layerCount()))
            fetchLabels(*other, int(layer), layout, slice, rect, m_compared[layer]);
        m_blank.resize(m_compared[layer].width, m_compared[layer].height);
        const LabelSlice& ours = layer < m_outlined.size() ? m_outlined[layer] : m_blank;
        compareLabels(ours, m_compared[layer], rect, m_differing[layer]);
    }
}

// Whole rows of the pane: on sheared grids the raster engine steps through the source from the left end of each span, so a
// span that begins elsewhere would differ in the last bit.
void SliceCanvas::render(const ViewState& state, const SliceViewport& viewport, int top, int bottom)
{
    const QRect band = QRect(0, top, m_picture.width(), bottom - top).intersected(m_picture.rect());
    const QTransform deviceFromImage = viewport.screenFromImage() * QTransform::fromScale(m_ratio, m_ratio);
    if (!state.shownOnGrid())
        renderElsewhere(state, viewport, deviceFromImage, band);
    else if (deviceFromImage.type() <= QTransform::TxScale && deviceFromImage.m11() > 0 && deviceFromImage.m22() > 0)
        renderStraight(deviceFromImage, band);
    else
        renderSheared(deviceFromImage, band);
    paintOutlines(state, deviceFromImage, m_ratio * viewport.pixelsPerVoxel(), band);
}

void SliceCanvas::renderStraight(const QTransform& deviceFromImage, const QRect& band)
{
    const PictureAxis x{deviceFromImage.m11(), deviceFromImage.dx()}, y{deviceFromImage.m22(), deviceFromImage.dy()};
    const PixelGrid<const std::uint32_t> slice{reinterpret_cast<const std::uint32_t*>(m_slice.constBits()),
                                               m_slice.width(), m_slice.height(), m_slice.bytesPerLine() / 4};
    const PixelGrid<std::uint32_t> picture{reinterpret_cast<std::uint32_t*>(m_picture.bits()), m_picture.width(),
                                           m_picture.height(), m_picture.bytesPerLine() / 4};
    const PixelRect covered = coveredPixels(slice, x, y);
    QPainter painter(&m_picture);
    for (const QRect& beside : QRegion(band) - QRect(covered.x, covered.y, covered.width, covered.height))
        painter.fillRect(beside, colours::pane);
    painter.end();
    paintScaled(slice, x, y, picture, {band.x(), band.y(), band.width(), band.height()});
}

void SliceCanvas::renderSheared(const QTransform& deviceFromImage, const QRect& band)
{
    QPainter painter(&m_picture);
    painter.setClipRect(band);
    painter.fillRect(band, colours::pane);
    painter.setTransform(deviceFromImage);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(QPointF(0, 0), m_slice);
}

// An image on another grid than the mask: sampled in the patient at the pixels of the pane, so that neither grid's voxels
// limit what is seen.
void SliceCanvas::renderElsewhere(const ViewState& state, const SliceViewport& viewport,
                                  const QTransform& deviceFromImage, const QRect& band)
{
    const QTransform imageFromDevice = deviceFromImage.inverted();
    const double slice = state.cursor()[static_cast<std::size_t>(viewport.layout().nAxis)];
    const auto patientAt = [&](double x, double y) {
        const QPointF at = imageFromDevice.map(QPointF(x + 0.5, y + 0.5)) - QPointF(0.5, 0.5);
        const VolumeGeometry& grid = viewport.geometry();
        return grid.patientFromIndex(viewport.layout().indexFromPixel(grid, at.x(), at.y(), slice));
    };
    ObliquePlane plane;
    plane.origin = patientAt(0, band.top());
    plane.right = patientAt(1, band.top()) - plane.origin;
    plane.down = patientAt(0, band.top() + 1) - plane.origin;
    plane.width = m_picture.width(); // rows of RGB32 have no padding
    plane.height = band.height();
    SliceStyle style = state.style();
    style.outlineOpacity = 0; // drawn over it, as over every image
    auto* first = reinterpret_cast<std::uint32_t*>(m_picture.scanLine(band.top()));
    const std::size_t count = static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height);
    paintOblique(state.shown(), state.overlayVisible() ? state.labels() : nullptr, style, plane, {first, count});
}

void SliceCanvas::paintOutlines(const ViewState& state, const QTransform& deviceFromImage, double pixelsPerVoxel,
                                const QRect& band)
{
    ContourStyle style = segmentColours(state);
    style.opacity = state.style().outlineOpacity;
    style.thickness = pixelsPerVoxel < 3 ? 1 : std::max(1, int(std::lround(2 * m_ratio)));
    for (const LabelSlice& slice : m_outlined)
        paintContours(m_picture, band, slice, style, deviceFromImage);

    ContourStyle difference;
    difference.thickness = std::max(1, int(std::lround(2 * m_ratio)));
    difference.dashed = true;
    difference.colours[1] = colours::added.rgb();
    difference.colours[2] = colours::removed.rgb();
    for (const LabelSlice& slice : m_differing)
        paintContours(m_picture, band, slice, difference, deviceFromImage);
}

} // namespace annotomy
