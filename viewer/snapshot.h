#pragma once

#include "core/base/result.h"
#include "viewer/view_state.h"

#include <QImage>
#include <QSize>

namespace annotomy {

enum class SnapshotLayout { Mpr, Axial, ThreeD };

// Renders a case without a window: slices through the same painting code as the panes, 3-D through an EGL surfaceless
// context around VTK. Needs a QGuiApplication (platform "offscreen" is enough).
// Errors: Unsupported when 3-D has no EGL device.
Result<QImage> renderSnapshot(const ViewState& state, SnapshotLayout layout, const QSize& size);

} // namespace annotomy
