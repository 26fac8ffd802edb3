#pragma once

#include "app/desktop/segment_volumes.h"

#include <QAbstractTableModel>

#include <vector>

namespace annotomy {

// The segments of the open case as a table. Edits go to the session, so they are undoable and journalled.
class SegmentModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Number, Colour, Name, Volume, Visible, Locked, ColumnCount };

    SegmentModel(CaseController& controller, SegmentVolumes& volumes, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    const Segment* segmentAt(int row) const;
    int rowOf(SegmentNumber number) const; // -1 when there is none
    void toggleVisible(int row);
    void toggleLocked(int row);
    void setColour(int row, const QColor& colour);

private:
    const std::vector<Segment>& segments() const;
    bool store(const Segment& segment);
    void connectSession();
    void resetRows();
    bool measurable() const;

    CaseController& m_controller;
    SegmentVolumes& m_volumes;
    std::vector<SegmentNumber> m_numbers; // of the rows that views know of
};

} // namespace annotomy
