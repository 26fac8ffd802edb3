#pragma once

#include <QFrame>

class QComboBox;
class QLabel;
class QPushButton;

namespace annotomy {

class CaseController;
class CaseMaps;
class ElidedLabel;
class HeatLegend;
class ThinBar;

// Stands over the panes while a map of what the model is unsure of, or looks at, is at hand: the tour through the suspicious
// regions, how much of them was looked at, which map lies over the slices and what its colours mean. Shows and hides itself.
class SuspicionBar : public QFrame {
    Q_OBJECT

public:
    explicit SuspicionBar(CaseController& controller, QWidget* parent = nullptr);

private:
    void refresh();
    void refreshTour();
    void refreshMaps();
    void chooseMap(int index);

    CaseMaps& m_maps;
    QLabel* m_place;
    ElidedLabel* m_what;
    QLabel* m_looked;
    ThinBar* m_coverage;
    QPushButton* m_previous;
    QPushButton* m_next;
    QComboBox* m_map;
    HeatLegend* m_legend;
};

} // namespace annotomy
