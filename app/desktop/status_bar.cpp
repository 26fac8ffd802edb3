#include "app/desktop/status_bar.h"

#include "app/desktop/icons.h"
#include "app/desktop/inbox_control.h"
#include "app/desktop/panels/panel_text.h"
#include "app/desktop/theme.h"
#include "app/desktop/worker_memory.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr int barHeight = 30;
constexpr int messageMilliseconds = 6000;
constexpr int workerMilliseconds = 2000;
constexpr int roomyWidth = 1400; // a narrower bar leaves the machine's facts out while a job is shown

QString computeText()
{
    const bool nvidia = QFileInfo::exists(QStringLiteral("/proc/driver/nvidia/version"));
    return nvidia ? StatusBar::tr("Compute: NVIDIA device")
                  : StatusBar::tr("Compute: CPU (no NVIDIA device)");
}

bool isModelJob(const Job* job)
{
    return job->kind() == Job::Kind::Train || job->kind() == Job::Kind::Propose;
}

QString workerText(const Job& job)
{
    const auto memory = workerMemory();
    if (!memory)
        return StatusBar::tr("Worker: starting");
    const auto gigabytes = [](std::int64_t bytes) {
        return QString::number(double(bytes) / (1 << 30), 'f', 1);
    };
    const QString facts =
        StatusBar::tr("%1 of %2 GB").arg(gigabytes(memory->residentBytes), gigabytes(memory->machineBytes));
    return job.kind() == Job::Kind::Train ? StatusBar::tr("Worker: training, %1").arg(facts)
                                          : StatusBar::tr("Worker: proposing, %1").arg(facts);
}

// When what is stored of a case was last changed, by a stroke or a revision.
QDateTime lastStored(const CaseSession& session, Workspace& workspace)
{
    const auto& edits = session.document().history().edits();
    std::int64_t timeMs = edits.empty() ? 0 : edits.back()->timeMs;
    if (const auto head = workspace.revision(session.record().head))
        timeMs = std::max(timeMs, head->timeMs);
    return timeMs > 0 ? QDateTime::fromMSecsSinceEpoch(timeMs) : QDateTime();
}

QString savedTime(const QDateTime& when)
{
    const QDateTime local = when.toLocalTime();
    return local.toString(local.date() == QDate::currentDate() ? QStringLiteral("HH:mm:ss")
                                                               : QStringLiteral("yyyy-MM-dd HH:mm"));
}

QToolButton* textButton(const QString& text, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setFocusPolicy(Qt::TabFocus);
    button->setStyleSheet(
        QStringLiteral("QToolButton { color: %1; padding: 2px 6px; }").arg(theme::secondaryText.name()));
    return button;
}

} // namespace

