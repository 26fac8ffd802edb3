#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "storage/records.h"

class QLineEdit;

namespace annotomy {

// Adds a model of another program to the workspace: its file, and what the file itself does not say.
class ModelImportDialog : public JobDialog {
    Q_OBJECT

public:
    ModelImportDialog(CaseController& controller, FileChooser& chooser, QWidget* parent = nullptr);

    void setModelFile(const QString& path);

protected:
    void start() override;

private:
    QLineEdit* addFile(const QString& name, const QString& filter);
    void finish(const Result<ModelRecord>& model);

    QLineEdit* m_file;
    QLineEdit* m_card;
    QLineEdit* m_architecture;
    QLineEdit* m_labels;
    QLineEdit* m_name;
};

} // namespace annotomy
