#include "app/desktop/panels/job_progress.h"

#include "app/desktop/panels/panel_text.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace annotomy {

namespace {

constexpr double fewestSeconds = 4, smallestFraction = 0.05; // before which a pace says nothing

QString stageText(const JobUpdate& update)
{
    QString text = paneltext::stage(update.stage);
    if (update.epoch)
        text += QStringLiteral(" · ") + JobProgress::tr("epoch %1").arg(update.epoch->epoch);
    else if (update.filesFound > 0)
        text += QStringLiteral(" · ") + paneltext::filesText(update.filesDone, update.filesFound, update.filesPerSecond);
    else if (!update.note.empty())
        text += QStringLiteral(" · ") + QString::fromStdString(update.note);
    return text;
}

} // namespace

JobProgress::JobProgress(QWidget* parent)
    : QWidget(parent), m_stage(new ElidedLabel({}, this)), m_left(new QLabel(this)), m_bar(new ThinBar(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    m_left->setFont(theme::tabularFont());
    theme::setRole(m_left, "secondary");
    line->addWidget(m_stage, 1);
    line->addWidget(m_left);
    column->addLayout(line);
    column->addWidget(m_bar);
}

void JobProgress::follow(Job* job)
{
    if (m_job)
        disconnect(m_job, nullptr, this, nullptr);
    m_job = job;
    m_since.start();
    showUpdate(job ? job->last() : JobUpdate{});
    if (job)
        connect(job, &Job::updated, this, &JobProgress::showUpdate);
}

void JobProgress::showUpdate(const JobUpdate& update)
{
    m_stage->setText(stageText(update));
    m_left->setText(timeLeft(update));
    m_bar->setFraction(update.fraction);
}

// The job's own estimate, else one from the pace so far; without either, how much is done.
QString JobProgress::timeLeft(const JobUpdate& update) const
{
    if (update.secondsLeft >= 0)
        return paneltext::timeLeft(update.secondsLeft);
    if (!m_job || update.fraction <= 0)
        return {};
    const double seconds = static_cast<double>(m_since.elapsed()) / 1000;
    if (seconds > fewestSeconds && update.fraction > smallestFraction)
        return paneltext::timeLeft(seconds * (1 - update.fraction) / update.fraction);
    return tr("%1 %").arg(qRound(update.fraction * 100));
}

} // namespace annotomy