StatusBar::StatusBar(CaseController& controller, QWidget* parent)
    : QFrame(parent), m_controller(controller), m_dot(new QLabel(this)), m_savedLabel(new QLabel(this)),
      m_retry(new QPushButton(tr("Retry"), this)), m_export(new QPushButton(tr("Export the mask…"), this)),
      m_jobPart(new QWidget(this)), m_worker(new QLabel(this)), m_compute(new QLabel(computeText(), this)),
      m_workerTimer(new QTimer(this)), m_inbox(textButton({}, this)),
      m_message(new QLabel(this)), m_messageTimer(new QTimer(this)),
      m_language(textButton({}, this))
{
    theme::setRole(this, "bar");
    setFixedHeight(barHeight);
    buildJobPart();
    m_dot->setFixedSize(8, 8);
    for (QPushButton* button : {m_retry, m_export})
        button->setStyleSheet(QStringLiteral("QPushButton { padding: 1px 10px; min-height: 16px; }"));
    theme::setRole(m_message, "secondary");
    m_savedLabel->setFont(theme::tabularFont());
    for (QLabel* label : {m_worker, m_compute})
        theme::setRole(label, "secondary");
    m_worker->setFont(theme::tabularFont());
    auto* notice = new QLabel(tr("Not for diagnosis"), this);
    notice->setObjectName(QStringLiteral("notForDiagnosis"));
    notice->setStyleSheet(QStringLiteral("color: %1;").arg(theme::amber.name()));
    auto* shortcuts = textButton(tr("? shortcuts"), this);

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 0, 8, 0);
    layout->setSpacing(8);
    for (QWidget* part : std::initializer_list<QWidget*>{m_dot, m_savedLabel, m_retry, m_export})
        layout->addWidget(part);
    layout->addSpacing(12);
    layout->addWidget(m_jobPart);
    layout->addWidget(m_worker);
    layout->addSpacing(12);
    layout->addWidget(m_compute);
    layout->addSpacing(12);
    layout->addWidget(m_inbox);
    layout->addWidget(m_message, 1);
    layout->addWidget(notice);
    layout->addSpacing(8);
    layout->addWidget(shortcuts);
    layout->addWidget(m_language);

    m_workerTimer->setInterval(workerMilliseconds);
    connect(m_workerTimer, &QTimer::timeout, this, &StatusBar::showWorker);
    m_messageTimer->setSingleShot(true);
    connect(m_messageTimer, &QTimer::timeout, m_message, &QLabel::clear);
    connect(shortcuts, &QToolButton::clicked, this, &StatusBar::shortcutsRequested);
    connect(m_export, &QPushButton::clicked, this, &StatusBar::exportRequested);
    connect(m_retry, &QPushButton::clicked, this, [this] {
        if (m_controller.session())
            m_controller.session()->retryJournal();
    });
    connect(&controller, &CaseController::caseOpened, this, &StatusBar::watchSession);
    connect(&controller, &CaseController::caseClosed, this, &StatusBar::watchSession);
    connect(&controller, &CaseController::message, this, &StatusBar::showMessage);
    connect(m_inbox, &QToolButton::clicked, this, &StatusBar::inboxRequested);
    connect(&controller.inbox(), &InboxControl::changed, this, &StatusBar::showInbox);
    showInbox();
    watchSession();
    watchJobs();
}

void StatusBar::buildJobPart()
{
    m_jobLabel = new QLabel(m_jobPart);
    theme::setRole(m_jobLabel, "secondary");
    m_jobLabel->setFont(theme::tabularFont());
    m_jobProgress = new QProgressBar(m_jobPart);
    m_jobProgress->setTextVisible(false);
    m_jobProgress->setRange(0, 1000);
    m_jobProgress->setFixedWidth(110);
    m_jobCancel = new QToolButton(m_jobPart);
    m_jobCancel->setIcon(glyphIcon(Glyph::Close, theme::secondaryText, 12));
    m_jobCancel->setToolTip(tr("Cancel"));
    m_jobCancel->setAccessibleName(tr("Cancel"));
    m_jobCancel->setFixedSize(24, 24);
    auto* layout = new QHBoxLayout(m_jobPart);
    layout->setContentsMargins(0, 0, 12, 0);
    layout->setSpacing(8);
    layout->addWidget(m_jobLabel);
    layout->addWidget(m_jobProgress);
    layout->addWidget(m_jobCancel);
    connect(m_jobCancel, &QToolButton::clicked, this, [this] {
        if (Job* job = shownJob())
            job->cancel();
    });
}

void StatusBar::setLanguages(const QString& current, const QStringList& names)
{
    m_language->setText(current);
    m_language->setPopupMode(QToolButton::InstantPopup);
    m_language->setAccessibleName(tr("Language"));
    auto* menu = new QMenu(m_language);
    for (int i = 0; i < names.size(); ++i)
        connect(menu->addAction(names[i]), &QAction::triggered, this,
                [this, i] { Q_EMIT languageRequested(i); });
    m_language->setMenu(menu);
}

QString StatusBar::savedText() const
{
    return m_savedLabel->text();
}

void StatusBar::watchSession()
{
    CaseSession* session = m_controller.session();
    m_confirmedAt = {};
    if (!session)
        return setSaved(Saved::Nothing);
    const auto follow = [this, session](const QDateTime& when) {
        if (m_saved != Saved::Failed)
            setSaved(session->everythingConfirmed() ? Saved::All : Saved::Pending, when);
    };
    connect(session, &CaseSession::labelsChanged, this, [follow] { follow({}); });
    connect(session, &CaseSession::confirmed, this,
            [follow](qint64, const QDateTime& when) { follow(when); });
    connect(session, &CaseSession::journalFailed, this, [this] { setSaved(Saved::Failed); });
    connect(session, &CaseSession::journalRecovered, this,
            [this] { setSaved(Saved::All, QDateTime::currentDateTime()); });
    setSaved(Saved::All, lastStored(*session, m_controller.workbench().workspace()));
}

