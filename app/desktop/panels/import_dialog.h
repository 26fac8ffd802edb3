#pragma once

#include "app/desktop/panels/job_dialog.h"

class QComboBox;
class QLineEdit;
class QStackedWidget;
class QVBoxLayout;

namespace annotomy {

class ChoiceBar;
class FolderField;
class ImportReportView;
class PathList;

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
    void setChannel(const QString& name);
    void setLayoutName(const QString& layout); // of a data set: "nnunet", "msd", "bids", "lidc"; empty: plain studies and images
    void showReport(const ImportReport& report);

protected:
    void start() override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* buildQuestions();
    void buildChoices(QVBoxLayout* column);
    QString layoutName() const;
    void showKind();
    void importStudies();
    void importDataset();
    void finish(const Result<ImportReport>& report, const QStringList& notes);
    void showAllowed();

    QStackedWidget* m_pages;
    PathList* m_paths;
    QLabel* m_hint;
    QComboBox* m_kind;
    ChoiceBar* m_keep;
    QWidget* m_irregularRow;
    ChoiceBar* m_irregular;
    QWidget* m_channelRow;
    QLineEdit* m_channel;
    FolderField* m_masks;
    ImportReportView* m_report;
    bool m_reported = false;
};

} // namespace annotomy
