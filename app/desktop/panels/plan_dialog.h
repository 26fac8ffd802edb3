#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "app/workbench/workbench.h"

class QLabel;
class QSpinBox;

namespace annotomy {

class NumberField;

// What a training would be like on these data, this machine and within a budget; and the way into it.
class PlanDialog : public JobDialog {
    Q_OBJECT

public:
    PlanDialog(CaseController& controller, FileChooser& chooser, QWidget* parent = nullptr);

    void setMinutes(int minutes);
    void showOutcome(const PlanOutcome& outcome);

Q_SIGNALS:
    void trainingWanted(const annotomy::TrainOptions& options);

protected:
    void start() override; // looks at the data, or trains once it has

private:
    void forget(); // the plan, as the budget is another now

    QSpinBox* m_minutes;
    NumberField* m_memory;
    QLabel* m_plan;
    QLabel* m_findings;
    bool m_planned = false;
};

} // namespace annotomy
