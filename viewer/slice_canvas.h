#pragma once

#include "viewer/slice_contours.h"
#include "viewer/slice_viewport.h"
#include "viewer/view_state.h"

#include <QImage>
#include <QRect>

#include <vector>

namespace annotomy {

// The picture of one slice at two resolutions: one pixel per voxel, and scaled to the screen. Both are kept and only
// what changed is made again; a part made again is pixel for pixel what a whole repaint would give.
class SliceCanvas {
public:
    void invalidateSlice() { m_sliceValid = false; }  // another slice, window, style, image or mask
    void invalidateView() { m_pictureValid = false; } // zoom, pan, size

    // Labels inside `box` changed. Returns what to repaint (logical screen pixels); empty when the slice is untouched.
    QRect refreshLabels(const ViewState& state, const SliceViewport& viewport, const IndexBox& box);

    // The picture of the slice through state.cursor(), device pixels of a pane of viewport.size().
    const QImage& picture(const ViewState& state, const SliceViewport& viewport, qreal devicePixelRatio);

private:
    void extract(const ViewState& state, const SliceViewport& viewport, const PixelRect& rect);
    void extractOutlines(const ViewState& state, const SliceViewport& viewport, int slice, const PixelRect& rect);
    void render(const ViewState& state, const SliceViewport& viewport, int top, int bottom);
    void renderStraight(const QTransform& deviceFromImage, const QRect& band);
    void renderSheared(const QTransform& deviceFromImage, const QRect& band);
    void renderElsewhere(const ViewState& state, const SliceViewport& viewport, const QTransform& deviceFromImage, const QRect& band);
    void paintOutlines(const ViewState& state, const QTransform& deviceFromImage, double pixelsPerVoxel, const QRect& band);

    QImage m_slice;   // one pixel per voxel: grey and the segments' fill; not used for an image on another grid
    std::vector<LabelSlice> m_outlined;  // by layer
    std::vector<LabelSlice> m_compared, m_differing;
    LabelSlice m_blank; // stands for a layer that the shown mask lacks
    QImage m_picture; // the pane, device pixels
    qreal m_ratio = 1;
    bool m_sliceValid = false, m_pictureValid = false;
};

} // namespace annotomy
