#include "app/desktop/panels/inbox_dialog.h"

#include "app/desktop/inbox_control.h"
#include "app/desktop/panels/folder_field.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"
#include "app/workbench/errors.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace annotomy {

InboxDialog::InboxDialog(InboxControl& inbox, FileChooser& chooser, QWidget* parent)
    : QDialog(parent), m_inbox(inbox), m_watch(new QCheckBox(tr("Watch a folder and import what arrives in it"), this)),
      m_folder(new FolderField(chooser, tr("Folder to watch"), this)),
      m_keep(new ChoiceBar({tr("Link"), tr("Copy")}, this)), m_problem(makeLabel({}, "", this))
{
    setWindowTitle(tr("Inbox"));
    setMinimumWidth(480);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(10);
    auto* hint = makeLabel(tr("While Annotomy runs, studies that a scanner or PACS puts into this folder are imported once their "
                              "files have been quiet for a while."),
                           "secondary", this);
    hint->setWordWrap(true);
    column->addWidget(hint);
    column->addWidget(m_watch);
    column->addWidget(m_folder);
    auto* keep = new QHBoxLayout;
    keep->addWidget(makeLabel(tr("Images"), "secondary", this));
    keep->addStretch(1);
    m_keep->setToolTip(tr("Link: images stay where they are. Copy: they are copied into the workspace."));
    m_keep->setFixedWidth(150);
    keep->addWidget(m_keep);
    column->addLayout(keep);
    m_problem->setWordWrap(true);
    m_problem->setStyleSheet(QStringLiteral("color: %1").arg(theme::red.name()));
    m_problem->hide();
    column->addWidget(m_problem);
    auto* buttons = new QHBoxLayout;
    auto* cancel = makeButton(tr("Cancel"), "quiet", this);
    auto* done = makeButton(tr("Apply"), "primary", this);
    done->setDefault(true);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(done);
    column->addLayout(buttons);
    const InboxSetting& present = inbox.setting();
    m_watch->setChecked(!present.folder.empty());
    m_folder->setFolder(QString::fromStdString(present.folder));
    m_keep->setCurrent(present.copy ? 1 : 0);
    const auto showAllowed = [this, done] {
        m_folder->setEnabled(m_watch->isChecked());
        m_keep->setEnabled(m_watch->isChecked());
        done->setEnabled(!m_watch->isChecked() || !m_folder->folder().isEmpty());
    };
    connect(m_watch, &QCheckBox::toggled, this, showAllowed);
    connect(m_folder, &FolderField::changed, this, showAllowed);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(done, &QPushButton::clicked, this, &InboxDialog::apply);
    showAllowed();
}

void InboxDialog::setFolder(const QString& folder)
{
    m_watch->setChecked(true);
    m_folder->setFolder(folder);
}

InboxSetting InboxDialog::setting() const
{
    InboxSetting setting = m_inbox.setting();
    setting.folder = m_watch->isChecked() ? m_folder->folder().toStdString() : std::string();
    setting.copy = m_keep->current() == 1;
    return setting;
}

void InboxDialog::apply()
{
    if (const auto kept = m_inbox.change(setting()); !kept) {
        m_problem->setText(sentence(kept.error()));
        return m_problem->show();
    }
    accept();
}

} // namespace annotomy
