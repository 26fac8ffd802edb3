#include "viewer/scene_window.h"

#include <QGuiApplication>
#include <QMouseEvent>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLExtraFunctions>
#include <QScopedValueRollback>
#include <QWheelEvent>

#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr double degreesPerView = 240; // a drag across the window's height

QSurfaceFormat sceneFormat()
{
    QSurfaceFormat format;
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setDepthBufferSize(24);
    format.setStencilBufferSize(8);
    format.setSamples(0);
    return format;
}

} // namespace

bool SceneWindow::isSupported()
{
    static const bool supported = [] {
        const QString platform = QGuiApplication::platformName();
        if (platform == QLatin1String("offscreen") || platform == QLatin1String("minimal"))
            return false;
        QOffscreenSurface surface;
        surface.setFormat(sceneFormat());
        surface.create();
        QOpenGLContext context;
        context.setFormat(sceneFormat());
        if (!context.create() || !context.makeCurrent(&surface))
            return false;
        const auto version = context.format().version();
        context.doneCurrent();
        return version >= qMakePair(3, 2);
    }();
    return supported;
}

SceneWindow::SceneWindow(std::shared_ptr<SurfaceScene> scene)
    : QOpenGLWindow(NoPartialUpdate), m_scene(std::move(scene)),
      m_window(vtkSmartPointer<vtkGenericOpenGLRenderWindow>::New())
{
    setFormat(sceneFormat());
    setFlag(Qt::WindowDoesNotAcceptFocus); // keys stay with the main window
    m_window->SetReadyForRendering(false);
    m_window->SetOwnContext(0);
    m_window->SetMultiSamples(0);
    m_window->SetFrameBlitModeToNoBlit();
    for (const auto event : {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent,
                             vtkCommand::WindowFrameEvent, vtkCommand::WindowSupportsOpenGLEvent,
                             vtkCommand::WindowIsDirectEvent})
        m_window->AddObserver(event, this, &SceneWindow::answerVtk);
    m_scene->attachTo(*m_window);
}

SceneWindow::~SceneWindow()
{
    makeCurrent();
    m_scene->detachFrom(*m_window);
    releaseGraphics();
    doneCurrent();
    m_window->RemoveAllObservers();
}

void SceneWindow::releaseGraphics()
{
    if (!m_window->GetReadyForRendering())
        return;
    m_window->Finalize();
    m_window->SetReadyForRendering(false);
}

// Called again when the window moves to another top-level and gets a new context.
void SceneWindow::initializeGL()
{
    connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, [this] {
        makeCurrent();
        releaseGraphics();
        doneCurrent();
    });
    m_window->SetForceMaximumHardwareLineWidth(1);
    m_window->SetReadyForRendering(true);
    m_window->SetMapped(1);
    m_window->OpenGLInitContext();
    resizeGL(width(), height());
}

void SceneWindow::resizeGL(int width, int height)
{
    const double ratio = devicePixelRatio();
    m_window->SetSize(std::max(1, qRound(width * ratio)), std::max(1, qRound(height * ratio)));
}

void SceneWindow::paintGL()
{
    if (m_painting || !m_window->GetReadyForRendering())
        return;
    const QScopedValueRollback<bool> guard(m_painting, true);
    resizeGL(width(), height()); // also when only the pixel ratio changed
    vtkOpenGLState& glState = *m_window->GetState();
    glState.Reset(); // Qt changes GL behind VTK's cache
    glState.vtkglDepthFunc(GL_LEQUAL);
    m_scene->beforeRender();
    m_window->Render();
    blit();
}

QImage SceneWindow::grabScene()
{
    if (!isValid())
        return {};
    makeCurrent();
    paintGL();
    const QImage image = grabFramebuffer();
    doneCurrent();
    return image;
}

void SceneWindow::blit()
{
    QOpenGLExtraFunctions& gl = *context()->extraFunctions();
    const GLuint target = defaultFramebufferObject();
    const GLenum buffer = target ? GL_COLOR_ATTACHMENT0 : GL_BACK;
    gl.glBindFramebuffer(GL_DRAW_FRAMEBUFFER, target);
    gl.glDrawBuffers(1, &buffer);
    gl.glDisable(GL_SCISSOR_TEST);
    const int* size = m_window->GetRenderFramebuffer()->GetLastSize();
    m_window->BlitDisplayFramebuffer(0, 0, 0, size[0], size[1], 0, 0, size[0], size[1], GL_COLOR_BUFFER_BIT,
                                     GL_NEAREST);
    gl.glBindFramebuffer(GL_FRAMEBUFFER, target);
}

void SceneWindow::answerVtk(vtkObject*, unsigned long event, void* data)
{
    QOpenGLContext* own = context();
    switch (event) {
    case vtkCommand::WindowMakeCurrentEvent:
        if (own && QOpenGLContext::currentContext() != own)
            own->makeCurrent(this);
        break;
    case vtkCommand::WindowIsCurrentEvent:
        *static_cast<bool*>(data) = own && QOpenGLContext::currentContext() == own;
        break;
    case vtkCommand::WindowSupportsOpenGLEvent:
    case vtkCommand::WindowIsDirectEvent: *static_cast<int*>(data) = 1; break;
    default:
        if (!m_painting)
            update();
        break;
    }
}

void SceneWindow::mousePressEvent(QMouseEvent* event)
{
    m_last = event->position();
}

void SceneWindow::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF delta = event->position() - m_last;
    m_last = event->position();
    const double view = std::max(1, height());
    const bool left = event->buttons() & Qt::LeftButton, middle = event->buttons() & Qt::MiddleButton;
    if (middle || (left && (event->modifiers() & Qt::ShiftModifier)))
        m_scene->pan(delta.x() / view, -delta.y() / view);
    else if (left)
        m_scene->rotate(degreesPerView * delta.x() / view, degreesPerView * delta.y() / view);
    else if (event->buttons() & Qt::RightButton)
        m_scene->zoom(std::exp(-2 * delta.y() / view));
    else
        return;
    update();
}

void SceneWindow::mouseDoubleClickEvent(QMouseEvent*)
{
    m_scene->resetCamera();
    update();
}

void SceneWindow::wheelEvent(QWheelEvent* event)
{
    m_scene->zoom(std::pow(1.15, event->angleDelta().y() / 120.0));
    update();
}

} // namespace annotomy
