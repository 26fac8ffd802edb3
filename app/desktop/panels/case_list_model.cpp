#include "app/desktop/panels/case_list_model.h"

#include <algorithm>
#include <utility>

namespace annotomy {

namespace {

constexpr int thumbnailEdge = 80; // pixels kept: sharp at twice the drawn size
constexpr int thumbnailsKept = 400;

bool sameOrder(const std::vector<WorklistRow>& a, const std::vector<WorklistRow>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const WorklistRow& x, const WorklistRow& y) { return x.id == y.id; });
}

QPixmap squarePixmap(const QByteArray& png)
{
    const QImage image = QImage::fromData(png);
    if (image.isNull())
        return {};
    const QImage scaled =
        image.scaled(thumbnailEdge, thumbnailEdge, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
    const QPoint corner((scaled.width() - thumbnailEdge) / 2, (scaled.height() - thumbnailEdge) / 2);
    return QPixmap::fromImage(scaled.copy({corner, QSize(thumbnailEdge, thumbnailEdge)}));
}

} // namespace

bool accepts(StateFilter filter, CaseState state)
{
    switch (filter) {
    case StateFilter::All:
        return true;
    case StateFilter::Next:
        return state != CaseState::Approved;
    case StateFilter::Proposed:
        return state == CaseState::Proposed;
    case StateFilter::InWork:
        return state == CaseState::InWork;
    case StateFilter::Approved:
        break;
    }
    return state == CaseState::Approved;
}

CaseListModel::CaseListModel(QObject* parent) : QAbstractListModel(parent), m_thumbnails(thumbnailsKept) {}

void CaseListModel::setRows(std::vector<WorklistRow> rows)
{
    keepComplete(rows);
    if (sameOrder(m_rows, rows)) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            replace(i, rows[i]);
        findLargestEntropy();
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    m_places.clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_places.emplace(m_rows[i].id.value, i);
    endResetModel();
    findLargestEntropy();
}

// What was known of a case stays shown until it is read anew, which it is when it is looked at.
void CaseListModel::keepComplete(std::vector<WorklistRow>& rows) const
{
    for (WorklistRow& row : rows) {
        const int known = row.complete ? -1 : rowOf(row.id);
        if (known < 0)
            continue;
        const WorklistRow& former = m_rows[static_cast<std::size_t>(known)];
        row.thumbnailPng = former.thumbnailPng;
        if (former.state != row.state)
            continue;
        row.reason = former.reason;
        row.warned = former.warned;
        row.suggested = former.suggested;
    }
}

void CaseListModel::want(const WorklistRow& row) const
{
    constexpr std::size_t mostWanted = 64; // what scrolled by is of no interest any more
    if (row.complete || std::find(m_wanted.begin(), m_wanted.end(), row.id) != m_wanted.end())
        return;
    m_wanted.insert(m_wanted.begin(), row.id);
    if (m_wanted.size() > mostWanted)
        m_wanted.pop_back();
    if (m_wanted.size() == 1)
        Q_EMIT const_cast<CaseListModel*>(this)->completionWanted();
}

std::vector<CaseId> CaseListModel::takeWanted()
{
    return std::exchange(m_wanted, {});
}

void CaseListModel::updateRow(const WorklistRow& row)
{
    if (const int index = rowOf(row.id); index >= 0) {
        WorklistRow ranked = row;
        if (row.state == CaseState::Proposed)
            ranked.rank = m_rows[static_cast<std::size_t>(index)].rank;
        replace(static_cast<std::size_t>(index), ranked);
        findLargestEntropy();
    }
}

void CaseListModel::replace(std::size_t index, const WorklistRow& row)
{
    WorklistRow& present = m_rows[index];
    if (present == row)
        return;
    if (present.thumbnailPng != row.thumbnailPng)
        m_thumbnails.remove(row.id.value);
    present = row;
    const QModelIndex changed = this->index(static_cast<int>(index));
    Q_EMIT dataChanged(changed, changed);
}

void CaseListModel::findLargestEntropy()
{
    double largest = 0;
    for (const WorklistRow& row : m_rows)
        largest = std::max(largest, row.entropy.value_or(0));
    if (largest == m_largestEntropy)
        return;
    m_largestEntropy = largest;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {UncertaintyRole});
}

int CaseListModel::rowOf(CaseId id) const
{
    const auto found = m_places.find(id.value);
    return found == m_places.end() ? -1 : static_cast<int>(found->second);
}

int CaseListModel::count(StateFilter filter) const
{
    return static_cast<int>(std::count_if(
        m_rows.begin(), m_rows.end(), [filter](const WorklistRow& row) { return accepts(filter, row.state); }));
}

int CaseListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant CaseListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const WorklistRow& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return row.patient;
    case Qt::DecorationRole:
        want(row);
        return thumbnail(row);
    case Qt::AccessibleTextRole:
        return QStringList{row.patient, row.details, stateName(row.state), row.reason}.join(
            QStringLiteral(", "));
    case Qt::ToolTipRole:
        return row.reason.isEmpty()
                   ? row.patient + QLatin1Char('\n') + row.details
                   : QStringList{row.patient, row.details, row.reason}.join(QLatin1Char('\n'));
    case StateRole:
        return static_cast<int>(row.state);
    case DetailsRole:
        return row.details;
    case ReasonRole:
        return reason(row);
    case UncertaintyRole:
        return row.entropy && m_largestEntropy > 0 ? *row.entropy / m_largestEntropy : -1.0;
    case WarnedRole:
        return row.warned;
    case IdRole:
        return QVariant::fromValue<qint64>(row.id.value);
    default:
        return {};
    }
}

QString CaseListModel::reason(const WorklistRow& row) const
{
    return row.rank > 0 && !row.suggested ? tr("rank %1 · %2").arg(row.rank).arg(row.reason) : row.reason;
}

QPixmap CaseListModel::thumbnail(const WorklistRow& row) const
{
    if (const QPixmap* kept = m_thumbnails.object(row.id.value))
        return *kept;
    const QPixmap pixmap = squarePixmap(row.thumbnailPng);
    m_thumbnails.insert(row.id.value, new QPixmap(pixmap));
    return pixmap;
}

WorklistFilterModel::WorklistFilterModel(CaseListModel& source, QObject* parent)
    : QSortFilterProxyModel(parent), m_source(source)
{
    setSourceModel(&source);
}

void WorklistFilterModel::setFilter(StateFilter filter)
{
    m_filter = filter;
    invalidateFilter();
}

bool WorklistFilterModel::filterAcceptsRow(int row, const QModelIndex&) const
{
    return accepts(m_filter, m_source.rows()[static_cast<std::size_t>(row)].state);
}

} // namespace annotomy
