#pragma once

#include "viewer/tool.h"
#include "viewer/view_state.h"

#include <QImage>
#include <QWidget>

#include <memory>

namespace annotomy {

// One plane of the case: image, segments, crosshair, orientation letters, scale bar, texts. Mouse: left = the tool (or the
// crosshair without one), wheel = slices, Ctrl+wheel = zoom at the pointer, Shift+wheel = brush size (brushSizeStep),
// middle drag or Space + left = pan, right drag = window centre and width, Shift+left = crosshair with any tool. Keys: arrows and
// Page Up/Down = slices, Home/End = first and last, F = fit, R = reset window and fit, Escape = drop the stroke. Repaints only what changed. GUI thread.
class SlicePane : public QWidget {
    Q_OBJECT

public:
    SlicePane(Plane plane, ViewState* state, QWidget* parent = nullptr);
    ~SlicePane() override;

    Plane plane() const { return m_plane; }
    void setTool(Tool* tool); // not owned; null: left drag moves the crosshair
    void fit();
    void stepSlice(int delta);
    double zoom() const; // screen pixels per mm
    QPointF screenFromIndex(const Vec3& index) const; // where a voxel centre lies in the pane, logical pixels

    QSize sizeHint() const override { return {512, 512}; }

Q_SIGNALS:
    void pointerMoved(const annotomy::Index3& index); // the voxel under the pointer
    void pointerLeft();
    void slicePainted(int axis, int slice); // of the grid, 0 to 2 for i, j, k: the reader sees it; also after a new heat map
    void brushSizeStep(int steps); // Shift+wheel
    void maximiseRequested();      // double click on the title

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Impl;
    Plane m_plane;
    std::unique_ptr<Impl> m_impl;
};

} // namespace annotomy
