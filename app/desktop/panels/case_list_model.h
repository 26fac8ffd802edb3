#pragma once

#include "app/desktop/panels/worklist_row.h"

#include <QAbstractListModel>
#include <QCache>
#include <QPixmap>
#include <QSortFilterProxyModel>

#include <unordered_map>

namespace annotomy {

enum class StateFilter { All, Next, Proposed, InWork, Approved };
bool accepts(StateFilter filter, CaseState state); // Next: whatever is not approved

// The worklist's cases. Thumbnails are decoded when they are first asked for, and a few hundred are kept.
class CaseListModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { StateRole = Qt::UserRole + 1, DetailsRole, ReasonRole, UncertaintyRole, WarnedRole, IdRole };

    explicit CaseListModel(QObject* parent = nullptr);

    void setRows(std::vector<WorklistRow> rows); // keeps selections when only contents changed, and what is known of incomplete lines
    void updateRow(const WorklistRow& row); // ignored when the case is not listed
    const std::vector<WorklistRow>& rows() const { return m_rows; }
    int rowOf(CaseId id) const; // -1 when not listed
    int count(StateFilter filter) const;
    std::vector<CaseId> takeWanted(); // lines that were looked at before they were complete, last looked at first

    int rowCount(const QModelIndex& parent = {}) const override;
    // DecorationRole is a square QPixmap; UncertaintyRole a fraction of the least sure case's, -1 when
    // unknown.
    QVariant data(const QModelIndex& index, int role) const override;

Q_SIGNALS:
    void completionWanted(); // once, until takeWanted()

private:
    void keepComplete(std::vector<WorklistRow>& rows) const;
    void want(const WorklistRow& row) const;
    QString reason(const WorklistRow& row) const;
    QPixmap thumbnail(const WorklistRow& row) const;
    void replace(std::size_t index, const WorklistRow& row);
    void findLargestEntropy();

    std::vector<WorklistRow> m_rows;
    double m_largestEntropy = 0;
    std::unordered_map<qint64, std::size_t> m_places; // in m_rows
    mutable std::vector<CaseId> m_wanted;
    mutable QCache<qint64, QPixmap> m_thumbnails;
};

// The cases that the chips leave of those that were found.
class WorklistFilterModel : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit WorklistFilterModel(CaseListModel& source, QObject* parent = nullptr);
    void setFilter(StateFilter filter);
    StateFilter filter() const { return m_filter; }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    CaseListModel& m_source;
    StateFilter m_filter = StateFilter::All;
};

} // namespace annotomy
