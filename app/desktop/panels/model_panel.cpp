#include "app/desktop/panels/model_panel.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/gate_figures.h"
#include "app/desktop/panels/job_progress.h"
#include "app/desktop/panels/learning_curve.h"
#include "app/desktop/panels/models_dialog.h"
#include "app/desktop/panels/panel_text.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/progress_dialog.h"
#include "app/desktop/theme.h"
#include "app/workbench/errors.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QSpinBox>
#include <QVBoxLayout>

namespace annotomy {

namespace {

void ink(QWidget& label, const QColor& colour)
{
    label.setStyleSheet(QStringLiteral("color: %1").arg(colour.name()));
}

bool isModelJob(const Job& job)
{
    return job.kind() == Job::Kind::Train || job.kind() == Job::Kind::Propose;
}

} // namespace

ModelPanel::ModelPanel(CaseController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_card(new Card({}, this)),
      m_name(new ElidedLabel({}, m_card)), m_figure(new QLabel(m_card)),
      m_sentence(makeLabel({}, "", m_card)), m_curve(new LearningCurve(m_card)),
      m_resume(new QWidget(m_card)), m_resumeText(makeLabel({}, "", m_resume)),
      m_resumeButton(makeButton({}, "", m_resume)), m_dismiss(makeButton({}, "quiet", m_resume)),
      m_progress(new JobProgress(m_card)), m_propose(makeButton({}, "", m_card)),
      m_retrain(makeButton({}, "", m_card)), m_cancel(makeButton({}, "", m_card)),
      m_options(new QWidget(m_card)), m_minutesLabel(makeLabel({}, "secondary", m_options)),
      m_minutes(new QSpinBox(m_options)), m_preset(new QComboBox(m_options)),
      m_models(makeButton({}, "quiet", m_card)), m_progressButton(makeButton({}, "quiet", m_card))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_card);
    buildHead();
    buildResume();
    buildControls();
    connectController();
    retranslate();
    showJob(nullptr);
    for (Job* job : m_controller.jobs().running())
        takeJob(job);
    refresh();
}

void ModelPanel::buildHead()
{
    QFont strong = m_name->font();
    strong.setWeight(QFont::DemiBold);
    m_name->setFont(strong);
    m_figure->setFont(theme::tabularFont());
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_name, 1);
    head->addWidget(m_figure);
    m_card->body()->addLayout(head);
    m_sentence->setWordWrap(true);
    for (QPushButton* button : {m_progressButton, m_models}) {
        button->setMinimumHeight(24);
        button->setStyleSheet(QStringLiteral("padding: 1px 0 1px 8px;"));
        m_card->addToTitle(button);
    }
    m_card->body()->addWidget(m_sentence);
    m_card->body()->addWidget(m_curve);
}

void ModelPanel::buildResume()
{
    auto* column = new QVBoxLayout(m_resume);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_resumeText->setWordWrap(true);
    ink(*m_resumeText, theme::amber);
    column->addWidget(m_resumeText);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_resumeButton);
    buttons->addWidget(m_dismiss);
    buttons->addStretch(1);
    column->addLayout(buttons);
    m_resume->hide();
    m_card->body()->addWidget(m_resume);
    connect(m_resumeButton, &QPushButton::clicked, this, [this] {
        TrainOptions options;
        options.resume = m_interrupted;
        train(options);
    });
    connect(m_dismiss, &QPushButton::clicked, this, [this] {
        m_dismissed = m_interrupted;
        m_resume->hide();
    });
}

