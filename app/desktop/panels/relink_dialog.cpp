#include "app/desktop/panels/relink_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/folder_field.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/workbench/errors.h"

#include <QCheckBox>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

namespace annotomy {

RelinkDialog::RelinkDialog(CaseController& controller, FileChooser& chooser, CaseId id, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_id(id), m_reason(makeLabel({}, "", this)),
      m_folder(new FolderField(chooser, tr("New folder"), this)),
      m_all(new QCheckBox(tr("Look there for every case whose files are missing"), this))
{
    setWindowTitle(tr("Point to moved files"));
    setMinimumWidth(480);
    m_reason->setWordWrap(true);
    m_reason->setText(id ? tr("Choose the folder where this study lies now. Masks and history stay as they are.")
                         : tr("Choose the folder to which studies were moved. Masks and history stay as they are."));
    body()->addWidget(m_reason);
    body()->addWidget(m_folder);
    m_all->setChecked(!id);
    m_all->setVisible(bool(id));
    body()->addWidget(m_all);
    m_folder->setFocus();
    startButton()->setText(tr("Use this folder"));
    startButton()->setEnabled(false);
    connect(m_folder, &FolderField::changed, this,
            [this] { startButton()->setEnabled(!m_folder->folder().isEmpty() && !working()); });
}

void RelinkDialog::setReason(const Error& error)
{
    m_reason->setText(sentence(error) + QLatin1Char('\n') +
                      tr("Choose the folder where this study lies now. Masks and history stay as they are."));
}

void RelinkDialog::setFolder(const QString& folder)
{
    m_folder->setFolder(folder);
}

void RelinkDialog::start()
{
    const std::string folder = m_folder->folder().toStdString();
    if (m_all->isChecked())
        relinkAll(folder);
    else
        relinkOne(folder);
}

void RelinkDialog::relinkOne(const std::string& folder)
{
    const CaseId id = m_id;
    follow(m_controller.jobs().run<bool>(
        Job::Kind::Other, {staticMetaObject, QT_TR_NOOP("Looking for the study")}, this,
        [id, folder](Workbench& workbench, std::stop_token stop, const JobReport& report) -> Result<bool> {
            const auto linked = workbench.relink(id, folder, stop, report);
            return linked ? Result<bool>(true) : Result<bool>(linked.error());
        },
        [this, id](Result<bool> linked) {
            rest();
            if (!linked)
                return showFailure(linked.error());
            Q_EMIT m_controller.caseListChanged();
            m_controller.openCase(id);
            accept();
        }));
}

void RelinkDialog::relinkAll(const std::string& folder)
{
    follow(m_controller.jobs().run<RelinkReport>(
        Job::Kind::Other, {staticMetaObject, QT_TR_NOOP("Looking for moved studies")}, this,
        [folder](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.relinkMissing(folder, stop, report);
        },
        [this](Result<RelinkReport> report) {
            rest();
            if (!report)
                return showFailure(report.error());
            Q_EMIT m_controller.caseListChanged();
            showAll(*report);
        }));
}

// The case that was asked for opens behind the dialog, which tells of the others.
void RelinkDialog::showAll(const RelinkReport& report)
{
    const auto holds = [this](const std::vector<CaseId>& cases) {
        return m_id && std::find(cases.begin(), cases.end(), m_id) != cases.end();
    };
    if (holds(report.relinked))
        m_controller.openCase(m_id);
    const auto found = static_cast<qlonglong>(report.relinked.size()), missing = static_cast<qlonglong>(report.missing.size());
    if (found == 0 && missing == 0)
        return showDone(tr("Nothing is missing."));
    const QLocale locale;
    if (missing == 0)
        return showDone(tr("%1 cases found again; nothing is missing any more.").arg(locale.toString(found)));
    showQuestion(tr("%1 cases found again, %2 still missing").arg(locale.toString(found), locale.toString(missing)));
}

} // namespace annotomy
