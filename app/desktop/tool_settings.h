#pragma once

#include "core/edit/document.h"
#include "viewer/tool.h"

#include <QObject>
#include <QString>

#include <optional>

namespace annotomy {

enum class ToolKind { Crosshair, Brush, Eraser, Fill, Threshold };

QString toolName(ToolKind kind); // in the current language
inline constexpr ToolKind allTools[] = {ToolKind::Crosshair, ToolKind::Brush, ToolKind::Eraser,
                                        ToolKind::Fill, ToolKind::Threshold};

enum class FillReach { Slice, Volume };

// What the hand holds: the tool and its options. Panels write it, tools read it. GUI thread.
class ToolSettings : public QObject {
    Q_OBJECT

public:
    static constexpr double minimumDiameterMm = 0.5;
    static constexpr double maximumDiameterMm = 150;

    explicit ToolSettings(QObject* parent = nullptr);

    ToolKind tool() const { return m_tool; }
    void setTool(ToolKind tool);

    const BrushOptions& brush() const { return m_brush; }
    void setShape(BrushShape shape);
    void setDiameterMm(double diameter); // clamped, rounded to 0.5 mm
    void stepDiameter(int steps);        // about a tenth of the diameter per step, at least 0.5 mm

    const Masking& masking() const { return m_masking; }
    void setPaintOver(PaintOver rule);
    void setOnlyValues(const std::optional<ValueRange>& range);

    const ValueRange& threshold() const { return m_threshold; }
    void setThreshold(const ValueRange& range); // min and max are put in order
    // Of the open image, as far as known.
    const std::optional<ValueRange>& valueLimits() const { return m_valueLimits; }
    void setValueLimits(const ValueRange& limits);
    double fillTolerance() const { return m_fillTolerance; }
    void setFillTolerance(double tolerance);
    FillReach reach() const { return m_reach; } // of fill and threshold
    void setReach(FillReach reach);

    void takeFrom(const ToolSettings& other); // everything

    // Values that suit a new image: threshold and fill tolerance from its window; its limits are unknown
    // again.
    void suit(const DisplayWindow& window);

Q_SIGNALS:
    void toolChanged(annotomy::ToolKind tool);
    void changed();

private:
    ToolKind m_tool = ToolKind::Crosshair;
    BrushOptions m_brush;
    Masking m_masking;
    ValueRange m_threshold;
    std::optional<ValueRange> m_valueLimits;
    double m_fillTolerance = 50;
    FillReach m_reach = FillReach::Slice;
};

} // namespace annotomy
