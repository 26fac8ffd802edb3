#include "app/desktop/panels/compute_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/compute_facts.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"
#include "app/workbench/compute.h"

#include <QGridLayout>
#include <QVBoxLayout>

namespace annotomy {

ComputeDialog::ComputeDialog(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_table(new QWidget(this)), m_facts(new QGridLayout(m_table))
{
    setWindowTitle(tr("Compute"));
    setMinimumWidth(560);
    auto* hint = makeLabel(tr("What models learn and run with on this machine."), "secondary", this);
    hint->setWordWrap(true);
    body()->addWidget(hint);
    m_facts->setContentsMargins(0, 0, 0, 0);
    m_facts->setHorizontalSpacing(20);
    m_facts->setVerticalSpacing(8);
    m_facts->setColumnStretch(1, 1);
    body()->addWidget(m_table);
    startButton()->setText(tr("Self-test"));
    startButton()->setToolTip(tr("Runs and trains a small network on each device and compares it with the CPU"));
    ask(false);
}

void ComputeDialog::start()
{
    ask(true);
}

void ComputeDialog::ask(bool selfTest)
{
    follow(m_controller.jobs().run<ComputeReport>(
        Job::Kind::Other, {staticMetaObject, selfTest ? QT_TR_NOOP("Self-test") : QT_TR_NOOP("Looking at the devices")}, this,
        [selfTest](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return describedCompute(workbench.workspace(), workbench.programs(), selfTest, stop, report);
        },
        [this](Result<ComputeReport> report) {
            rest();
            if (!report)
                return showFailure(report.error());
            show(*report);
        }));
}

void ComputeDialog::show(const ComputeReport& report)
{
    while (QLayoutItem* item = m_facts->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    int row = 0;
    for (const ComputeFact& fact : computeFacts(report)) {
        auto* value = makeLabel(fact.value, "", m_table);
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        if (fact.warns)
            value->setStyleSheet(QStringLiteral("color: %1").arg(theme::amber.name()));
        m_facts->addWidget(makeLabel(fact.name, "secondary", m_table), row, 0, Qt::AlignTop);
        m_facts->addWidget(value, row++, 1);
    }
    makeRoom();
    if (!report.tested)
        return;
    if (selfTestPassed(report))
        showDone(selfTestSentence(report));
    else
        showQuestion(selfTestSentence(report));
}

} // namespace annotomy
