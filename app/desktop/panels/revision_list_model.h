#pragma once

#include "storage/records.h"

#include <QAbstractTableModel>

namespace annotomy {

// A case's revisions, newest first.
class RevisionListModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, Author, Note, Approved, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setRevisions(std::vector<RevisionRecord> oldestFirst, RevisionId head);
    const RevisionRecord* at(const QModelIndex& index) const; // null for an invalid index

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const RevisionRecord& revision, int column) const;

    std::vector<RevisionRecord> m_revisions;
    RevisionId m_head;
};

} // namespace annotomy
