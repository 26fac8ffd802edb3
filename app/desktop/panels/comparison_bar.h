#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace annotomy {

class CaseController;

// Stands over the panes while the mask is compared with an older revision: with which one, what the two
// colours say, and how to end it. Shows and hides itself; a proposal has its own bar.
class ComparisonBar : public QFrame {
    Q_OBJECT

public:
    explicit ComparisonBar(CaseController& controller, QWidget* parent = nullptr);

private:
    void refresh();

    CaseController& m_controller;
    QLabel* m_with;
};

} // namespace annotomy
