#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "core/privacy/deidentification.h"

class QCheckBox;
class QPlainTextEdit;

namespace annotomy {

class ChoiceBar;
class FolderField;
class PathList;

// Writes DICOM files and folders without what tells whose they are: the profile's options, a job, and the report.
class DeidentifyDialog : public JobDialog {
    Q_OBJECT

public:
    DeidentifyDialog(CaseController& controller, FileChooser& chooser, QWidget* parent = nullptr);

    void addPaths(const QStringList& paths);
    void setFolder(const QString& folder);
    DeidentificationOptions options() const;

protected:
    void start() override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildOptions();
    void showAllowed();
    void showReport(const DeidentificationReport& report, const QString& folder);

    PathList* m_paths;
    ChoiceBar* m_dates;
    QCheckBox* m_uids;
    QCheckBox* m_device;
    QCheckBox* m_institution;
    QCheckBox* m_characteristics;
    QCheckBox* m_descriptors;
    FolderField* m_folder;
    QWidget* m_questions;
    QPlainTextEdit* m_report;
};

// What a report says, a sentence a line: what was refused and what is to be looked at. Lines that repeat are counted.
QStringList deidentificationLines(const DeidentificationReport& report);

} // namespace annotomy
