#include "app/desktop/panels/revision_list_model.h"

#include "app/desktop/panels/panel_text.h"
#include "app/desktop/theme.h"

#include <QFileInfo>

#include <algorithm>

namespace annotomy {

void RevisionListModel::setRevisions(std::vector<RevisionRecord> oldestFirst, RevisionId head)
{
    beginResetModel();
    m_revisions = std::move(oldestFirst);
    std::reverse(m_revisions.begin(), m_revisions.end());
    m_head = head;
    endResetModel();
}

const RevisionRecord* RevisionListModel::at(const QModelIndex& index) const
{
    return checkIndex(index, CheckIndexOption::IndexIsValid)
               ? &m_revisions[static_cast<std::size_t>(index.row())]
               : nullptr;
}

int RevisionListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_revisions.size());
}

int RevisionListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString RevisionListModel::text(const RevisionRecord& revision, int column) const
{
    const QString author = QString::fromStdString(revision.author);
    switch (column) {
    case Time:
        return paneltext::when(revision.timeMs);
    case Author:
        return revision.authorKind == AuthorKind::Import ? tr("file %1").arg(QFileInfo(author).fileName())
                                                         : author;
    case Note: {
        const QString note = QString::fromStdString(revision.note);
        if (revision.id != m_head)
            return note;
        return note.isEmpty() ? tr("present") : tr("present · %1").arg(note);
    }
    default:
        return revision.approved ? QString::fromStdString(revision.approvedBy) : QString();
    }
}

QVariant RevisionListModel::data(const QModelIndex& index, int role) const
{
    const RevisionRecord* revision = at(index);
    if (!revision)
        return {};
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return text(*revision, index.column());
    if (role == Qt::ForegroundRole) {
        if (index.column() == Author && revision->authorKind == AuthorKind::Model)
            return theme::violet;
        if (index.column() == Approved)
            return theme::green;
        return index.column() == Author ? theme::text : theme::secondaryText;
    }
    if (role == Qt::FontRole && index.column() == Time)
        return theme::tabularFont();
    return {};
}

QVariant RevisionListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Author:
        return tr("By");
    case Note:
        return tr("Note");
    default:
        return tr("Approved by");
    }
}

} // namespace annotomy
