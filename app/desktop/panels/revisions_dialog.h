#pragma once

#include "storage/records.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTableView;

namespace annotomy {

class CaseController;
class FileChooser;
class RevisionListModel;

// Every revision of a case: go back to one, compare with it, export it. Reverting and comparing need the case
// open.
class RevisionsDialog : public QDialog {
    Q_OBJECT

public:
    RevisionsDialog(CaseController& controller, FileChooser& chooser, CaseId id, QWidget* parent = nullptr);

    RevisionListModel& model() { return *m_model; }
    void select(RevisionId revision);

private:
    void buildButtons();
    void refresh();
    void showAllowed();
    const RevisionRecord* chosen() const;

    CaseController& m_controller;
    FileChooser& m_chooser;
    CaseId m_id;
    QString m_patient;
    RevisionListModel* m_model;
    QTableView* m_table;
    QLabel* m_hint;
    QPushButton* m_revert;
    QPushButton* m_compare;
    QPushButton* m_export;
};

} // namespace annotomy
