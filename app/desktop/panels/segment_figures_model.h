#pragma once

#include "app/desktop/panels/mask_figures.h"

#include <QAbstractTableModel>

namespace annotomy {

// The case's segments with volume, Dice and HD95; undefined figures are dashes.
class SegmentFiguresModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Volume, Dice, Hd95, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setFigures(std::vector<SegmentFigures> figures);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<SegmentFigures> m_figures;
};

} // namespace annotomy
