#include "app/desktop/panels/relink_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/file_chooser.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/workbench/errors.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace annotomy {

RelinkDialog::RelinkDialog(CaseController& controller, FileChooser& chooser, CaseId id, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_id(id), m_reason(makeLabel({}, "", this)),
      m_folder(new QLineEdit(this))
{
    setWindowTitle(tr("Point to moved files"));
    setMinimumWidth(480);
    m_reason->setWordWrap(true);
    m_reason->setText(tr("Choose the folder where this study lies now. Masks and history stay as they are."));
    body()->addWidget(m_reason);
    auto* row = new QHBoxLayout;
    m_folder->setPlaceholderText(tr("New folder"));
    m_folder->setAccessibleName(tr("New folder"));
    m_folder->setMinimumHeight(30);
    m_folder->setFocus();
    auto* browse = makeButton(tr("Browse…"), "", this);
    row->addWidget(m_folder, 1);
    row->addWidget(browse);
    body()->addLayout(row);
    startButton()->setText(tr("Use this folder"));
    startButton()->setEnabled(false);
    connect(browse, &QPushButton::clicked, this, [this] {
        if (const QString folder = m_chooser.folder(this, windowTitle(), m_folder->text()); !folder.isEmpty())
            setFolder(folder);
    });
    connect(m_folder, &QLineEdit::textChanged, this, [this](const QString& text) {
        startButton()->setEnabled(!text.trimmed().isEmpty() && !working());
    });
}

void RelinkDialog::setReason(const Error& error)
{
    m_reason->setText(sentence(error) + QLatin1Char('\n') +
                      tr("Choose the folder where this study lies now. Masks and history stay as they are."));
}

void RelinkDialog::setFolder(const QString& folder)
{
    m_folder->setText(folder);
}

void RelinkDialog::start()
{
    const CaseId id = m_id;
    const std::string folder = m_folder->text().trimmed().toStdString();
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

} // namespace annotomy
