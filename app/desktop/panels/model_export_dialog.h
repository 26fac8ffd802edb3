#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "storage/records.h"

namespace annotomy {

class SaveFileField;

// Writes a model as one file that PyTorch and other workspaces open.
class ModelExportDialog : public JobDialog {
    Q_OBJECT

public:
    ModelExportDialog(CaseController& controller, FileChooser& chooser, const ModelRecord& model, QWidget* parent = nullptr);

    QString path() const;
    void setPath(const QString& path);

protected:
    void start() override;

private:
    ModelId m_id;
    SaveFileField* m_file;
};

} // namespace annotomy
