#pragma once

#include "viewer/slice_contours.h"
#include "viewer/slice_viewport.h"
#include "viewer/view_state.h"

#include <QImage>
#include <QRegion>

#include <cstdint>
#include <vector>

class QPainter;

namespace annotomy {

// The voxels that the threshold would take, hatched in the active segment's colour over a painted slice. Made
// again only after something of it changed.
class PreviewLayer {
public:
    void invalidate() { m_valid = false; } // another slice, view, mask, range or active segment

    // Paints what lies in `region` (logical pixels of a pane of viewport.size()).
    void paint(QPainter& painter, const QRegion& region, const ViewState& state,
               const SliceViewport& viewport, qreal devicePixelRatio);

private:
    bool select(const ViewState& state, const SliceViewport& viewport); // false: nothing would be taken
    void leaveOutProtected(const ViewState& state, const SliceViewport& viewport, int slice);
    void hatch(const QTransform& imageFromDevice, int width, int height, std::uint32_t colour, qreal ratio);

    std::vector<std::uint8_t> m_taken; // one a pixel of the slice
    LabelSlice m_labels;
    QImage m_picture; // the pane, device pixels
    bool m_valid = false, m_empty = true;
};

} // namespace annotomy
