#include "app/desktop/icons.h"

#include "app/desktop/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

namespace annotomy {

namespace {

// All outlines are drawn on a 16 x 16 sheet.
QPainterPath eyeOutline()
{
    QPainterPath path(QPointF(1.5, 8));
    path.quadTo(QPointF(8, 0.5), QPointF(14.5, 8));
    path.quadTo(QPointF(8, 15.5), QPointF(1.5, 8));
    return path;
}

QPainterPath lockOutline(bool closed)
{
    QPainterPath path;
    path.addRoundedRect(QRectF(3.5, 7.5, 9, 6.5), 1.5, 1.5);
    path.moveTo(5.5, 7.5);
    path.lineTo(5.5, 5);
    path.arcTo(QRectF(5.5, 2, 5, 5.5), 180, closed ? -180 : -150);
    if (closed)
        path.lineTo(10.5, 7.5);
    return path;
}

QPainterPath binOutline()
{
    QPainterPath path;
    path.moveTo(2.5, 4.5);
    path.lineTo(13.5, 4.5);
    path.moveTo(6, 4.5);
    path.lineTo(6, 2.5);
    path.lineTo(10, 2.5);
    path.lineTo(10, 4.5);
    path.moveTo(4, 4.5);
    path.lineTo(4.7, 13.5);
    path.lineTo(11.3, 13.5);
    path.lineTo(12, 4.5);
    return path;
}

QPainterPath crossOutline(bool vertical)
{
    QPainterPath path;
    path.moveTo(3, 8);
    path.lineTo(13, 8);
    if (vertical) {
        path.moveTo(8, 3);
        path.lineTo(8, 13);
    }
    return path;
}

QPainterPath closeOutline()
{
    QPainterPath path;
    path.moveTo(4, 4);
    path.lineTo(12, 12);
    path.moveTo(12, 4);
    path.lineTo(4, 12);
    return path;
}

QPainterPath sidePanelOutline(double divider)
{
    QPainterPath path;
    path.addRoundedRect(QRectF(2, 3, 12, 10), 2, 2);
    path.moveTo(divider, 3);
    path.lineTo(divider, 13);
    return path;
}

QPainterPath folderOutline()
{
    QPainterPath path(QPointF(1.5, 4));
    path.lineTo(6, 4);
    path.lineTo(7.5, 5.5);
    path.lineTo(14.5, 5.5);
    path.lineTo(14.5, 13);
    path.lineTo(1.5, 13);
    path.closeSubpath();
    return path;
}

QPainterPath outline(Glyph glyph)
{
    switch (glyph) {
    case Glyph::Eye:
    case Glyph::EyeClosed:
        return eyeOutline();
    case Glyph::Lock:
        return lockOutline(true);
    case Glyph::LockOpen:
        return lockOutline(false);
    case Glyph::Plus:
        return crossOutline(true);
    case Glyph::Minus:
        return crossOutline(false);
    case Glyph::Bin:
        return binOutline();
    case Glyph::Close:
        return closeOutline();
    case Glyph::SidePanelLeft:
        return sidePanelOutline(6);
    case Glyph::SidePanelRight:
        return sidePanelOutline(10);
    case Glyph::Folder:
        break;
    }
    return folderOutline();
}

} // namespace

void paintGlyph(QPainter& painter, Glyph glyph, const QRectF& rect, const QColor& colour)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.topLeft());
    painter.scale(rect.width() / 16, rect.height() / 16);
    painter.setPen(QPen(colour, 1.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(glyph == Glyph::Lock ? QBrush(QColor(colour.red(), colour.green(), colour.blue(), 60))
                                          : Qt::NoBrush);
    painter.drawPath(outline(glyph));
    if (glyph == Glyph::Eye) {
        painter.setBrush(colour);
        painter.drawEllipse(QPointF(8, 8), 1.9, 1.9);
    }
    if (glyph == Glyph::EyeClosed)
        painter.drawLine(QPointF(3, 13), QPointF(13, 3));
    painter.restore();
}

QIcon glyphIcon(Glyph glyph, const QColor& colour, int size)
{
    QIcon icon;
    for (const auto& [mode, shade] :
         {std::pair(QIcon::Normal, colour), std::pair(QIcon::Disabled, QColor(0x5a, 0x65, 0x70))})
        for (const int ratio : {1, 2, 3}) {
            QPixmap pixmap(size * ratio, size * ratio);
            pixmap.setDevicePixelRatio(ratio);
            pixmap.fill(Qt::transparent);
            QPainter painter(&pixmap);
            paintGlyph(painter, glyph, QRectF(0, 0, size, size), shade);
            painter.end();
            icon.addPixmap(pixmap, mode);
        }
    return icon;
}

QIcon applicationIcon()
{
    QIcon icon;
    for (const int size : {16, 32, 64, 128, 256}) {
        QPixmap pixmap(size, size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.scale(size / 64.0, size / 64.0);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme::window);
        painter.drawRoundedRect(QRectF(2, 2, 60, 60), 14, 14);
        painter.setBrush(QColor(0x5a, 0xa9, 0xe6, 70));
        painter.setPen(QPen(theme::blue, 4));
        painter.drawEllipse(QPointF(32, 32), 18, 15);
        painter.setBrush(theme::amber);
        painter.setPen(Qt::NoPen);
        painter.drawEllipse(QPointF(37, 30), 6, 6);
        painter.end();
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace annotomy
