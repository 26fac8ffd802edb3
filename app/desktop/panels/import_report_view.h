#pragma once

#include "app/workbench/workbench.h"

#include <QWidget>

class QLabel;
class QModelIndex;
class QTreeView;

namespace annotomy {

class ImportReportModel;

// The report of an import: one sentence of counts, then every line with its reason.
class ImportReportView : public QWidget {
    Q_OBJECT

public:
    explicit ImportReportView(QWidget* parent = nullptr);
    void setReport(const ImportReport& report);
    ImportReportModel& model() { return *m_model; }

Q_SIGNALS:
    void caseChosen(annotomy::CaseId id); // a case's line was clicked

private:
    void choose(const QModelIndex& index);

    ImportReportModel* m_model;
    QLabel* m_summary;
    QTreeView* m_list;
};

} // namespace annotomy
