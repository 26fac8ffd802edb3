#include "app/desktop/panels/job_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/job_progress.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"
#include "app/workbench/errors.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace annotomy {

JobDialog::JobDialog(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : QDialog(parent), m_controller(controller), m_chooser(chooser), m_body(new QVBoxLayout),
      m_progress(new JobProgress(this)), m_message(makeLabel({}, "", this)),
      m_start(makeButton({}, "primary", this)), m_close(makeButton(tr("Close"), "quiet", this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    m_body->setSpacing(10);
    column->addLayout(m_body);
    column->addWidget(m_progress);
    m_message->setWordWrap(true);
    column->addWidget(m_message);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_close);
    buttons->addWidget(m_start);
    column->addLayout(buttons);
    m_progress->hide();
    m_message->hide();
    m_start->setDefault(true);
    connect(m_start, &QPushButton::clicked, this, [this] { start(); });
    connect(m_close, &QPushButton::clicked, this, &JobDialog::reject);
}

QString JobDialog::message() const
{
    return m_message->text();
}

void JobDialog::reject()
{
    if (m_job)
        m_job->cancel();
    else
        QDialog::reject();
}

void JobDialog::follow(Job* job)
{
    m_job = job;
    m_progress->follow(job);
    m_progress->show();
    m_message->hide();
    m_start->setEnabled(false);
    m_close->setText(tr("Cancel"));
}

void JobDialog::rest()
{
    m_job = nullptr;
    m_progress->follow(nullptr);
    m_progress->hide();
    m_start->setEnabled(true);
    m_close->setText(tr("Close"));
}

void JobDialog::showDone(const QString& sentence)
{
    showMessage(sentence, theme::green);
}

void JobDialog::showQuestion(const QString& sentence)
{
    showMessage(sentence, theme::amber);
}

void JobDialog::showFailure(const Error& error)
{
    if (error.code == ErrorCode::Cancelled)
        showMessage(tr("Cancelled; nothing was changed."), theme::text);
    else
        showMessage(sentence(error), theme::red);
}

// A long sentence makes the dialog higher rather than its fields lower.
void JobDialog::makeRoom()
{
    layout()->activate();
    const int needed = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width())
                                                     : layout()->totalMinimumSize().height();
    if (needed > height())
        resize(width(), needed);
}

void JobDialog::showMessage(const QString& text, const QColor& colour)
{
    m_message->setStyleSheet(QStringLiteral("color: %1").arg(colour.name()));
    m_message->setText(text);
    m_message->show();
    makeRoom();
}

} // namespace annotomy
