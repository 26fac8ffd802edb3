#include "viewer/egl_context.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>

#include <cstring>

namespace annotomy {

struct EglContext::Handles {
    EGLDisplay display = EGL_NO_DISPLAY;
    EGLContext context = EGL_NO_CONTEXT;

    ~Handles()
    {
        if (display == EGL_NO_DISPLAY)
            return;
        eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        if (context != EGL_NO_CONTEXT)
            eglDestroyContext(display, context);
    }
};

namespace {

EGLDisplay surfacelessDisplay()
{
    const char* extensions = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
    const auto getDisplay =
        reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
    if (!extensions || !getDisplay || !std::strstr(extensions, "EGL_MESA_platform_surfaceless"))
        return EGL_NO_DISPLAY;
    return getDisplay(EGL_PLATFORM_SURFACELESS_MESA, nullptr, nullptr);
}

EGLContext coreContext(EGLDisplay display)
{
    static constexpr EGLint wanted[] = {EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE, 0, EGL_NONE};
    static constexpr EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 2,
                                         EGL_CONTEXT_OPENGL_PROFILE_MASK, EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                         EGL_NONE};
    EGLConfig config = nullptr;
    EGLint count = 0;
    if (!eglBindAPI(EGL_OPENGL_API) || !eglChooseConfig(display, wanted, &config, 1, &count) || count < 1)
        return EGL_NO_CONTEXT;
    return eglCreateContext(display, config, EGL_NO_CONTEXT, version);
}

} // namespace

EglContext::EglContext(std::unique_ptr<Handles> handles) : m_handles(std::move(handles)) {}
EglContext::~EglContext() = default;

Result<std::unique_ptr<EglContext>> EglContext::create()
{
    auto handles = std::make_unique<Handles>();
    const EGLDisplay display = surfacelessDisplay();
    if (display == EGL_NO_DISPLAY || !eglInitialize(display, nullptr, nullptr))
        return Error{ErrorCode::Unsupported, {}, "EGL offers no surfaceless platform"};
    handles->display = display;
    handles->context = coreContext(display);
    if (handles->context == EGL_NO_CONTEXT ||
        !eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, handles->context))
        return Error{ErrorCode::Unsupported, {}, "EGL offers no OpenGL 3.2 context"};
    return std::unique_ptr<EglContext>(new EglContext(std::move(handles)));
}

void EglContext::makeCurrent()
{
    eglMakeCurrent(m_handles->display, EGL_NO_SURFACE, EGL_NO_SURFACE, m_handles->context);
}

bool EglContext::isCurrent() const
{
    return eglGetCurrentContext() == m_handles->context;
}

} // namespace annotomy
