#include "app/desktop/panels/chart_view.h"

#include "app/desktop/theme.h"

#include <QFontInfo>
#include <QHelpEvent>
#include <QPainter>
#include <QPolygonF>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr double dotRadius = 3.5, tipReach = 8;

QColor colourOf(ChartInk ink)
{
    QColor pale = theme::blue;
    switch (ink) {
    case ChartInk::Grid:
        return theme::line;
    case ChartInk::Label:
        return theme::faintText;
    case ChartInk::Band:
        pale.setAlpha(38);
        return pale;
    case ChartInk::PaleDot:
        pale.setAlpha(110);
        return pale;
    case ChartInk::Title:
    case ChartInk::Curve:
    case ChartInk::Forecast:
    case ChartInk::Dot:
        break;
    }
    return theme::blue;
}

QPolygonF polygonOf(const ChartShape& shape)
{
    QPolygonF polygon;
    for (const auto& [x, y] : shape.points)
        polygon << QPointF(x, y);
    return polygon;
}

void paintText(QPainter& painter, const ChartShape& shape)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const QString text = metrics.elidedText(QString::fromStdString(shape.text), Qt::ElideRight, shape.width);
    const auto [x, y] = shape.points.front();
    const double width = metrics.horizontalAdvance(text) + 1, height = metrics.height();
    const double left = shape.anchor == ChartShape::Anchor::Left    ? x
                        : shape.anchor == ChartShape::Anchor::Right ? x - width
                                                                    : x - width / 2;
    painter.setPen(colourOf(shape.ink));
    painter.drawText(QRectF(left, y - height / 2, width, height), Qt::AlignLeft | Qt::AlignVCenter, text);
}

void paintShape(QPainter& painter, const ChartShape& shape)
{
    const QColor colour = colourOf(shape.ink);
    switch (shape.kind) {
    case ChartShape::Kind::Line: {
        QPen pen(colour, shape.ink == ChartInk::Grid ? 1 : 1.75, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
        if (shape.ink == ChartInk::Forecast)
            pen.setDashPattern({4, 3});
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(polygonOf(shape));
        return;
    }
    case ChartShape::Kind::Area:
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawPolygon(polygonOf(shape));
        return;
    case ChartShape::Kind::Dot:
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(polygonOf(shape).front(), dotRadius, dotRadius);
        return;
    case ChartShape::Kind::Text:
        break;
    }
    paintText(painter, shape);
}

} // namespace

ChartView::ChartView(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ChartView::setChart(Chart chart)
{
    m_chart = std::move(chart);
    setAccessibleName(QString::fromStdString(m_chart.title));
    update();
}

QSize ChartView::sizeHint() const
{
    return {640, 200};
}

QSize ChartView::minimumSizeHint() const
{
    return {320, 150};
}

QFont ChartView::labelFont() const
{
    QFont font = theme::tabularFont();
    font.setPixelSize(std::max(10, qRound(QFontInfo(this->font()).pixelSize() * 0.85)));
    return font;
}

std::vector<ChartShape> ChartView::shapes() const
{
    return laidOut(m_chart, width(), height(), QFontMetricsF(labelFont()).height());
}

QString ChartView::tipAt(const QPointF& position) const
{
    QString tip;
    double nearest = tipReach;
    for (const ChartShape& shape : shapes()) {
        if (shape.kind != ChartShape::Kind::Dot)
            continue;
        const QPointF away = polygonOf(shape).front() - position;
        const double distance = std::hypot(away.x(), away.y());
        if (distance > nearest)
            continue;
        nearest = distance;
        tip = QString::fromStdString(shape.text);
    }
    return tip;
}

bool ChartView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), tipAt(help->pos()), this);
    return true;
}

void ChartView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(labelFont());
    for (const ChartShape& shape : shapes())
        paintShape(painter, shape);
}

} // namespace annotomy
