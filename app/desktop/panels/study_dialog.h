#pragma once

#include <QDialog>

class QTreeWidget;

namespace annotomy {

class CaseController;

// About this study: what is known of each of the open case's images, and what is odd about it, with the files concerned.
class StudyDialog : public QDialog {
    Q_OBJECT

public:
    explicit StudyDialog(CaseController& controller, QWidget* parent = nullptr);

    QTreeWidget& list() { return *m_list; }

private:
    void copy();

    QTreeWidget* m_list;
};

} // namespace annotomy
