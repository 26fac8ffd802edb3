#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "app/workbench/workbench.h"

namespace annotomy {

class ChoiceBar;
class FolderField;
class ModelChoice;

// Every metric of a model, or of several as one, on the approved cases of a pool, as a report in a folder.
class EvaluationDialog : public JobDialog {
    Q_OBJECT

public:
    EvaluationDialog(CaseController& controller, FileChooser& chooser, QWidget* parent = nullptr);

    ModelChoice& models() { return *m_models; }
    void setFolder(const QString& folder);
    void setPool(Pool pool);

protected:
    void start() override;

private:
    Pool pool() const;
    void finish(const Result<int>& cases, const QString& folder);

    ModelChoice* m_models;
    ChoiceBar* m_pool;
    FolderField* m_folder;
    QPushButton* m_open;
};

} // namespace annotomy
