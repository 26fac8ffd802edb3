#pragma once

#include "core/base/result.h"

#include <QImage>
#include <QSize>

#include <memory>

class vtkRenderWindow;

namespace annotomy {

// A VTK render window without any display. One thread; its context is current while it lives.
class EglWindow {
public:
    // Errors: Unsupported when the system offers no surfaceless OpenGL.
    static Result<std::unique_ptr<EglWindow>> create(const QSize& size, int samples);
    ~EglWindow();

    vtkRenderWindow& window();
    Result<QImage> render();

private:
    struct Impl;
    explicit EglWindow(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace annotomy
