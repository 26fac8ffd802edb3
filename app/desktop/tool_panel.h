#pragma once

#include "app/desktop/tool_settings.h"

#include <QFrame>

class QCheckBox;
class QLabel;
class QPushButton;

namespace annotomy {

class NumberField;
class RangeSlider;
class SegmentedControl;
class ValueSlider;

// The card of the active tool: only the options that this tool has.
class ToolPanel : public QFrame {
    Q_OBJECT

public:
    explicit ToolPanel(ToolSettings& settings, QWidget* parent = nullptr);

    void setValueUnit(const QString& unit, const ValueRange& values); // of the open image

Q_SIGNALS:
    void thresholdRequested();

private:
    void buildBrushRows();
    void buildMaskingRows();
    void buildRegionRows();
    void showTool();
    void showValues();
    void writeOnlyValues();

    ToolSettings& m_settings;
    QLabel* m_title;
    QLabel* m_hint;
    SegmentedControl* m_shape;
    ValueSlider* m_diameterSlider;
    NumberField* m_diameter;
    SegmentedControl* m_paintOver;
    QCheckBox* m_onlyValues;
    NumberField *m_onlyMin, *m_onlyMax;
    NumberField *m_thresholdMin, *m_thresholdMax;
    RangeSlider* m_thresholdSlider;
    NumberField* m_tolerance;
    SegmentedControl* m_reach;
    QPushButton* m_apply;
    QWidget *m_shapeRow, *m_diameterRow, *m_paintOverRow, *m_onlyRow, *m_thresholdRow, *m_toleranceRow,
        *m_reachRow;
};

} // namespace annotomy
