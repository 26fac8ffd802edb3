#include "app/desktop/segment_panel.h"

#include "app/desktop/icons.h"
#include "app/desktop/panels/segment_codes_dialog.h"
#include "app/desktop/segment_delegate.h"
#include "app/desktop/segment_model.h"
#include "app/desktop/theme.h"

#include <QColorDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace annotomy {

namespace {

constexpr int shownRows = 10;
constexpr int rowHeight = 26;

QToolButton* iconButton(Glyph glyph, const QString& toolTip, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(glyphIcon(glyph, theme::secondaryText));
    button->setToolTip(toolTip);
    button->setAccessibleName(toolTip);
    button->setFixedSize(24, 24);
    return button;
}

} // namespace

SegmentPanel::SegmentPanel(CaseController& controller, QWidget* parent)
    : QFrame(parent), m_controller(controller), m_volumes(new SegmentVolumes(controller, this)),
      m_model(new SegmentModel(controller, *m_volumes, this)), m_table(new QTableView(this)),
      m_hint(new QLabel(this)), m_add(iconButton(Glyph::Plus, tr("Add a segment"), this)),
      m_remove(iconButton(Glyph::Bin, tr("Delete the segment with its voxels"), this))
{
    theme::setRole(this, "card");
    buildLayout();
    connect(m_add, &QToolButton::clicked, this, &SegmentPanel::addSegment);
    connect(m_remove, &QToolButton::clicked, this, &SegmentPanel::removeActive);
    connect(m_table, &QTableView::clicked, this, &SegmentPanel::cellClicked);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QTableView::customContextMenuRequested, this, &SegmentPanel::showMenu);
    connect(m_model, &QAbstractItemModel::modelReset, this, &SegmentPanel::showActive);
    connect(controller.view(), &ViewState::activeSegmentChanged, this, &SegmentPanel::showActive);
    showActive();
}

void SegmentPanel::buildLayout()
{
    auto* title = new QLabel(tr("SEGMENTS"), this);
    theme::setRole(title, "sectionTitle");
    auto* header = new QHBoxLayout;
    header->setSpacing(2);
    header->addWidget(title, 1);
    header->addWidget(m_add);
    header->addWidget(m_remove);

    m_table->setModel(m_model);
    m_table->setItemDelegate(new SegmentDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_table->setShowGrid(false);
    m_table->setFocusPolicy(Qt::ClickFocus);
    m_table->setAccessibleName(tr("Segments"));
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->verticalHeader()->setMinimumSectionSize(rowHeight);
    QHeaderView* columns = m_table->horizontalHeader();
    columns->hide();
    columns->setMinimumSectionSize(20);
    columns->setSectionResizeMode(QHeaderView::Fixed);
    columns->setSectionResizeMode(SegmentModel::Name, QHeaderView::Stretch);
    m_table->setColumnWidth(SegmentModel::Number, 22);
    m_table->setColumnWidth(SegmentModel::Colour, 24);
    m_table->setColumnWidth(SegmentModel::Volume, 72);
    m_table->setColumnWidth(SegmentModel::Visible, 24);
    m_table->setColumnWidth(SegmentModel::Locked, 24);

    theme::setRole(m_hint, "faint");
    m_hint->setText(tr("No segments yet. Paint, or press + to name the first one."));
    m_hint->setWordWrap(true);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 8, 10);
    layout->setSpacing(4);
    layout->addLayout(header);
    layout->addWidget(m_table);
    layout->addWidget(m_hint);
}

void SegmentPanel::fitHeight()
{
    const int rows = std::min(m_model->rowCount(), shownRows);
    m_table->setFixedHeight(rows * rowHeight);
    m_table->setVisible(rows > 0);
    m_hint->setVisible(rows == 0);
}

void SegmentPanel::showActive()
{
    fitHeight();
    const CaseSession* session = m_controller.session();
    const bool editable = session && !session->readOnly();
    const int row = m_model->rowOf(m_controller.view()->activeSegment());
    m_add->setEnabled(editable);
    m_remove->setEnabled(editable && row >= 0);
    if (row < 0)
        m_table->clearSelection();
    else
        m_table->selectRow(row);
}

void SegmentPanel::selectRow(int row)
{
    if (const Segment* segment = m_model->segmentAt(row))
        m_controller.view()->setActiveSegment(segment->number);
}

void SegmentPanel::cellClicked(const QModelIndex& index)
{
    const bool editable = m_controller.session() && !m_controller.session()->readOnly();
    switch (index.column()) {
    case SegmentModel::Visible:
        m_model->toggleVisible(index.row());
        break;
    case SegmentModel::Locked:
        if (editable)
            m_model->toggleLocked(index.row());
        break;
    case SegmentModel::Colour:
        if (editable) {
            const QColor before = index.data(Qt::DecorationRole).value<QColor>();
            const QColor chosen = QColorDialog::getColor(before, this, tr("Segment colour"));
            if (chosen.isValid())
                m_model->setColour(index.row(), chosen);
        }
        break;
    default:
        selectRow(index.row());
        break;
    }
    showActive();
}

void SegmentPanel::showMenu(const QPoint& position)
{
    const QModelIndex index = m_table->indexAt(position);
    if (!index.isValid())
        return;
    selectRow(index.row());
    const bool editable = m_controller.session() && !m_controller.session()->readOnly();
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (QAction* action : {menu->addAction(tr("Rename"), this, &SegmentPanel::renameActive),
                            menu->addAction(tr("What it is: codes…"), this, &SegmentPanel::chooseCodes),
                            menu->addAction(tr("Delete with its voxels"), this, &SegmentPanel::removeActive)})
        action->setEnabled(editable);
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

void SegmentPanel::chooseCodes()
{
    const Segment* segment = m_model->segmentAt(m_model->rowOf(m_controller.view()->activeSegment()));
    if (!segment)
        return;
    auto* dialog = new SegmentCodesDialog(*segment, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowModality(Qt::WindowModal);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        if (!m_controller.session())
            return;
        const Segment chosen = dialog->segment();
        const auto& segments = m_controller.session()->document().labels().segments();
        const Segment* present = segments.find(chosen.number);
        if (!present)
            return;
        Segment changed = *present; // it may have been renamed or recoloured meanwhile
        changed.category = chosen.category;
        changed.type = chosen.type;
        changed.typeModifier = chosen.typeModifier;
        changed.region = chosen.region;
        changed.regionModifier = chosen.regionModifier;
        if (const auto updated = m_controller.session()->updateSegment(changed); !updated)
            m_controller.report(updated.error());
    });
    dialog->open();
}

void SegmentPanel::addSegment()
{
    if (!m_controller.session())
        return;
    const int number = m_controller.session()->document().labels().segments().firstFreeNumber();
    const auto added = m_controller.session()->addSegment(tr("Segment %1").arg(number).toStdString());
    if (!added)
        return m_controller.report(added.error());
    m_controller.view()->setActiveSegment(*added);
    renameActive();
}

void SegmentPanel::renameActive()
{
    const int row = m_model->rowOf(m_controller.view()->activeSegment());
    if (row < 0)
        return;
    m_table->setFocus();
    const QModelIndex name = m_model->index(row, SegmentModel::Name);
    m_table->setCurrentIndex(name);
    m_table->edit(name);
}

void SegmentPanel::removeActive()
{
    if (!m_controller.session())
        return;
    const auto removed = m_controller.session()->removeSegment(m_controller.view()->activeSegment());
    if (!removed)
        m_controller.report(removed.error()); // undo brings it back, so nothing is asked
}

} // namespace annotomy
