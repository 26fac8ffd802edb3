#pragma once

#include "storage/records.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace annotomy {

class CaseController;
class FileChooser;
class ModelListModel;

FileChooser& systemFileChooser();

// Every model of the workspace with its descent and figures; making one current, or going back to the former
// one, is somebody's decision and carries a reason.
class ModelsDialog : public QDialog {
    Q_OBJECT

public:
    explicit ModelsDialog(CaseController& controller, QWidget* parent = nullptr, FileChooser& chooser = systemFileChooser());

    ModelListModel& model() { return *m_model; }
    void select(ModelId id);

private:
    QLayout* buildTransfers();
    QLayout* buildActions();
    void refresh();
    void showChosen();
    void promote(ModelId id);
    const ModelRecord* chosen() const;

    CaseController& m_controller;
    FileChooser& m_chooser;
    ModelListModel* m_model;
    QTableView* m_table;
    QLabel* m_gate;
    QLineEdit* m_reason;
    QPushButton* m_promote;
    QPushButton* m_export;
    QPushButton* m_rollBack;
};

} // namespace annotomy