void ModelPanel::buildControls()
{
    m_card->body()->addWidget(m_progress);
    auto* options = new QHBoxLayout(m_options);
    options->setContentsMargins(0, 0, 0, 0);
    options->setSpacing(8);
    m_minutes->setRange(1, 24 * 60);
    m_minutes->setValue(10);
    m_minutes->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_minutes->setFont(theme::tabularFont());
    m_minutes->setFixedWidth(72);
    m_preset->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon); // long names are cut, the list shows them
    m_preset->setMinimumContentsLength(6);
    options->addWidget(m_minutesLabel);
    options->addStretch(1);
    options->addWidget(m_minutes);
    options->addWidget(m_preset);
    m_card->body()->addWidget(m_options);

    auto* actions = new QHBoxLayout;
    actions->setSpacing(8);
    for (QPushButton* button : {m_propose, m_retrain, m_cancel}) {
        button->setFocusPolicy(Qt::TabFocus); // each hides or disables itself and would hand its focus on
        actions->addWidget(button, 1);
    }
    m_card->body()->addLayout(actions);
    connect(m_propose, &QPushButton::clicked, this, &ModelPanel::propose);
    connect(m_retrain, &QPushButton::clicked, this, [this] { train(chosenOptions()); });
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (m_job)
            m_job->cancel();
        m_cancel->setEnabled(false);
    });
    connect(m_models, &QPushButton::clicked, this,
            [this] { (new ModelsDialog(m_controller, window()))->open(); });
    connect(m_progressButton, &QPushButton::clicked, this,
            [this] { (new ProgressDialog(m_controller, window()))->open(); });
}

void ModelPanel::connectController()
{
    connect(&m_controller, &CaseController::modelsChanged, this, &ModelPanel::refresh);
    connect(&m_controller, &CaseController::caseOpened, this, &ModelPanel::showAllowed);
    connect(&m_controller, &CaseController::caseClosed, this, &ModelPanel::showAllowed);
    connect(&m_controller.jobs(), &JobRunner::jobStarted, this, &ModelPanel::takeJob);
    connect(&m_controller.jobs(), &JobRunner::jobEnded, this, [this](Job* job) {
        if (job != m_job)
            return;
        const bool trained = job->kind() == Job::Kind::Train;
        showJob(nullptr);
        if (trained)
            refresh();
    });
}

void ModelPanel::retranslate()
{
    m_card->titleLabel()->setText(tr("MODEL"));
    m_resumeButton->setText(tr("Resume"));
    m_dismiss->setText(tr("Dismiss"));
    m_propose->setText(tr("Propose  P"));
    m_propose->setToolTip(tr("Let the model propose a mask for the open case (P)"));
    m_cancel->setText(tr("Cancel"));
    m_minutesLabel->setText(tr("Train for"));
    m_minutes->setSuffix(tr(" min"));
    m_minutes->setAccessibleName(tr("Minutes of training"));
    m_preset->setAccessibleName(tr("Training preset"));
    m_models->setText(tr("Models…"));
    m_progressButton->setText(tr("Progress…"));
    m_progressButton->setToolTip(tr("Learning curve and correction cost over all models"));
    const int chosen = std::max(0, m_preset->currentIndex());
    m_preset->clear();
    m_preset->addItem(tr("Automatic"), QString());
    m_preset->addItem(tr("Planned for the data"), QStringLiteral("planned"));
    m_preset->addItem(tr("Standard"), QStringLiteral("standard"));
    m_preset->addItem(tr("Light"), QStringLiteral("light"));
    m_preset->addItem(tr("Fine-tune"), QStringLiteral("fine-tune"));
    m_preset->addItem(tr("Quick trial"), QStringLiteral("quick"));
    m_preset->setCurrentIndex(chosen);
    m_preset->setToolTip(tr("Automatic: fine-tunes the current model, or starts a standard one"));
}

TrainOptions ModelPanel::chosenOptions() const
{
    TrainOptions options;
    options.recipe = m_preset->currentData().toString().toStdString();
    options.fromCurrent = m_hasModel && (options.recipe.empty() || options.recipe == "fine-tune");
    options.minutes = m_minutes->value();
    return options;
}

void ModelPanel::propose()
{
    if (m_propose->isEnabled())
        m_controller.propose();
}

void ModelPanel::train(const TrainOptions& options)
{
    if (m_job)
        return;
    m_resume->hide();
    m_curve->setEpochs({});
    m_controller.jobs().run<TrainOutcome>(
        Job::Kind::Train, {staticMetaObject, QT_TR_NOOP("Training")}, this,
        [options](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.train(options, stop, report);
        },
        [this](Result<TrainOutcome> outcome) { showOutcome(outcome); });
}

