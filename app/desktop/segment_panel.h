#pragma once

#include "app/desktop/case_controller.h"

#include <QFrame>

class QLabel;
class QTableView;
class QToolButton;

namespace annotomy {

class SegmentModel;
class SegmentVolumes;

// The card "Segments": choose what is painted, name it, colour it, hide it, lock it.
class SegmentPanel : public QFrame {
    Q_OBJECT

public:
    explicit SegmentPanel(CaseController& controller, QWidget* parent = nullptr);

    void selectRow(int row); // the active segment; nothing happens beyond the last row
    void addSegment();
    void removeActive();
    void chooseCodes(); // of the active segment
    void renameActive();
    SegmentModel& model() { return *m_model; }

private:
    void buildLayout();
    void showMenu(const QPoint& position);
    void cellClicked(const QModelIndex& index);
    void showActive();
    void fitHeight();

    CaseController& m_controller;
    SegmentVolumes* m_volumes;
    SegmentModel* m_model;
    QTableView* m_table;
    QLabel* m_hint;
    QToolButton* m_add;
    QToolButton* m_remove;
};

} // namespace annotomy
