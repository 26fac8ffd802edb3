#pragma once

#include "core/base/result.h"
#include "viewer/surface_scene.h"

#include <QImage>
#include <QSize>

namespace annotomy {

// Renders a scene without a display. Errors: Unsupported when there is no EGL device.
Result<QImage> renderScene(SurfaceScene& scene, const QSize& size);

} // namespace annotomy
