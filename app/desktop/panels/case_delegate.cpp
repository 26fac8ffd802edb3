#include "app/desktop/panels/case_delegate.h"

#include "app/desktop/panels/case_list_model.h"
#include "app/desktop/theme.h"

#include <QFontInfo>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace annotomy {

namespace {

constexpr int thumbnailEdge = 40;
constexpr int padding = 8;
constexpr int gap = 8;

QFont scaled(const QFont& font, double factor)
{
    QFont result = font;
    result.setPixelSize(std::max(10, qRound(QFontInfo(font).pixelSize() * factor)));
    return result;
}

struct Lines {
    QFont name, small;
    int nameHeight, smallHeight;

    explicit Lines(const QFont& base) : name(base), small(scaled(base, 0.86))
    {
        name.setWeight(QFont::DemiBold);
        nameHeight = QFontMetrics(name).height();
        smallHeight = QFontMetrics(small).height();
    }
    int height() const { return nameHeight + 2 * smallHeight + 8; }
};

void paintGround(QPainter& painter, const QStyleOptionViewItem& option, const QRect& area)
{
    const bool selected = option.state & QStyle::State_Selected;
    if (!selected && !(option.state & QStyle::State_MouseOver))
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(selected ? theme::selection : theme::card);
    painter.drawRoundedRect(area, 6, 6);
}

void paintThumbnail(QPainter& painter, const QRect& area, const QPixmap& pixmap)
{
    QPainterPath shape;
    shape.addRoundedRect(area, 4, 4);
    painter.fillPath(shape, theme::pane);
    if (pixmap.isNull())
        return;
    painter.save();
    painter.setClipPath(shape);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawPixmap(area, pixmap);
    painter.restore();
}

// Draws the state with its dot at the right end and returns the width it took.
int paintState(QPainter& painter, const QRect& line, const QFont& font, CaseState state)
{
    const QString name = stateName(state);
    const int width = QFontMetrics(font).horizontalAdvance(name);
    painter.setFont(font);
    painter.setPen(theme::text);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, name);
    painter.setPen(Qt::NoPen);
    painter.setBrush(stateColour(state));
    painter.drawEllipse(QPointF(line.right() - width - 8, line.center().y() + 1), 3.0, 3.0);
    return width + 16;
}

void paintLine(QPainter& painter, const QRect& line, const QFont& font, const QColor& colour,
               const QString& text, Qt::TextElideMode elide = Qt::ElideRight)
{
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(font).elidedText(text, elide, line.width()));
}

void paintUncertainty(QPainter& painter, const QRect& bar, double fraction, const QColor& colour)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::line);
    painter.drawRoundedRect(bar, 1.5, 1.5);
    painter.setBrush(colour);
    painter.drawRoundedRect(
        QRectF(bar.x(), bar.y(), std::max(3.0, bar.width() * std::min(fraction, 1.0)), bar.height()), 1.5,
        1.5);
}

} // namespace

void CaseDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const Lines lines(option.font);
    const QRect area = option.rect.adjusted(0, 1, 0, -1);
    paintGround(*painter, option, area);

    QRect rest = area.adjusted(padding, padding - 2, -padding, -padding + 2);
    paintThumbnail(*painter, {rest.x(), rest.y() + 2, thumbnailEdge, thumbnailEdge},
                   index.data(Qt::DecorationRole).value<QPixmap>());
    rest.setLeft(rest.left() + thumbnailEdge + gap);

    QRect line(rest.left(), rest.top(), rest.width(), lines.nameHeight);
    const auto state = static_cast<CaseState>(index.data(CaseListModel::StateRole).toInt());
    const int stateWidth = paintState(*painter, line, lines.small, state);
    paintLine(*painter, line.adjusted(0, 0, -stateWidth, 0), lines.name, theme::text,
              index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle); // numbers stand at the end
    line = QRect(rest.left(), line.bottom() + 1, rest.width(), lines.smallHeight);
    paintLine(*painter, line, lines.small, theme::secondaryText,
              index.data(CaseListModel::DetailsRole).toString());
    line.translate(0, lines.smallHeight);
    const bool warned = index.data(CaseListModel::WarnedRole).toBool() && state != CaseState::Approved;
    const QColor faint = option.state & QStyle::State_Selected ? theme::secondaryText : theme::faintText;
    paintLine(*painter, line, lines.small, warned ? theme::amber : faint,
              index.data(CaseListModel::ReasonRole).toString());

    const double uncertainty = index.data(CaseListModel::UncertaintyRole).toDouble();
    if (uncertainty >= 0)
        paintUncertainty(*painter, {rest.left(), line.bottom() + 4, rest.width(), 3}, uncertainty,
                         theme::amber);
    painter->restore();
}

QSize CaseDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {160, std::max(thumbnailEdge, Lines(option.font).height()) + 2 * padding};
}

} // namespace annotomy
