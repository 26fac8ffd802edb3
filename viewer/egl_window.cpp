#include "viewer/egl_window.h"

#include "viewer/egl_context.h"

#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>
#include <vtkUnsignedCharArray.h>

#include <QOpenGLContext>

#include <cstring>
#include <string>

namespace annotomy {

struct EglWindow::Impl {
    std::unique_ptr<EglContext> context;
    vtkNew<vtkGenericOpenGLRenderWindow> window;
    std::string error;

    void answer(vtkObject*, unsigned long event, void* data);
    QImage read(const QSize& size);

    ~Impl()
    {
        context->makeCurrent();
        window->Finalize();
        window->RemoveAllObservers();
    }
};

// Gives VTK the context it asks for. Debian's GLEW is built for GLX and complains under EGL although its function pointers
// are right; needed until VTK loads GL without GLEW (9.4).
void EglWindow::Impl::answer(vtkObject*, unsigned long event, void* data)
{
    switch (event) {
    case vtkCommand::WindowMakeCurrentEvent: context->makeCurrent(); break;
    case vtkCommand::WindowIsCurrentEvent: *static_cast<bool*>(data) = context->isCurrent(); break;
    case vtkCommand::WindowSupportsOpenGLEvent:
    case vtkCommand::WindowIsDirectEvent: *static_cast<int*>(data) = 1; break;
    case vtkCommand::ErrorEvent:
        if (data && !std::strstr(static_cast<const char*>(data), "GLEW could not be initialized"))
            error = static_cast<const char*>(data);
        break;
    default: break;
    }
}

QImage EglWindow::Impl::read(const QSize& size)
{
    vtkNew<vtkUnsignedCharArray> pixels;
    window->GetRGBACharPixelData(0, 0, size.width() - 1, size.height() - 1, 0, pixels);
    if (pixels->GetNumberOfTuples() != vtkIdType{size.width()} * size.height())
        return {};
    const QImage bottomUp(pixels->GetPointer(0), size.width(), size.height(), QImage::Format_RGBX8888);
    return bottomUp.mirrored().convertToFormat(QImage::Format_RGB32);
}

EglWindow::EglWindow(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
EglWindow::~EglWindow() = default;

Result<std::unique_ptr<EglWindow>> EglWindow::create(const QSize& size, int samples)
{
    if (QOpenGLContext* current = QOpenGLContext::currentContext())
        current->doneCurrent();
    auto context = EglContext::create();
    if (!context)
        return context.error();
    auto impl = std::make_unique<Impl>();
    impl->context = std::move(*context);
    vtkGenericOpenGLRenderWindow& window = *impl->window;
    for (const auto event :
         {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent, vtkCommand::WindowSupportsOpenGLEvent,
          vtkCommand::WindowIsDirectEvent, vtkCommand::ErrorEvent})
        window.AddObserver(event, impl.get(), &Impl::answer);
    window.SetOwnContext(0);
    window.SetMultiSamples(samples);
    window.SetFrameBlitModeToNoBlit();
    window.SetForceMaximumHardwareLineWidth(1);
    window.SetSize(size.width(), size.height());
    window.SetReadyForRendering(true);
    window.SetMapped(1);
    window.OpenGLInitContext();
    return std::unique_ptr<EglWindow>(new EglWindow(std::move(impl)));
}

vtkRenderWindow& EglWindow::window()
{
    return *m_impl->window;
}

Result<QImage> EglWindow::render()
{
    m_impl->window->Render();
    const int* size = m_impl->window->GetSize();
    const QImage image = m_impl->read({size[0], size[1]});
    if (!image.isNull() && m_impl->error.empty())
        return image;
    return Error{ErrorCode::Unsupported, {}, "3-D rendering failed: " + m_impl->error};
}

} // namespace annotomy
