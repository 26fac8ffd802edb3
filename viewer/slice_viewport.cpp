#include "viewer/slice_viewport.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

// The mm that one pixel step covers along a grid axis, as the screen runs.
Vec3 step(const VolumeGeometry& geometry, int axis, bool flip)
{
    const double mm = geometry.spacing[static_cast<std::size_t>(axis)];
    return (flip ? -mm : mm) * geometry.axis(axis);
}

double straightness(const Vec3& direction)
{
    return std::max({std::abs(direction[0]), std::abs(direction[1]), std::abs(direction[2])});
}

// Noise of direction cosines as files store them must not cost the fast path of unsheared images.
double withoutNoise(double part, double whole)
{
    return std::abs(part) < 1e-4 * std::abs(whole) ? 0.0 : part;
}

} // namespace

SliceViewport::SliceViewport(const VolumeGeometry& geometry, Plane plane)
    : m_geometry(geometry), m_layout(sliceLayout(geometry, plane))
{
    const Vec3 h = step(geometry, m_layout.hAxis, m_layout.hFlip);
    const Vec3 v = step(geometry, m_layout.vAxis, m_layout.vFlip);
    const Vec3 normal = normalised(cross(h, v));
    // On sheared grids the axis that runs straighter through the patient stays straight on the screen.
    if (straightness(normalised(h)) >= straightness(normalised(v))) {
        m_right = normalised(h);
        m_down = cross(normal, m_right);
    } else {
        m_down = normalised(v);
        m_right = cross(m_down, normal);
    }
    const double m11 = dot(h, m_right), m22 = dot(v, m_down);
    m_mmFromImage = QTransform(m11, withoutNoise(dot(h, m_down), m11), withoutNoise(dot(v, m_right), m22), m22, 0, 0);
    fit();
}

QRectF SliceViewport::extentMm() const
{
    return m_mmFromImage.mapRect(QRectF(0, 0, m_layout.width(m_geometry), m_layout.height(m_geometry)));
}

void SliceViewport::setSize(const QSizeF& size)
{
    m_size = size.expandedTo(QSizeF(1, 1));
    if (m_fitted)
        fit();
}

void SliceViewport::fit()
{
    if (isNull())
        return;
    const QRectF extent = extentMm();
    m_zoom = std::min(m_size.width() / extent.width(), m_size.height() / extent.height());
    m_centreMm = extent.center();
    m_fitted = true;
}

double SliceViewport::pixelsPerVoxel() const
{
    const auto h = static_cast<std::size_t>(m_layout.hAxis), v = static_cast<std::size_t>(m_layout.vAxis);
    return m_zoom * std::min(m_geometry.spacing[h], m_geometry.spacing[v]);
}

void SliceViewport::zoomAt(const QPointF& screen, double factor)
{
    if (isNull())
        return;
    const QRectF extent = extentMm();
    const double fitting = std::min(m_size.width() / extent.width(), m_size.height() / extent.height());
    const double nearest = std::max(fitting, 64.0 * m_zoom / pixelsPerVoxel());
    const double zoom = std::clamp(m_zoom * factor, 0.25 * fitting, nearest);
    const QPointF fromCentre = screen - QPointF(0.5 * m_size.width(), 0.5 * m_size.height());
    m_centreMm += fromCentre / m_zoom - fromCentre / zoom;
    m_zoom = zoom;
    m_fitted = false;
}

// Some of the image always stays in view.
void SliceViewport::pan(const QPointF& screenDelta)
{
    const QRectF extent = extentMm();
    m_centreMm -= screenDelta / m_zoom;
    m_centreMm.setX(std::clamp(m_centreMm.x(), extent.left(), extent.right()));
    m_centreMm.setY(std::clamp(m_centreMm.y(), extent.top(), extent.bottom()));
    m_fitted = false;
}

QTransform SliceViewport::screenFromImage() const
{
    return m_mmFromImage * QTransform(m_zoom, 0, 0, m_zoom, 0.5 * m_size.width() - m_zoom * m_centreMm.x(),
                                      0.5 * m_size.height() - m_zoom * m_centreMm.y());
}

QPointF SliceViewport::pixelFromScreen(const QPointF& screen) const
{
    return screenFromImage().inverted().map(screen) - QPointF(0.5, 0.5);
}

QPointF SliceViewport::screenFromPixel(const QPointF& pixel) const
{
    return screenFromImage().map(pixel + QPointF(0.5, 0.5));
}

bool SliceViewport::isSheared() const
{
    return m_mmFromImage.m12() != 0 || m_mmFromImage.m21() != 0;
}

} // namespace annotomy
