#include "app/desktop/tool_settings.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace annotomy {

QString toolName(ToolKind kind)
{
    switch (kind) {
    case ToolKind::Crosshair:
        return QCoreApplication::translate("Tools", "Crosshair");
    case ToolKind::Brush:
        return QCoreApplication::translate("Tools", "Brush");
    case ToolKind::Eraser:
        return QCoreApplication::translate("Tools", "Erase");
    case ToolKind::Fill:
        return QCoreApplication::translate("Tools", "Fill");
    case ToolKind::Threshold:
        break;
    }
    return QCoreApplication::translate("Tools", "Threshold");
}

ToolSettings::ToolSettings(QObject* parent) : QObject(parent) {}

void ToolSettings::setTool(ToolKind tool)
{
    if (tool == m_tool)
        return;
    m_tool = tool;
    Q_EMIT toolChanged(tool);
}

void ToolSettings::setShape(BrushShape shape)
{
    m_brush.shape = shape;
    Q_EMIT changed();
}

void ToolSettings::setDiameterMm(double diameter)
{
    const double rounded = std::round(diameter * 2) / 2;
    const double clamped = std::clamp(rounded, minimumDiameterMm, maximumDiameterMm);
    if (clamped == m_brush.diameterMm)
        return;
    m_brush.diameterMm = clamped;
    Q_EMIT changed();
}

void ToolSettings::stepDiameter(int steps)
{
    const double step = std::max(0.5, std::round(m_brush.diameterMm * 0.2) / 2);
    setDiameterMm(m_brush.diameterMm + steps * step);
}

void ToolSettings::setPaintOver(PaintOver rule)
{
    m_masking.paintOver = rule;
    Q_EMIT changed();
}

void ToolSettings::setOnlyValues(const std::optional<ValueRange>& range)
{
    m_masking.onlyValues = range;
    Q_EMIT changed();
}

void ToolSettings::setThreshold(const ValueRange& range)
{
    m_threshold = {std::min(range.min, range.max), std::max(range.min, range.max)};
    Q_EMIT changed();
}

void ToolSettings::setValueLimits(const ValueRange& limits)
{
    m_valueLimits = limits;
    Q_EMIT changed();
}

void ToolSettings::setFillTolerance(double tolerance)
{
    m_fillTolerance = std::max(0.0, tolerance);
    Q_EMIT changed();
}

void ToolSettings::setReach(FillReach reach)
{
    m_reach = reach;
    Q_EMIT changed();
}

void ToolSettings::takeFrom(const ToolSettings& other)
{
    m_brush = other.m_brush;
    m_masking = other.m_masking;
    m_threshold = other.m_threshold;
    m_valueLimits = other.m_valueLimits;
    m_fillTolerance = other.m_fillTolerance;
    m_reach = other.m_reach;
    Q_EMIT changed();
    setTool(other.m_tool);
}

void ToolSettings::suit(const DisplayWindow& window)
{
    m_fillTolerance = std::max(1.0, std::round(window.width / 10));
    m_masking.onlyValues.reset();
    m_valueLimits.reset();
    setThreshold({window.centre, window.centre + window.width / 2});
}

} // namespace annotomy