void ModelPanel::showOutcome(const Result<TrainOutcome>& outcome)
{
    if (outcome) {
        Q_EMIT m_controller.modelsChanged();
        Q_EMIT m_controller.message(gateSentence(gateFigures(outcome->gate.toJsonText())));
    } else if (outcome.error().code == ErrorCode::Cancelled) {
        refresh();
        Q_EMIT m_controller.message(tr("Training cancelled"));
    } else {
        refresh();
        Q_EMIT m_controller.failed(outcome.error());
    }
}

void ModelPanel::takeJob(Job* job)
{
    if (!isModelJob(*job))
        return;
    showJob(job);
    if (job->kind() != Job::Kind::Train)
        return;
    connect(job, &Job::updated, m_curve, [this](const JobUpdate& update) {
        if (update.epoch)
            m_curve->append(*update.epoch);
    });
}

void ModelPanel::showJob(Job* job)
{
    m_job = job;
    for (QPushButton* button : {m_propose, m_retrain, m_cancel})
        button->clearFocus();
    m_progress->follow(job);
    m_progress->setVisible(job);
    m_options->setVisible(!job);
    m_propose->setVisible(!job);
    m_retrain->setVisible(!job);
    m_cancel->setVisible(job);
    m_cancel->setEnabled(true);
    showAllowed();
}

void ModelPanel::showAllowed()
{
    m_propose->setEnabled(m_hasModel && !m_job && m_controller.session());
    m_retrain->setText(m_hasModel ? tr("Retrain") : tr("Train"));
}

void ModelPanel::refresh()
{
    Workspace& workspace = m_controller.workbench().workspace();
    const auto model = workspace.currentModel();
    showModel(model ? *model : std::nullopt);
    if (!model)
        Q_EMIT m_controller.failed(model.error());
    const auto runs = workspace.runs();
    if (!runs || runs->empty())
        return showRun({}, {});
    const auto last = std::max_element(runs->begin(), runs->end(),
                                       [](const RunRecord& a, const RunRecord& b) { return a.id < b.id; });
    const auto epochs = workspace.epochs(last->id);
    showRun(*last, epochs ? *epochs : std::vector<EpochRecord>());
}

void ModelPanel::showModel(const std::optional<ModelRecord>& model)
{
    m_hasModel = model.has_value();
    m_figure->setVisible(m_hasModel);
    if (!model) {
        m_name->setText(tr("No model yet"));
        m_sentence->setText(tr("Approve a few cases, then train a first one."));
        ink(*m_sentence, theme::secondaryText);
        m_sentence->show();
        return showAllowed();
    }
    const auto dice = validationDice(*model);
    const GateFigures gate = gateFigures(model->gateJson);
    const bool provisional = model->status == ModelStatus::Provisional || (gate.known && !gate.gated);
    m_name->setText(QString::fromStdString(model->name));
    m_figure->setText(dice ? tr("Dice %1").arg(paneltext::dice(dice)) : tr("not measured"));
    ink(*m_figure, !dice ? theme::faintText : provisional ? theme::amber : theme::green);
    m_sentence->setText(gateSentence(gate));
    ink(*m_sentence, provisional ? theme::amber : theme::secondaryText);
    m_sentence->setVisible(!m_sentence->text().isEmpty());
    showAllowed();
}

void ModelPanel::showRun(const std::optional<RunRecord>& run, std::vector<EpochRecord> epochs)
{
    const bool training = m_job && m_job->kind() == Job::Kind::Train;
    if (!training)
        m_curve->setEpochs(std::move(epochs));
    m_curve->setVisible(training || !m_curve->epochs().empty());
    const bool interrupted =
        run && run->status == RunStatus::Interrupted && run->id != m_dismissed && !training;
    m_interrupted = interrupted ? run->id : RunId{};
    m_resume->setVisible(interrupted);
    if (interrupted)
        m_resumeText->setText(tr("The training of %1 was interrupted after epoch %2.")
                                  .arg(paneltext::when(run->startedMs))
                                  .arg(m_curve->epochs().empty() ? 0 : m_curve->epochs().back().epoch));
}

void ModelPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        refresh();
    }
    QWidget::changeEvent(event);
}

} // namespace annotomy
