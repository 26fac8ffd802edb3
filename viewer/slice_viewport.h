#pragma once

#include "core/image/slice_sampler.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QTransform>

namespace annotomy {

// Where a slice lies on a pane: zoom, pan and true proportions, sheared where the grid is. Three frames: *pixels* are
// voxels with centres at integers (SliceLayout's), *image* is the same with pixel corners at integers, *screen* is
// logical pixels from the pane's top left.
class SliceViewport {
public:
    SliceViewport() = default; // isNull()
    SliceViewport(const VolumeGeometry& geometry, Plane plane);

    bool isNull() const { return m_geometry.size[0] == 0; }
    const VolumeGeometry& geometry() const { return m_geometry; }
    const SliceLayout& layout() const { return m_layout; }

    void setSize(const QSizeF& size); // a fitted view stays fitted
    const QSizeF& size() const { return m_size; }
    void fit();
    void zoomAt(const QPointF& screen, double factor); // what lies at `screen` stays there
    void pan(const QPointF& screenDelta);
    double zoom() const { return m_zoom; } // screen pixels per mm
    double pixelsPerVoxel() const;         // along the finer of the slice's two axes

    QTransform screenFromImage() const;
    QPointF pixelFromScreen(const QPointF& screen) const;
    QPointF screenFromPixel(const QPointF& pixel) const;
    bool isSheared() const;

    // Unit vectors of the screen in the patient (LPS).
    const Vec3& right() const { return m_right; }
    const Vec3& down() const { return m_down; }
    Vec3 normal() const { return cross(m_right, m_down); }

private:
    QRectF extentMm() const;

    VolumeGeometry m_geometry;
    SliceLayout m_layout;
    Vec3 m_right{1, 0, 0}, m_down{0, 1, 0};
    QTransform m_mmFromImage; // in the plane, along right and down
    QSizeF m_size{1, 1};
    QPointF m_centreMm;
    double m_zoom = 1;
    bool m_fitted = true;
};

} // namespace annotomy
