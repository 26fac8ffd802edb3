#pragma once

#include "storage/records.h"

#include <QAbstractTableModel>

namespace annotomy {

// The workspace's models, newest first.
class ModelListModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Parent, Cases, Dice, Status, Time, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setModels(std::vector<ModelRecord> models); // in any order
    const ModelRecord* at(const QModelIndex& index) const;
    const ModelRecord* find(ModelId id) const;
    int rowOf(ModelId id) const;
    // The model that was current before the present one; null when there is none.
    const ModelRecord* formerCurrent() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const ModelRecord& model, int column) const;

    std::vector<ModelRecord> m_models;
};

} // namespace annotomy
