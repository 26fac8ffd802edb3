#pragma once

#include "viewer/slice_viewport.h"
#include "viewer/view_state.h"

#include <QImage>
#include <QRegion>

class QPainter;

namespace annotomy {

// ViewState::heatMap() over a painted slice: coloured by heatColour(), the more opaque the higher. Made again only after
// something of it changed.
class HeatLayer {
public:
    void invalidateSlice() { m_sliceValid = m_pictureValid = false; } // another slice or map
    void invalidateView() { m_pictureValid = false; }                 // zoom, pan, size

    // Paints what lies in `region` (logical pixels of a pane of viewport.size()).
    void paint(QPainter& painter, const QRegion& region, const ViewState& state, const SliceViewport& viewport,
               qreal devicePixelRatio);

private:
    void extract(const HeatMap& map, const SliceViewport& viewport, int slice);

    QImage m_slice;   // one pixel per voxel
    QImage m_picture; // the pane, device pixels
    bool m_sliceValid = false, m_pictureValid = false;
};

} // namespace annotomy
