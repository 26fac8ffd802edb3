#pragma once

#include "viewer/surface_scene.h"

#include <QOpenGLWindow>

#include <vtkSmartPointer.h>

class vtkGenericOpenGLRenderWindow;
class vtkObject;

namespace annotomy {

// Shows a SurfaceScene in a native OpenGL window of its own, so that the top-level window stays on the raster backing
// store. VTK renders into its own framebuffer and is blitted here. GUI thread.
class SceneWindow : public QOpenGLWindow {
    Q_OBJECT

public:
    explicit SceneWindow(std::shared_ptr<SurfaceScene> scene);
    ~SceneWindow() override;

    // False where this platform offers no OpenGL 3.2 (as "offscreen" does).
    static bool isSupported();
    QImage grabScene(); // rendered anew: what was swapped to the screen cannot be read back

protected:
    void initializeGL() override;
    void resizeGL(int width, int height) override;
    void paintGL() override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void answerVtk(vtkObject* caller, unsigned long event, void* data);
    void releaseGraphics();
    void blit();

    std::shared_ptr<SurfaceScene> m_scene;
    vtkSmartPointer<vtkGenericOpenGLRenderWindow> m_window;
    QPointF m_last;
    bool m_painting = false;
};

} // namespace annotomy
