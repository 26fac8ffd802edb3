#pragma once

#include "viewer/view_state.h"

#include <QImage>
#include <QWidget>

#include <memory>

namespace annotomy {

// The segments' surfaces in 3-D. VTK in a native child window, made on first show and only where OpenGL works; without it the
// pane says so. Surfaces are extracted off the GUI thread, at half resolution while painting goes on and in full
// when it rests. Left drag rotates, middle drag pans, wheel zooms, double click resets.
class SurfacePane : public QWidget {
    Q_OBJECT

public:
    explicit SurfacePane(ViewState* state, QWidget* parent = nullptr);
    ~SurfacePane() override;

    void resetCamera();
    bool busy() const;      // surfaces are being computed
    QImage grabScene();     // what the 3-D window shows (QWidget::grab() cannot see it)

Q_SIGNALS:
    void sceneReady(); // all visible segments are shown as they are

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace annotomy
