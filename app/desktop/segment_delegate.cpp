#include "app/desktop/segment_delegate.h"

#include "app/desktop/icons.h"
#include "app/desktop/segment_model.h"
#include "app/desktop/theme.h"

#include <QLineEdit>
#include <QPainter>

namespace annotomy {

namespace {

constexpr int rowHeight = 26;

QRectF centredSquare(const QRect& cell, double side)
{
    const QPointF centre = QRectF(cell).center();
    return {centre.x() - side / 2, centre.y() - side / 2, side, side};
}

void paintSwatch(QPainter& painter, const QRect& cell, const QColor& colour)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(centredSquare(cell, 12), 3, 3);
}

void paintText(QPainter& painter, const QRect& cell, const QString& text, Qt::Alignment alignment)
{
    const QString elided = painter.fontMetrics().elidedText(text, Qt::ElideRight, cell.width());
    painter.drawText(cell, static_cast<int>(alignment | Qt::AlignVCenter), elided);
}

} // namespace

void SegmentDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const bool selected = option.state & QStyle::State_Selected;
    const bool visible = index.siblingAtColumn(SegmentModel::Visible).data().toBool();
    const QColor ink = selected ? QColor(Qt::white) : visible ? theme::text : theme::faintText;
    painter->save();
    painter->fillRect(option.rect, selected ? theme::selection : theme::card);
    switch (index.column()) {
    case SegmentModel::Number:
        painter->setFont(theme::tabularFont(-2));
        painter->setPen(selected ? theme::text : theme::faintText);
        paintText(*painter, option.rect, index.data().toString(), Qt::AlignHCenter);
        break;
    case SegmentModel::Colour:
        paintSwatch(*painter, option.rect, index.data(Qt::DecorationRole).value<QColor>());
        break;
    case SegmentModel::Name:
        painter->setPen(ink);
        paintText(*painter, option.rect.adjusted(4, 0, -4, 0), index.data().toString(), Qt::AlignLeft);
        break;
    case SegmentModel::Volume:
        painter->setFont(theme::tabularFont());
        if (const QVariant warned = index.data(Qt::ForegroundRole); warned.isValid())
            painter->setPen(warned.value<QColor>());
        else
            painter->setPen(selected ? theme::text : theme::secondaryText);
        paintText(*painter, option.rect.adjusted(0, 0, -4, 0), index.data().toString(), Qt::AlignRight);
        break;
    case SegmentModel::Visible:
        paintGlyph(*painter, visible ? Glyph::Eye : Glyph::EyeClosed, centredSquare(option.rect, 15),
                   visible ? theme::secondaryText : theme::faintText);
        break;
    case SegmentModel::Locked: {
        const bool locked = index.data().toBool();
        paintGlyph(*painter, locked ? Glyph::Lock : Glyph::LockOpen, centredSquare(option.rect, 14),
                   locked ? theme::amber : QColor(0x4c, 0x57, 0x62));
        break;
    }
    default:
        break;
    }
    painter->restore();
}

QSize SegmentDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {24, rowHeight};
}

QWidget* SegmentDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex&) const
{
    auto* editor = new QLineEdit(parent);
    editor->setStyleSheet(QStringLiteral("QLineEdit { padding: 0 3px; border-radius: 4px; }"));
    editor->setMaxLength(64);
    return editor;
}

void SegmentDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                           const QModelIndex&) const
{
    editor->setGeometry(option.rect.adjusted(0, 1, 0, -1));
}

} // namespace annotomy
