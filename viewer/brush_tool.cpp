#include "viewer/brush_tool.h"

#include "core/edit/brush.h"

namespace annotomy {

BrushTool::BrushTool(EditSink& sink, const VolumeGeometry& geometry, EditAction action)
    : m_sink(sink), m_geometry(geometry), m_action(action)
{
}

void BrushTool::press(const SlicePoint& point)
{
    if (m_active)
        cancel();
    EditAction action = m_action;
    if (point.modifiers & Qt::ControlModifier)
        action = m_action == EditAction::Paint ? EditAction::Erase : EditAction::Paint;
    m_active = m_sink.beginStroke(action == EditAction::Paint ? "brush" : "erase", action);
    m_last = point;
    sweep(point, point);
}

void BrushTool::move(const SlicePoint& point)
{
    sweep(m_last, point);
    m_last = point;
}

void BrushTool::release(const SlicePoint& point)
{
    if (!m_active)
        return;
    if (point.patient != m_last.patient)
        sweep(m_last, point);
    if (m_active)
        m_sink.endStroke();
    m_active = false;
}

void BrushTool::cancel()
{
    if (m_active)
        m_sink.cancelStroke();
    m_active = false;
}

// False once the sink has refused: the gesture is over and what it painted is taken back.
bool BrushTool::sweep(const SlicePoint& from, const SlicePoint& to)
{
    if (!m_active)
        return false;
    const double radius = 0.5 * m_options.diameterMm;
    const VoxelSelection selection = m_options.shape == BrushShape::Ball
                                         ? sweptBall(m_geometry, from.patient, to.patient, radius)
                                         : sweptDisc(m_geometry, from.patient, to.patient, radius, to.normal);
    if (selection.empty() || m_sink.continueStroke(selection))
        return true;
    cancel();
    return false;
}

} // namespace annotomy
