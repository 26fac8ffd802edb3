#pragma once

#include "app/desktop/case_controller.h"

#include <QFrame>

#include <vector>

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
    void offerChannels();
    void showChannel();
    void offerPresets();
    void offerHeaderWindows();
    void offer(const QString& name, const DisplayWindow& window);
    void choosePreset(int index);
    void showWindow();
    void showStyle();

    CaseController& m_controller;
    std::vector<DisplayWindow> m_offered; // as in the list, but for its last line, the user's own
    QWidget* m_channelRow;
    QComboBox* m_channel;
    QComboBox* m_preset;
    NumberField* m_centre;
    NumberField* m_width;
    ValueSlider* m_fill;
    ValueSlider* m_outline;
};

} // namespace annotomy
