#include "app/desktop/panels/heat_legend.h"

#include "app/desktop/theme.h"
#include "viewer/heat_colours.h"

#include <QPainter>

namespace annotomy {

namespace {

constexpr int stripWidth = 96, stripHeight = 10, gap = 8;

} // namespace

HeatLegend::HeatLegend(QWidget* parent) : QWidget(parent)
{
    setFont(theme::tabularFont());
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void HeatLegend::setEnds(const QString& low, const QString& high)
{
    m_low = low;
    m_high = high;
    setAccessibleName(tr("Colours from %1 to %2").arg(low, high));
    updateGeometry();
    update();
}

QSize HeatLegend::sizeHint() const
{
    const QFontMetrics metrics(font());
    return {metrics.horizontalAdvance(m_low) + metrics.horizontalAdvance(m_high) + stripWidth + 2 * gap + 2,
            metrics.height()};
}

// Over black, as the lower values are seen through the image.
void HeatLegend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const int left = painter.fontMetrics().horizontalAdvance(m_low) + gap, top = (height() - stripHeight) / 2;
    painter.fillRect(left, top, stripWidth, stripHeight, theme::pane);
    for (int x = 0; x < stripWidth; ++x) {
        const double value = (x + 0.5) / stripWidth;
        QColor colour(heatColour(value));
        colour.setAlphaF(static_cast<float>(heatOpacity * value));
        painter.fillRect(left + x, top, 1, stripHeight, colour);
    }
    painter.setPen(theme::secondaryText);
    painter.drawText(QRect(0, 0, left, height()), Qt::AlignLeft | Qt::AlignVCenter, m_low);
    painter.drawText(rect().adjusted(left + stripWidth + gap, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, m_high);
}

} // namespace annotomy
