#pragma once

#include "app/desktop/case_controller.h"

#include <QFrame>

class QComboBox;

namespace annotomy {

class NumberField;
class ValueSlider;

// The card "Display": window by preset or typed value, opacity and outline of the segments.
class DisplayPanel : public QFrame {
    Q_OBJECT

public:
    explicit DisplayPanel(CaseController& controller, QWidget* parent = nullptr);

private:
    void offerPresets();
    void choosePreset(int index);
    void showWindow();
    void showStyle();

    CaseController& m_controller;
    DisplayWindow m_firstWindow; // the one the image was opened with
    QComboBox* m_preset;
    NumberField* m_centre;
    NumberField* m_width;
    ValueSlider* m_fill;
    ValueSlider* m_outline;
};

} // namespace annotomy
