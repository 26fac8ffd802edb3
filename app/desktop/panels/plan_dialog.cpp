#include "app/desktop/panels/plan_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/fields.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"

#include <QLocale>
#include <QSpinBox>
#include <QVBoxLayout>

namespace annotomy {

namespace {

QString figure(double value, int decimals)
{
    return QLocale().toString(value, 'f', decimals);
}

} // namespace

PlanDialog::PlanDialog(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_minutes(new QSpinBox(this)), m_memory(new NumberField(0, 4096, 1, this)),
      m_plan(makeLabel({}, "", this)), m_findings(makeLabel({}, "", this))
{
    setWindowTitle(tr("Plan a training"));
    setMinimumWidth(520);
    auto* hint = makeLabel(tr("Looks at the approved cases and at this machine, and chooses network, patch and steps for the "
                              "time and the memory that you give."),
                           "secondary", this);
    hint->setWordWrap(true);
    body()->addWidget(hint);
    m_minutes->setRange(1, 24 * 60);
    m_minutes->setValue(10);
    m_minutes->setSuffix(tr(" min"));
    m_minutes->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_minutes->setFixedWidth(110);
    m_memory->setSpecialValueText(tr("what is free"));
    m_memory->setSuffix(tr(" GB"));
    m_memory->setFixedWidth(110);
    body()->addWidget(labelledRow(tr("Train for"), {m_minutes}, this));
    body()->addWidget(labelledRow(tr("Memory at most"), {m_memory}, this));
    for (QLabel* label : {m_plan, m_findings}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->hide();
        body()->addWidget(label);
    }
    m_findings->setStyleSheet(QStringLiteral("color: %1").arg(theme::amber.name()));
    connect(m_minutes, &QSpinBox::valueChanged, this, &PlanDialog::forget);
    connect(m_memory, &QDoubleSpinBox::valueChanged, this, &PlanDialog::forget);
    forget();
}

void PlanDialog::setMinutes(int minutes)
{
    m_minutes->setValue(minutes);
}

void PlanDialog::forget()
{
    m_planned = false;
    m_plan->hide();
    m_findings->hide();
    startButton()->setText(tr("Plan"));
}

void PlanDialog::start()
{
    const double minutes = m_minutes->value();
    const auto bytes = static_cast<std::int64_t>(m_memory->value() * 1e9);
    if (m_planned) {
        TrainOptions options;
        options.recipe = "planned";
        options.minutes = minutes;
        options.bytes = bytes;
        Q_EMIT trainingWanted(options);
        return accept();
    }
    follow(m_controller.jobs().run<PlanOutcome>(
        Job::Kind::Other, {staticMetaObject, QT_TR_NOOP("Planning a training")}, this,
        [minutes, bytes](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            PlanOptions options;
            options.minutes = minutes;
            options.bytes = bytes;
            return workbench.plan(options, stop, report);
        },
        [this](Result<PlanOutcome> outcome) {
            rest();
            if (outcome)
                showOutcome(*outcome);
            else
                showFailure(outcome.error());
        }));
}

void PlanDialog::showOutcome(const PlanOutcome& outcome)
{
    QStringList findings;
    for (const DataFinding& finding : outcome.findings)
        findings << translatedSentence(finding.text);
    if (outcome.obstacle)
        return showFailure(*outcome.obstacle);
    const TrainingPlan& plan = *outcome.plan;
    for (const std::string& note : plan.notes)
        findings << translatedSentence(note);
    const Recipe& r = plan.recipe;
    QStringList lines;
    lines << tr("Cases that teach or validate: %1.").arg(outcome.data.cases.size());
    lines << tr("Network of %1 levels and %2 channels; patches of %3 × %4 × %5 voxels of %6 × %7 × %8 mm.")
                 .arg(r.levels).arg(r.baseWidth).arg(r.patch[0]).arg(r.patch[1]).arg(r.patch[2])
                 .arg(figure(r.spacing[0], 2), figure(r.spacing[1], 2), figure(r.spacing[2], 2));
    lines << tr("About %1 steps of %2 s; %3 GB of memory.")
                 .arg(QLocale().toString(plan.steps), figure(plan.secondsPerStep, 2), figure(static_cast<double>(plan.bytes) / 1e9, 2));
    m_plan->setText(lines.join(QLatin1Char('\n')));
    m_plan->show();
    m_findings->setText(findings.join(QLatin1Char('\n')));
    m_findings->setVisible(!findings.isEmpty());
    m_planned = true;
    startButton()->setText(tr("Train"));
    adjustSize();
}

} // namespace annotomy
