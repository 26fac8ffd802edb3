#pragma once

#include "app/desktop/panels/case_row.h"

#include <QAbstractListModel>
#include <QCache>
#include <QPixmap>
#include <QSortFilterProxyModel>

namespace annotomy {

enum class CaseFilter { All, Next, Proposed, InWork, Approved };
bool accepts(CaseFilter filter, CaseState state); // Next: whatever is not approved

// The worklist's cases. Thumbnails are decoded when they are first asked for, and a few hundred are kept.
class CaseListModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { StateRole = Qt::UserRole + 1, DetailsRole, ReasonRole, UncertaintyRole, WarnedRole, IdRole };

    explicit CaseListModel(QObject* parent = nullptr);

    void setRows(std::vector<CaseRow> rows); // keeps selections when only contents changed
    void updateRow(const CaseRow& row);      // ignored when the case is not listed
    const std::vector<CaseRow>& rows() const { return m_rows; }
    int rowOf(CaseId id) const; // -1 when not listed
    int count(CaseFilter filter) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    // DecorationRole is a square QPixmap; UncertaintyRole a fraction of the least sure case's, -1 when
    // unknown.
    QVariant data(const QModelIndex& index, int role) const override;

private:
    QString reason(const CaseRow& row) const;
    QPixmap thumbnail(const CaseRow& row) const;
    void replace(std::size_t index, const CaseRow& row);
    void findLargestEntropy();

    std::vector<CaseRow> m_rows;
    double m_largestEntropy = 0;
    mutable QCache<qint64, QPixmap> m_thumbnails;
};

// The cases that the chips and the search field leave.
class CaseFilterModel : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit CaseFilterModel(CaseListModel& source, QObject* parent = nullptr);
    void setFilter(CaseFilter filter);
    CaseFilter filter() const { return m_filter; }
    void setSearch(const QString& words); // every word must occur

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    CaseListModel& m_source;
    CaseFilter m_filter = CaseFilter::All;
    QStringList m_words;
};

} // namespace annotomy
