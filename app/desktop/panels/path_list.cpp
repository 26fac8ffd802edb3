#include "app/desktop/panels/path_list.h"

#include "app/desktop/panels/file_chooser.h"
#include "app/desktop/panels/panel_widgets.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QMimeData>
#include <QUrl>
#include <QVBoxLayout>

namespace annotomy {

PathList::PathList(FileChooser& chooser, QWidget* parent)
    : QWidget(parent), m_chooser(chooser), m_list(new QListWidget(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    makeCalm(*m_list);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    column->addWidget(m_list, 1);
    auto* row = new QHBoxLayout;
    auto* folder = makeButton(tr("Add folder…"), "", this);
    auto* files = makeButton(tr("Add files…"), "", this);
    auto* remove = makeButton(tr("Remove"), "quiet", this);
    remove->setEnabled(false);
    setFocusProxy(folder);
    row->addWidget(folder);
    row->addWidget(files);
    row->addStretch(1);
    row->addWidget(remove);
    column->addLayout(row);
    connect(folder, &QPushButton::clicked, this, [this] { add({m_chooser.folder(this, m_folderTitle, {})}); });
    connect(files, &QPushButton::clicked, this, [this] { add(m_chooser.files(this, m_filesTitle)); });
    connect(remove, &QPushButton::clicked, this, [this] {
        qDeleteAll(m_list->selectedItems());
        Q_EMIT changed();
    });
    connect(m_list, &QListWidget::itemSelectionChanged, remove,
            [this, remove] { remove->setEnabled(!m_list->selectedItems().isEmpty()); });
}

void PathList::setNames(const QString& accessibleName, const QString& folderTitle, const QString& filesTitle)
{
    m_list->setAccessibleName(accessibleName);
    m_folderTitle = folderTitle;
    m_filesTitle = filesTitle;
}

void PathList::add(const QStringList& added)
{
    QStringList known = paths();
    for (const QString& path : added)
        if (!path.isEmpty() && !known.contains(path)) {
            m_list->addItem(path);
            m_list->item(m_list->count() - 1)->setToolTip(path);
            known << path;
        }
    Q_EMIT changed();
}

void PathList::clear()
{
    m_list->clear();
    Q_EMIT changed();
}

QStringList PathList::paths() const
{
    QStringList all;
    for (int row = 0; row < m_list->count(); ++row)
        all << m_list->item(row)->text();
    return all;
}

std::vector<std::string> PathList::nativePaths() const
{
    std::vector<std::string> all;
    for (const QString& path : paths())
        all.push_back(path.toStdString());
    return all;
}

QStringList localPaths(const QMimeData& data)
{
    QStringList paths;
    for (const QUrl& url : data.urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    return paths;
}

} // namespace annotomy
