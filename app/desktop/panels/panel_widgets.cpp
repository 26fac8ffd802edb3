#include "app/desktop/panels/panel_widgets.h"

#include "app/desktop/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace annotomy {

namespace {

// A table's cell: text keeps its own colour on the selection, and stands under its header.
class CellDelegate : public QStyledItemDelegate {
public:
    CellDelegate(int padding, QObject* parent)
        : QStyledItemDelegate(parent), m_extra(std::max(0, padding - nativePadding))
    {
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, theme::selection);
        QStyleOptionViewItem cell = option;
        cell.state &= ~(QStyle::State_Selected | QStyle::State_HasFocus | QStyle::State_MouseOver);
        cell.rect.adjust(m_extra, 0, -m_extra, 0);
        QStyledItemDelegate::paint(painter, cell, index);
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(2 * m_extra, 0);
    }

private:
    static constexpr int nativePadding = 3; // what the style itself leaves beside the text

    int m_extra;
};

} // namespace

Card::Card(const QString& title, QWidget* parent)
    : QFrame(parent), m_body(new QVBoxLayout(this)), m_titleLine(new QHBoxLayout),
      m_title(makeLabel(title, "sectionTitle", this))
{
    theme::setRole(this, "card");
    m_body->setContentsMargins(12, 10, 12, 10);
    m_body->setSpacing(6);
    m_titleLine->addWidget(m_title, 1);
    m_body->addLayout(m_titleLine);
}

void Card::addToTitle(QWidget* widget)
{
    m_titleLine->addWidget(widget);
}

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent) : QLabel(text, parent)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 4, QLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width());
    setToolTip(shown == text() ? QString() : text());
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(contentsRect(), static_cast<int>(Qt::AlignVCenter | alignment()), shown);
}

FigureRow::FigureRow(const QString& name, QWidget* parent)
    : QWidget(parent), m_name(new ElidedLabel(name, this)), m_figure(new QLabel(QStringLiteral("–"), this))
{
    theme::setRole(m_name, "secondary");
    QFont figures = theme::tabularFont();
    figures.setWeight(QFont::DemiBold);
    m_figure->setFont(figures);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_name, 1);
    row->addWidget(m_figure);
}

void FigureRow::setName(const QString& name)
{
    m_name->setText(name);
}

void FigureRow::setFigure(const QString& figure)
{
    m_figure->setText(figure);
}

QString FigureRow::figure() const
{
    return m_figure->text();
}

ThinBar::ThinBar(QWidget* parent) : QWidget(parent), m_colour(theme::blue)
{
    setFixedHeight(4);
}

void ThinBar::setFraction(double fraction)
{
    m_fraction = std::min(fraction, 1.0);
    update();
}

void ThinBar::setColour(const QColor& colour)
{
    m_colour = colour;
    update();
}

QSize ThinBar::sizeHint() const
{
    return {64, 4};
}

void ThinBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    QRectF bar = rect();
    painter.setBrush(theme::line);
    painter.drawRoundedRect(bar, 2, 2);
    if (m_fraction <= 0)
        return;
    bar.setWidth(std::max(4.0, bar.width() * m_fraction));
    painter.setBrush(m_colour);
    painter.drawRoundedRect(bar, 2, 2);
}

ChoiceBar::ChoiceBar(const QStringList& choices, QWidget* parent)
    : QWidget(parent), m_group(new QButtonGroup(this))
{
    auto* flow = new FlowLayout(this, 6);
    for (int i = 0; i < choices.size(); ++i) {
        auto* button = new QToolButton(this);
        button->setText(choices[i]);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::TabFocus);
        theme::setRole(button, "chip");
        m_group->addButton(button, i);
        flow->addWidget(button);
    }
    m_group->setExclusive(true);
    if (!choices.isEmpty())
        m_group->button(0)->setChecked(true);
    connect(m_group, &QButtonGroup::idClicked, this, &ChoiceBar::chosen);
}

int ChoiceBar::current() const
{
    return m_group->checkedId();
}

void ChoiceBar::setCurrent(int index)
{
    if (QAbstractButton* button = m_group->button(index))
        button->setChecked(true);
}

void ChoiceBar::setChoiceText(int index, const QString& text)
{
    if (QAbstractButton* button = m_group->button(index))
        button->setText(text);
}

FlowLayout::FlowLayout(QWidget* parent, int spacing) : QLayout(parent)
{
    setContentsMargins(0, 0, 0, 0);
    setSpacing(spacing);
}

FlowLayout::~FlowLayout()
{
    for (QLayoutItem* item : m_items)
        delete item;
}

void FlowLayout::addItem(QLayoutItem* item)
{
    m_items.push_back(item);
}

int FlowLayout::count() const
{
    return static_cast<int>(m_items.size());
}

QLayoutItem* FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)] : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    QLayoutItem* item = itemAt(index);
    if (item)
        m_items.erase(m_items.begin() + index);
    return item;
}

int FlowLayout::heightForWidth(int width) const
{
    return arrange({0, 0, width, 0}, false);
}

QSize FlowLayout::sizeHint() const
{
    int width = 0;
    for (const QLayoutItem* item : m_items)
        width += item->sizeHint().width() + spacing();
    return {std::max(0, width - spacing()), minimumSize().height()};
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem* item : m_items)
        size = size.expandedTo(item->minimumSize());
    return size;
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int FlowLayout::arrange(const QRect& rect, bool apply) const
{
    int x = rect.x(), y = rect.y(), rowHeight = 0;
    for (QLayoutItem* item : m_items) {
        const QSize size = item->sizeHint();
        if (x > rect.x() && x + size.width() > rect.x() + rect.width()) {
            x = rect.x();
            y += rowHeight + spacing();
            rowHeight = 0;
        }
        if (apply)
            item->setGeometry({QPoint(x, y), size});
        x += size.width() + spacing();
        rowHeight = std::max(rowHeight, size.height());
    }
    return y + rowHeight - rect.y();
}

QLabel* makeLabel(const QString& text, const char* role, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    if (role && *role)
        theme::setRole(label, role);
    return label;
}

void makeCalm(QTableView& table, int rowHeight, int cellPadding)
{
    table.setFrameShape(QFrame::NoFrame);
    table.setShowGrid(false);
    table.setItemDelegate(new CellDelegate(cellPadding, &table));
    table.setStyleSheet(QStringLiteral("QHeaderView { background: transparent; }"
                                       "QHeaderView::section { background: transparent; padding: 6px %1px; }")
                            .arg(cellPadding));
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setWordWrap(false);
    table.setTabKeyNavigation(false);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(rowHeight);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setSectionsClickable(false);
}

void makeCalm(QListView& list)
{
    list.setFrameShape(QFrame::NoFrame);
    list.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list.setStyleSheet(QStringLiteral("QListView { background: %1; border-radius: 6px; padding: 4px; }"
                                      "QListView::item { padding: 5px 8px; border-radius: 4px; }"
                                      "QListView::item:selected { background: %2; }")
                           .arg(theme::card.name(), theme::selection.name()));
}

QPushButton* makeButton(const QString& text, const char* role, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setAutoDefault(false);
    button->setMinimumHeight(28);
    theme::setRole(button, role);
    return button;
}

} // namespace annotomy
