#include "app/desktop/panels/segment_figures_model.h"

#include "app/desktop/panels/panel_text.h"
#include "app/desktop/theme.h"

#include <algorithm>

namespace annotomy {

namespace {

// A volume without its unit, which stands in the header.
QString bareMillilitres(double ml)
{
    return QString::number(ml, 'f', ml < 10 ? 2 : ml < 100 ? 1 : 0);
}

QString cellText(const SegmentFigures& row, int column)
{
    switch (column) {
    case SegmentFiguresModel::Name:
        return row.name;
    case SegmentFiguresModel::Volume:
        return bareMillilitres(row.volumeMl);
    case SegmentFiguresModel::Dice:
        return paneltext::dice(row.dice);
    default:
        return row.hd95Mm ? QString::number(*row.hd95Mm, 'f', 1) : QStringLiteral("–");
    }
}

bool sameSegments(const std::vector<SegmentFigures>& a, const std::vector<SegmentFigures>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const SegmentFigures& x, const SegmentFigures& y) { return x.number == y.number; });
}

} // namespace

void SegmentFiguresModel::setFigures(std::vector<SegmentFigures> figures)
{
    if (sameSegments(m_figures, figures)) {
        m_figures = std::move(figures);
        if (!m_figures.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_figures = std::move(figures);
    endResetModel();
}

int SegmentFiguresModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_figures.size());
}

int SegmentFiguresModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SegmentFiguresModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SegmentFigures& row = m_figures[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole)
        return cellText(row, index.column());
    if (role == Qt::ToolTipRole && index.column() == Name)
        return row.name;
    if (role == Qt::DecorationRole && index.column() == Name)
        return QColor(row.colour.r, row.colour.g, row.colour.b);
    if (role == Qt::TextAlignmentRole && index.column() != Name)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::FontRole && index.column() != Name)
        return theme::tabularFont(-1);
    return {};
}

QVariant SegmentFiguresModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Hd95)
        return tr("95th percentile of the distances between the surfaces, mm");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Segment");
    case Volume:
        return tr("ml");
    case Dice:
        return tr("Dice");
    default:
        return tr("HD95");
    }
}

} // namespace annotomy
