#include "app/desktop/panels/save_file_field.h"

#include "app/desktop/panels/file_chooser.h"
#include "app/desktop/panels/panel_widgets.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>

namespace annotomy {

SaveFileField::SaveFileField(FileChooser& chooser, QWidget* parent)
    : QWidget(parent), m_chooser(chooser), m_line(new QLineEdit(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    m_line->setAccessibleName(tr("File"));
    m_line->setMinimumHeight(30);
    auto* button = makeButton(tr("Browse…"), "", this);
    row->addWidget(m_line, 1);
    row->addWidget(button);
    setFocusProxy(m_line);
    connect(button, &QPushButton::clicked, this, &SaveFileField::browse);
    connect(m_line, &QLineEdit::textChanged, this, [this] {
        m_replaced.clear();
        Q_EMIT changed();
    });
}

QString SaveFileField::path() const
{
    return m_line->text().trimmed();
}

void SaveFileField::setPath(const QString& path)
{
    m_line->setText(path);
}

void SaveFileField::setFilter(const QString& filter)
{
    m_filter = filter;
}

void SaveFileField::browse()
{
    const QString file = m_chooser.saveFile(this, window()->windowTitle(), path(), m_filter);
    if (file.isEmpty())
        return;
    setPath(file);
    m_replaced = path();
}

bool SaveFileField::mayWrite()
{
    if (!QFileInfo::exists(path()) || path() == m_replaced)
        return true;
    m_replaced = path();
    return false;
}

} // namespace annotomy
