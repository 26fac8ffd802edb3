#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "app/workbench/workbench.h"

class QCheckBox;

namespace annotomy {

class ModelChoice;

// A proposal by chosen models for the open case, with its maps if they are wanted.
class ProposeDialog : public JobDialog {
    Q_OBJECT

public:
    ProposeDialog(CaseController& controller, FileChooser& chooser, QWidget* parent = nullptr);

    ModelChoice& models() { return *m_models; }
    void setMaps(bool probabilities, bool uncertainty);

protected:
    void start() override;

private:
    QString mapPath(const QString& what) const;
    void finish(const Result<std::vector<Proposal>>& proposals, const ProposeOptions& options);

    CaseId m_id;
    ModelChoice* m_models;
    QCheckBox* m_probabilities;
    QCheckBox* m_uncertainty;
};

} // namespace annotomy
