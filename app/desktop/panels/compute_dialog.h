#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "core/learn/compute_report.h"

class QGridLayout;

namespace annotomy {

// What models are computed with: device, driver, memory, speed, and why no GPU is used; with a self-test.
class ComputeDialog : public JobDialog {
    Q_OBJECT

public:
    ComputeDialog(CaseController& controller, FileChooser& chooser, QWidget* parent = nullptr); // asks the worker at once

    void show(const ComputeReport& report);

protected:
    void start() override; // the self-test

private:
    void ask(bool selfTest);

    QWidget* m_table;
    QGridLayout* m_facts;
};

} // namespace annotomy
