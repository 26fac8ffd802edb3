#include "viewer/scene_snapshot.h"

#include "viewer/egl_context.h"

#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>
#include <vtkUnsignedCharArray.h>

#include <QOpenGLContext>

#include <cstring>

namespace annotomy {

namespace {

// Gives VTK the context it asks for. Debian's GLEW is built for GLX and complains under EGL although its function pointers
// are right; needed until VTK loads GL without GLEW (9.4).
class EglHost {
public:
    explicit EglHost(EglContext& context) : m_context(context) {}

    void answer(vtkObject*, unsigned long event, void* data)
    {
        switch (event) {
        case vtkCommand::WindowMakeCurrentEvent: m_context.makeCurrent(); break;
        case vtkCommand::WindowIsCurrentEvent: *static_cast<bool*>(data) = m_context.isCurrent(); break;
        case vtkCommand::WindowSupportsOpenGLEvent:
        case vtkCommand::WindowIsDirectEvent: *static_cast<int*>(data) = 1; break;
        case vtkCommand::ErrorEvent:
            if (!std::strstr(static_cast<const char*>(data), "GLEW could not be initialized"))
                m_error = static_cast<const char*>(data);
            break;
        default: break;
        }
    }

    const std::string& error() const { return m_error; }

private:
    EglContext& m_context;
    std::string m_error;
};

QImage readImage(vtkGenericOpenGLRenderWindow& window, const QSize& size)
{
    vtkNew<vtkUnsignedCharArray> pixels;
    window.GetRGBACharPixelData(0, 0, size.width() - 1, size.height() - 1, 0, pixels);
    if (pixels->GetNumberOfTuples() != vtkIdType{size.width()} * size.height())
        return {};
    const QImage bottomUp(pixels->GetPointer(0), size.width(), size.height(), QImage::Format_RGBX8888);
    return bottomUp.mirrored().convertToFormat(QImage::Format_RGB32);
}

} // namespace

Result<QImage> renderScene(SurfaceScene& scene, const QSize& size)
{
    if (QOpenGLContext* current = QOpenGLContext::currentContext())
        current->doneCurrent();
    auto context = EglContext::create();
    if (!context)
        return context.error();
    EglHost host(**context);
    vtkNew<vtkGenericOpenGLRenderWindow> window;
    for (const auto event :
         {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent, vtkCommand::WindowSupportsOpenGLEvent,
          vtkCommand::WindowIsDirectEvent, vtkCommand::ErrorEvent})
        window->AddObserver(event, &host, &EglHost::answer);
    window->SetOwnContext(0);
    window->SetMultiSamples(4);
    window->SetFrameBlitModeToNoBlit();
    window->SetForceMaximumHardwareLineWidth(1);
    window->SetSize(size.width(), size.height());
    window->SetReadyForRendering(true);
    window->SetMapped(1);
    window->OpenGLInitContext();
    scene.attachTo(*window);
    scene.beforeRender();
    window->Render();
    const QImage image = readImage(*window, size);
    scene.detachFrom(*window);
    window->Finalize();
    window->RemoveAllObservers();
    if (!image.isNull() && host.error().empty())
        return image;
    return Error{ErrorCode::Unsupported, {}, "3-D rendering failed: " + host.error()};
}

} // namespace annotomy
