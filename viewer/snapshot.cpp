#include "viewer/snapshot.h"

#include "viewer/colours.h"
#include "viewer/egl_window.h"
#include "viewer/slice_canvas.h"
#include "viewer/slice_furniture.h"
#include "viewer/surface_scene.h"

#include <QGuiApplication>
#include <QPainter>

namespace annotomy {

namespace {

constexpr int gap = 2; // between panes

void paintPane(QPainter& painter, const ViewState& state, Plane plane, const QRect& area)
{
    SliceViewport viewport(state.volume().geometry(), plane);
    viewport.setSize(area.size());
    SliceCanvas canvas;
    painter.save();
    painter.translate(area.topLeft());
    painter.setClipRect(QRect({0, 0}, area.size()));
    painter.drawImage(QPoint(0, 0), canvas.picture(state, viewport, 1));
    const SliceFurniture furniture(state, viewport, plane, tabularFont(QGuiApplication::font()));
    furniture.paint(painter, QRect({0, 0}, area.size()));
    painter.restore();
}

void buildSurfaces(const ViewState& state, SurfaceScene& scene)
{
    if (!state.labels())
        return;
    const LabelMap& labels = *state.labels();
    const auto boxes = segmentBoxes(labels);
    for (const Segment& segment : labels.segments().segments()) {
        if (!segment.visible || boxes[segment.number].empty())
            continue;
        const SegmentCrop crop = cropSegment(labels, segment.number, boxes[segment.number], SurfaceDetail::Full);
        scene.setSurface({segment.number, surfaceOf(crop), crop.labelled});
    }
    scene.setSegments(labels.segments());
    scene.resetCamera();
}

Result<QImage> sceneImage(const ViewState& state, const QSize& size)
{
    SurfaceScene scene;
    buildSurfaces(state, scene);
    auto window = EglWindow::create(size, 4);
    if (!window)
        return window.error();
    scene.attachTo((*window)->window());
    scene.beforeRender();
    Result<QImage> image = (*window)->render();
    scene.detachFrom((*window)->window());
    if (image) {
        QPainter painter(&*image);
        SliceFurniture::paintCaptions(painter, image->rect(), QGuiApplication::font(), SurfaceScene::tr("3-D"),
                                      scene.caption(state.volume().geometry().voxelVolumeMm3()));
    }
    return image;
}

// The window's own arrangement: axial large on the left; coronal, sagittal and 3-D on the right.
Result<QImage> mprImage(const ViewState& state, const QSize& size)
{
    QImage image(size, QImage::Format_RGB32);
    image.fill(QColor(0x10, 0x13, 0x16));
    QPainter painter(&image);
    const int left = (size.width() - gap) * 58 / 100, right = size.width() - gap - left;
    const int row = (size.height() - 2 * gap) / 3;
    const QRect scenePlace(left + gap, 2 * (row + gap), right, size.height() - 2 * (row + gap));
    paintPane(painter, state, Plane::Axial, {0, 0, left, size.height()});
    paintPane(painter, state, Plane::Coronal, {left + gap, 0, right, row});
    paintPane(painter, state, Plane::Sagittal, {left + gap, row + gap, right, row});
    const Result<QImage> scene = sceneImage(state, scenePlace.size());
    if (scene)
        painter.drawImage(scenePlace.topLeft(), *scene);
    else
        painter.fillRect(scenePlace, colours::scene);
    return image;
}

} // namespace

Result<QImage> renderSnapshot(const ViewState& state, SnapshotLayout layout, const QSize& size)
{
    if (state.volume().isNull() || size.width() < 16 || size.height() < 16 || size.width() > 16384 ||
        size.height() > 16384)
        return Error{ErrorCode::InvalidArgument, {}, "a snapshot needs an image and a size of 16 to 16384 pixels"};
    if (layout == SnapshotLayout::Mpr)
        return mprImage(state, size);
    if (layout == SnapshotLayout::ThreeD)
        return sceneImage(state, size);
    QImage image(size, QImage::Format_RGB32);
    QPainter painter(&image);
    paintPane(painter, state, Plane::Axial, QRect({0, 0}, size));
    painter.end();
    return image;
}

} // namespace annotomy