void StatusBar::setSaved(Saved saved, const QDateTime& when)
{
    m_saved = saved;
    if (when.isValid())
        m_confirmedAt = when;
    QColor colour = theme::green;
    QString text;
    switch (saved) {
    case Saved::Nothing:
        break;
    case Saved::All:
        text = m_confirmedAt.isValid() ? tr("Every stroke saved · %1").arg(savedTime(m_confirmedAt))
                                       : tr("Every stroke saved");
        if (m_controller.session() && m_controller.session()->readOnly()) {
            text = tr("Read only");
            colour = theme::violet;
        }
        break;
    case Saved::Pending:
        text = tr("Saving the stroke…");
        colour = theme::amber;
        break;
    case Saved::Failed:
        text = tr("The last stroke could not be saved: painting has stopped");
        colour = theme::red;
        break;
    }
    m_dot->setVisible(saved != Saved::Nothing);
    m_dot->setStyleSheet(QStringLiteral("background: %1; border-radius: 4px;").arg(colour.name()));
    m_savedLabel->setText(text);
    m_savedLabel->setStyleSheet(saved == Saved::Failed ? QStringLiteral("color: %1;").arg(colour.name())
                                                       : QString());
    m_retry->setVisible(saved == Saved::Failed);
    m_export->setVisible(saved == Saved::Failed);
}

void StatusBar::watchJobs()
{
    JobRunner& jobs = m_controller.jobs();
    const auto watch = [this](Job* job) {
        connect(job, &Job::updated, this, &StatusBar::showJob);
        showJob();
    };
    connect(&jobs, &JobRunner::jobStarted, this, watch);
    connect(&jobs, &JobRunner::jobEnded, this, &StatusBar::showJob);
    for (Job* job : jobs.running())
        watch(job);
    showJob();
}

Job* StatusBar::shownJob() const
{
    // The newest with a title: those without are too small to be told.
    const std::vector<Job*>& running = m_controller.jobs().running();
    for (auto job = running.rbegin(); job != running.rend(); ++job)
        if (!(*job)->title().isEmpty())
            return *job;
    return nullptr;
}

void StatusBar::showWorker()
{
    const auto& running = m_controller.jobs().running();
    const auto job = std::find_if(running.begin(), running.end(), isModelJob);
    const bool works = job != running.end();
    if (works != m_workerTimer->isActive())
        works ? m_workerTimer->start() : m_workerTimer->stop();
    m_worker->setText(works ? workerText(**job) : tr("Worker: idle"));
    m_compute->setVisible(width() >= roomyWidth || !shownJob());
    m_worker->setVisible(width() >= roomyWidth || !shownJob());
}

void StatusBar::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    showWorker();
}

void StatusBar::showJob()
{
    const Job* job = shownJob();
    m_jobPart->setVisible(job != nullptr);
    showWorker();
    if (!job)
        return;
    const JobUpdate& update = job->last();
    QStringList parts{job->title()};
    for (const QString& part : {paneltext::stage(update.stage), paneltext::timeLeft(update.secondsLeft)})
        if (!part.isEmpty() && part != job->title())
            parts << part;
    m_jobLabel->setText(parts.join(QStringLiteral(" · ")));
    m_jobProgress->setValue(static_cast<int>(std::lround(qBound(0.0, update.fraction, 1.0) * 1000)));
}

void StatusBar::showInbox()
{
    const InboxControl& inbox = m_controller.inbox();
    m_inbox->setText(inbox.text());
    m_inbox->setToolTip(inbox.detail());
    m_inbox->setVisible(!inbox.text().isEmpty());
    m_inbox->setStyleSheet(QStringLiteral("QToolButton { color: %1; padding: 2px 6px; }")
                               .arg((inbox.hasFailed() ? theme::amber : theme::secondaryText).name()));
}

void StatusBar::showMessage(const QString& text)
{
    m_message->setText(text);
    m_messageTimer->start(messageMilliseconds);
}

} // namespace annotomy
