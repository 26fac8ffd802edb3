#include "app/desktop/segment_model.h"

#include "app/desktop/panels/segment_codes_dialog.h"
#include "app/desktop/theme.h"

#include <QColor>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace annotomy {

SegmentModel::SegmentModel(CaseController& controller, SegmentVolumes& volumes, QObject* parent)
    : QAbstractTableModel(parent), m_controller(controller), m_volumes(volumes)
{
    connect(&controller, &CaseController::caseOpened, this, &SegmentModel::connectSession);
    connect(&controller, &CaseController::caseClosed, this, &SegmentModel::resetRows);
    connect(&volumes, &SegmentVolumes::changed, this, [this] {
        if (const int rows = rowCount(); rows > 0)
            Q_EMIT dataChanged(index(0, Volume), index(rows - 1, Volume), {Qt::DisplayRole});
    });
    if (controller.session())
        connectSession();
}

void SegmentModel::connectSession()
{
    connect(m_controller.session(), &CaseSession::segmentsChanged, this, &SegmentModel::resetRows,
            Qt::UniqueConnection);
    resetRows();
}

// A reset takes a name's editor away while it is being committed, so it is for other rows only.
void SegmentModel::resetRows()
{
    std::vector<SegmentNumber> numbers;
    for (const Segment& segment : segments())
        numbers.push_back(segment.number);
    if (numbers == m_numbers) {
        if (!numbers.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_numbers = std::move(numbers);
    endResetModel();
}

const std::vector<Segment>& SegmentModel::segments() const
{
    static const std::vector<Segment> none;
    return m_controller.session() ? m_controller.session()->document().labels().segments().segments() : none;
}

bool SegmentModel::measurable() const
{
    return !m_controller.session() || isMeasurable(m_controller.session()->record().series.info);
}

const Segment* SegmentModel::segmentAt(int row) const
{
    return row >= 0 && row < static_cast<int>(segments().size()) ? &segments()[static_cast<std::size_t>(row)]
                                                                 : nullptr;
}

int SegmentModel::rowOf(SegmentNumber number) const
{
    const auto& all = segments();
    const auto found =
        std::find_if(all.begin(), all.end(), [number](const Segment& s) { return s.number == number; });
    return found == all.end() ? -1 : static_cast<int>(found - all.begin());
}

int SegmentModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_numbers.size());
}

int SegmentModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SegmentModel::data(const QModelIndex& index, int role) const
{
    const Segment* segment = index.isValid() ? segmentAt(index.row()) : nullptr;
    if (!segment)
        return {};
    const QColor colour(segment->colour.r, segment->colour.g, segment->colour.b);
    if (role == Qt::ToolTipRole) {
        switch (index.column()) {
        case Colour:
            return tr("Change the colour");
        case Visible:
            return segment->visible ? tr("Hide") : tr("Show");
        case Locked:
            return segment->locked ? tr("Unlock") : tr("Lock: no tool changes it");
        case Volume:
            return measurable() ? QString()
                                : tr("Not to be measured: the image's voxels do not tell true lengths");
        default:
            return QString::fromStdString(segment->name) + QLatin1Char('\n') + codesText(*segment);
        }
    }
    if (role == Qt::ForegroundRole && index.column() == Volume && !measurable())
        return theme::amber;
    if (role == Qt::DecorationRole && index.column() == Colour)
        return colour;
    if (role == Qt::CheckStateRole || (role != Qt::DisplayRole && role != Qt::EditRole))
        return {};
    switch (index.column()) {
    case Number:
        return segment->number;
    case Name:
        return QString::fromStdString(segment->name);
    case Volume: {
        const auto volume = m_volumes.millilitres(segment->number);
        if (volume && !measurable())
            return tr("≈ %1 ml").arg(QLocale().toString(*volume, 'f', *volume < 100 ? 1 : 0));
        return volume ? tr("%1 ml").arg(QLocale().toString(*volume, 'f', *volume < 100 ? 2 : 1))
                      : QStringLiteral("…");
    }
    case Visible:
        return segment->visible;
    case Locked:
        return segment->locked;
    default:
        return {};
    }
}

bool SegmentModel::store(const Segment& segment)
{
    const auto updated = m_controller.session()->updateSegment(segment);
    if (!updated)
        m_controller.report(updated.error());
    return updated.has_value();
}

bool SegmentModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const Segment* current = index.isValid() ? segmentAt(index.row()) : nullptr;
    if (!current || role != Qt::EditRole || index.column() != Name)
        return false;
    Segment segment = *current;
    segment.name = value.toString().trimmed().toStdString();
    if (segment.name.empty() || segment.name == current->name)
        return false;
    return store(segment);
}

QVariant SegmentModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number:
        return tr("Number");
    case Colour:
        return tr("Colour");
    case Name:
        return tr("Name");
    case Volume:
        return tr("Volume");
    case Visible:
        return tr("Visible");
    case Locked:
        return tr("Locked");
    default:
        return {};
    }
}

Qt::ItemFlags SegmentModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.column() == Name && m_controller.session() && !m_controller.session()->readOnly())
        flags |= Qt::ItemIsEditable;
    return flags;
}

void SegmentModel::toggleVisible(int row)
{
    if (const Segment* current = segmentAt(row)) {
        Segment segment = *current;
        segment.visible = !segment.visible;
        store(segment);
    }
}

void SegmentModel::toggleLocked(int row)
{
    if (const Segment* current = segmentAt(row)) {
        Segment segment = *current;
        segment.locked = !segment.locked;
        store(segment);
    }
}

void SegmentModel::setColour(int row, const QColor& colour)
{
    if (const Segment* current = segmentAt(row)) {
        Segment segment = *current;
        segment.colour = {static_cast<std::uint8_t>(colour.red()), static_cast<std::uint8_t>(colour.green()),
                          static_cast<std::uint8_t>(colour.blue())};
        store(segment);
    }
}

} // namespace annotomy
