#pragma once

#include "app/desktop/panels/job_dialog.h"

class QLineEdit;
class QListWidget;
class QStackedWidget;

namespace annotomy {

class ChoiceBar;
class ImportReportView;

// Chooses folders and files to import, imports them in a job, and shows the report.
class ImportDialog : public JobDialog {
    Q_OBJECT

public:
    ImportDialog(CaseController& controller, FileChooser& chooser, QWidget* parent = nullptr);
    explicit ImportDialog(CaseController& controller,
                          QWidget* parent = nullptr); // with the system's file dialogs

    void addPaths(const QStringList& paths); // duplicates are left out
    QStringList paths() const;
    ImportOptions options() const;
    void showReport(const ImportReport& report);

protected:
    void start() override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* buildQuestions();
    QLayout* buildPathButtons();
    void showAllowed();

    QStackedWidget* m_pages;
    QListWidget* m_paths;
    ChoiceBar* m_keep;
    QLineEdit* m_masks;
    ImportReportView* m_report;
    bool m_reported = false;
};

} // namespace annotomy
