#pragma once

#include "app/desktop/panels/job_dialog.h"

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace annotomy {

class ChoiceBar;
class FolderField;

// Writes the approved cases as a data set in one of the layouts that trainers read.
class DatasetDialog : public JobDialog {
    Q_OBJECT

public:
    DatasetDialog(CaseController& controller, FileChooser& chooser, QWidget* parent = nullptr);

    void setLayoutName(const QString& layout); // "nnunet", "msd", "coco", "bids"
    void setFolder(const QString& folder);
    void setModality(const QString& modality); // empty: all
    DatasetExportOptions options() const;
    QString countsText() const;

protected:
    void start() override;

private:
    void buildChoices();
    void readApproved();
    void showChoices();
    void showCounts();
    void showReport(const DatasetExportReport& report);

    QComboBox* m_layout;
    QLabel* m_about;
    QComboBox* m_modality;
    QLabel* m_counts;
    QLineEdit* m_name;
    QWidget* m_planeRow;
    ChoiceBar* m_plane;
    QWidget* m_suffixRow;
    QLineEdit* m_suffix;
    QCheckBox* m_flatten;
    FolderField* m_folder;
    std::vector<CaseRow> m_approved;
    bool m_read = false; // m_approved is known
};

} // namespace annotomy
