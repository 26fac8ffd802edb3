#pragma once

#include "core/base/result.h"

#include <memory>

namespace annotomy {

// An OpenGL 3.2 core context without any display: EGL on Mesa's surfaceless platform. Current on the thread that
// made it, until destroyed.
class EglContext {
public:
    static Result<std::unique_ptr<EglContext>> create(); // Unsupported when the system offers none
    ~EglContext();

    void makeCurrent();
    bool isCurrent() const;

private:
    struct Handles;
    explicit EglContext(std::unique_ptr<Handles> handles);
    std::unique_ptr<Handles> m_handles;
};

} // namespace annotomy
