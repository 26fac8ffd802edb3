#include "app/desktop/panels/folder_field.h"

#include "app/desktop/panels/file_chooser.h"
#include "app/desktop/panels/panel_widgets.h"

#include <QDir>
#include <QHBoxLayout>
#include <QLineEdit>

namespace annotomy {

FolderField::FolderField(FileChooser& chooser, const QString& title, QWidget* parent)
    : QWidget(parent), m_chooser(chooser), m_title(title), m_line(new QLineEdit(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    m_line->setPlaceholderText(title);
    m_line->setAccessibleName(title);
    m_line->setMinimumHeight(30);
    setFocusProxy(m_line);
    auto* browse = makeButton(tr("Browse…"), "", this);
    row->addWidget(m_line, 1);
    row->addWidget(browse);
    connect(m_line, &QLineEdit::textChanged, this, &FolderField::changed);
    connect(browse, &QPushButton::clicked, this, [this] {
        if (const QString chosen = m_chooser.folder(this, m_title, folder()); !chosen.isEmpty())
            setFolder(chosen);
    });
}

QString FolderField::folder() const
{
    return m_line->text().trimmed();
}

void FolderField::setFolder(const QString& folder)
{
    m_line->setText(QDir::toNativeSeparators(folder));
}

void FolderField::setHint(const QString& hint)
{
    m_line->setPlaceholderText(hint);
}

} // namespace annotomy
