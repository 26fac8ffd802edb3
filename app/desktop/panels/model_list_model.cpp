#include "app/desktop/panels/model_list_model.h"

#include "app/desktop/panels/gate_figures.h"
#include "app/desktop/panels/panel_text.h"
#include "app/desktop/theme.h"

#include <algorithm>

namespace annotomy {

namespace {

QColor statusColour(ModelStatus status)
{
    switch (status) {
    case ModelStatus::Current:
        return theme::green;
    case ModelStatus::Provisional:
        return theme::amber;
    default:
        return theme::secondaryText;
    }
}

bool isFigure(int column)
{
    return column == ModelListModel::Cases || column == ModelListModel::Dice;
}

} // namespace

void ModelListModel::setModels(std::vector<ModelRecord> models)
{
    beginResetModel();
    m_models = std::move(models);
    std::sort(m_models.begin(), m_models.end(),
              [](const ModelRecord& a, const ModelRecord& b) { return a.id > b.id; });
    endResetModel();
}

const ModelRecord* ModelListModel::at(const QModelIndex& index) const
{
    return checkIndex(index, CheckIndexOption::IndexIsValid)
               ? &m_models[static_cast<std::size_t>(index.row())]
               : nullptr;
}

int ModelListModel::rowOf(ModelId id) const
{
    const auto found = std::find_if(m_models.begin(), m_models.end(),
                                    [id](const ModelRecord& model) { return model.id == id; });
    return found == m_models.end() ? -1 : static_cast<int>(found - m_models.begin());
}

const ModelRecord* ModelListModel::find(ModelId id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_models[static_cast<std::size_t>(row)];
}

const ModelRecord* ModelListModel::formerCurrent() const
{
    const auto current = std::find_if(m_models.begin(), m_models.end(), [](const ModelRecord& model) {
        return model.status == ModelStatus::Current;
    });
    if (current == m_models.end())
        return nullptr;
    if (const ModelRecord* parent = find(current->parent); parent && parent->status == ModelStatus::Retired)
        return parent;
    const auto retired = std::find_if(m_models.begin(), m_models.end(), [](const ModelRecord& model) {
        return model.status == ModelStatus::Retired;
    });
    return retired == m_models.end() ? nullptr : &*retired;
}

int ModelListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_models.size());
}

int ModelListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ModelListModel::text(const ModelRecord& model, int column) const
{
    switch (column) {
    case Name:
        return QString::fromStdString(model.name);
    case Parent: {
        const ModelRecord* parent = find(model.parent);
        return parent ? QString::fromStdString(parent->name) : tr("from scratch");
    }
    case Cases:
        return QString::number(model.trainedOn.size());
    case Dice:
        return paneltext::dice(validationDice(model));
    case Status:
        return statusName(model.status);
    default:
        return paneltext::when(model.timeMs);
    }
}

QVariant ModelListModel::data(const QModelIndex& index, int role) const
{
    const ModelRecord* model = at(index);
    if (!model)
        return {};
    const int column = index.column();
    if (role == Qt::DisplayRole)
        return text(*model, column);
    if (role == Qt::ToolTipRole)
        return gateSentence(gateFigures(model->gateJson));
    if (role == Qt::TextAlignmentRole && isFigure(column))
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::FontRole && (isFigure(column) || column == Time))
        return theme::tabularFont();
    if (role == Qt::ForegroundRole)
        return column == Status                     ? statusColour(model->status)
               : column == Name || isFigure(column) ? theme::text
                                                    : theme::secondaryText;
    return {};
}

QVariant ModelListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((isFigure(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Model");
    case Parent:
        return tr("From");
    case Cases:
        return tr("Cases");
    case Dice:
        return tr("Dice");
    case Status:
        return tr("Status");
    default:
        return tr("Made");
    }
}

} // namespace annotomy
