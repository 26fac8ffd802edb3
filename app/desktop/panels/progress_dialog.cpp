#include "app/desktop/panels/progress_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/chart_view.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/job_progress.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"

#include <QVBoxLayout>

#include <array>

namespace annotomy {

namespace {

constexpr std::array<CostMeasure, 4> measures{CostMeasure::Strokes, CostMeasure::Seconds, CostMeasure::ChangedVoxels,
                                              CostMeasure::ProposalDice};

struct Progress {
    LearningProgress learning;
    std::vector<CorrectionCost> costs;
};

ChartWords words()
{
    ChartWords words;
    words.dice = ProgressDialog::tr("Validation Dice").toStdString();
    words.cases = ProgressDialog::tr("training cases").toStdString();
    words.plateau = ProgressDialog::tr("plateau %1").toStdString();
    words.byHand = ProgressDialog::tr("by hand").toStdString();
    words.median = ProgressDialog::tr("median of each model's cases").toStdString();
    words.caseNumber = ProgressDialog::tr("case %1").toStdString();
    return words;
}

QString titleOf(CostMeasure measure)
{
    switch (measure) {
    case CostMeasure::Strokes:
        return ProgressDialog::tr("Strokes");
    case CostMeasure::Seconds:
        return ProgressDialog::tr("Seconds of work");
    case CostMeasure::ChangedVoxels:
        return ProgressDialog::tr("Changed voxels");
    case CostMeasure::ProposalDice:
        break;
    }
    return ProgressDialog::tr("Dice of the proposal");
}

} // namespace

ProgressDialog::ProgressDialog(CaseController& controller, QWidget* parent)
    : QDialog(parent), m_controller(controller), m_advice(makeLabel({}, "", this)), m_learning(new ChartView(this)),
      m_measure(new ChoiceBar({tr("Strokes"), tr("Seconds"), tr("Voxels"), tr("Dice")}, this)),
      m_cost(new ChartView(this)), m_costNote(makeLabel({}, "faint", this)), m_counting(new JobProgress(this))
{
    setWindowTitle(tr("Progress"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(760, 640);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    column->addWidget(buildLearning(), 1);
    column->addWidget(buildCosts(), 1);
    auto* row = new QHBoxLayout;
    auto* close = makeButton(tr("Close"), "quiet", this);
    row->addWidget(m_counting, 1);
    row->addStretch(1);
    row->addWidget(close);
    column->addLayout(row);
    m_counting->hide();
    close->setFocus();
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_measure, &ChoiceBar::chosen, this, &ProgressDialog::showMeasure);
    connect(&m_controller, &CaseController::modelsChanged, this, &ProgressDialog::refresh);
    showLearning({});
    showCosts({});
    refresh();
}

ProgressDialog::~ProgressDialog()
{
    if (m_job)
        m_job->cancel();
}

QWidget* ProgressDialog::buildLearning()
{
    auto* card = new Card(tr("LEARNING CURVE"), this);
    m_advice->setWordWrap(true);
    card->body()->addWidget(m_advice);
    card->body()->addWidget(m_learning, 1);
    return card;
}

QWidget* ProgressDialog::buildCosts()
{
    auto* card = new Card(tr("CORRECTION COST"), this);
    card->body()->addWidget(m_measure);
    card->body()->addWidget(m_cost, 1);
    m_costNote->setWordWrap(true);
    card->body()->addWidget(m_costNote);
    return card;
}

void ProgressDialog::refresh()
{
    if (m_job)
        return;
    m_job = m_controller.jobs().run<Progress>(
        Job::Kind::Other, {}, this,
        [](Workbench& workbench, std::stop_token stop, const JobReport& report) -> Result<Progress> {
            auto learning = learningProgress(workbench.workspace());
            if (!learning)
                return learning.error();
            auto costs = correctionCosts(workbench.workspace(), stop, report);
            if (!costs)
                return costs.error();
            return Progress{*std::move(learning), *std::move(costs)};
        },
        [this](Result<Progress> progress) {
            m_counting->hide();
            m_counting->follow(nullptr);
            m_job = nullptr;
            if (!progress) {
                if (progress.error().code != ErrorCode::Cancelled)
                    Q_EMIT m_controller.failed(progress.error());
                return;
            }
            showLearning(progress->learning);
            showCosts(std::move(progress->costs));
        });
    m_counting->follow(m_job);
    m_counting->show();
}

void ProgressDialog::showLearning(const LearningProgress& progress)
{
    m_advice->setText(progress.points.empty() ? tr("No model has been measured on the validation pool yet.")
                                              : translatedSentence(adviceSentence(progress)));
    m_learning->setChart(annotomy::learningChart(progress, words()));
    m_learning->setAccessibleDescription(m_advice->text());
}

void ProgressDialog::showCosts(std::vector<CorrectionCost> costs)
{
    m_costs = std::move(costs);
    m_costNote->setText(costsByModel(m_costs).empty()
                            ? tr("No case that was drawn or corrected here has been approved yet.")
                            : tr("Up to the first sign-off. A pause counts for %1 s at most.").arg(longestPauseSeconds));
    showMeasure();
}

void ProgressDialog::showMeasure()
{
    const CostMeasure measure = measures.at(static_cast<std::size_t>(std::max(0, m_measure->current())));
    m_cost->setChart(annotomy::costChart(m_costs, measure, titleOf(measure).toStdString(), words()));
}

} // namespace annotomy
