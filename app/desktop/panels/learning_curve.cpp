#include "app/desktop/panels/learning_curve.h"

#include "app/desktop/theme.h"

#include <QFontInfo>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

struct Scale {
    QRectF plot;
    double firstEpoch = 0, lastEpoch = 1;

    QPointF at(double epoch, double value, const AxisRange& range) const
    {
        const double x = lastEpoch > firstEpoch ? (epoch - firstEpoch) / (lastEpoch - firstEpoch) : 0.0;
        const double y = (value - range.from) / (range.to - range.from);
        return {plot.left() + x * plot.width(), plot.bottom() - y * plot.height()};
    }
};

using Points = std::vector<std::pair<double, double>>; // epoch, value

Points dicePoints(const std::vector<EpochRecord>& epochs)
{
    Points points;
    for (const EpochRecord& epoch : epochs)
        if (epoch.validationDice && std::isfinite(*epoch.validationDice))
            points.emplace_back(epoch.epoch, *epoch.validationDice);
    return points;
}

Points lossPoints(const std::vector<EpochRecord>& epochs)
{
    Points points;
    for (const EpochRecord& epoch : epochs)
        if (std::isfinite(epoch.trainLoss))
            points.emplace_back(epoch.epoch, epoch.trainLoss);
    return points;
}

AxisRange rangeOf(const Points& points, double step)
{
    std::vector<double> values;
    for (const auto& point : points)
        values.push_back(point.second);
    return axisRange(values, step);
}

void paintCurve(QPainter& painter, const Scale& scale, const Points& points, const AxisRange& range,
                const QColor& colour, double width)
{
    if (points.empty())
        return;
    QPainterPath path;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const QPointF point = scale.at(points[i].first, points[i].second, range);
        i == 0 ? path.moveTo(point) : path.lineTo(point);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(scale.at(points.back().first, points.back().second, range), width + 0.75,
                        width + 0.75);
}

void paintAxis(QPainter& painter, const QRectF& plot, const AxisRange& range, int digits, bool left)
{
    const int height = painter.fontMetrics().height();
    for (const double fraction : {0.0, 1.0}) {
        const double y = plot.bottom() - fraction * plot.height();
        const QString label = QString::number(range.from + fraction * (range.to - range.from), 'f', digits);
        const QRectF box = left ? QRectF(0, y - height / 2.0, plot.left() - 6, height)
                                : QRectF(plot.right() + 8, y - height / 2.0, 40, height);
        painter.drawText(box, left ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter,
                         label);
    }
}

void paintGrid(QPainter& painter, const QRectF& plot)
{
    painter.setPen(QPen(theme::line, 1));
    for (const double fraction : {0.0, 0.5, 1.0}) {
        const double y = std::round(plot.bottom() - fraction * plot.height()) + 0.5;
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    }
}

} // namespace

AxisRange axisRange(const std::vector<double>& values, double step)
{
    if (values.empty())
        return {};
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    AxisRange range{std::floor(*low / step) * step, std::ceil(*high / step) * step};
    if (range.to - range.from < step)
        range.to = range.from + step;
    return range;
}

LearningCurve::LearningCurve(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Learning curve"));
}

void LearningCurve::setEpochs(std::vector<EpochRecord> epochs)
{
    std::sort(epochs.begin(), epochs.end(),
              [](const EpochRecord& a, const EpochRecord& b) { return a.epoch < b.epoch; });
    m_epochs = std::move(epochs);
    update();
}

void LearningCurve::append(const EpochRecord& epoch)
{
    const auto place =
        std::lower_bound(m_epochs.begin(), m_epochs.end(), epoch.epoch,
                         [](const EpochRecord& known, int number) { return known.epoch < number; });
    if (place != m_epochs.end() && place->epoch == epoch.epoch)
        *place = epoch;
    else
        m_epochs.insert(place, epoch);
    update();
}

QSize LearningCurve::sizeHint() const
{
    return {240, 96};
}

QSize LearningCurve::minimumSizeHint() const
{
    return {160, 96};
}

void LearningCurve::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font = theme::tabularFont();
    font.setPixelSize(std::max(10, qRound(QFontInfo(this->font()).pixelSize() * 0.8)));
    painter.setFont(font);
    const int textHeight = painter.fontMetrics().height();
    const QRectF plot(34, textHeight + 8, width() - 34 - 36, height() - 2 * textHeight - 16);
    paintGrid(painter, plot);

    const Points dice = dicePoints(m_epochs), loss = lossPoints(m_epochs);
    const AxisRange diceRange = rangeOf(dice, 0.1), lossRange = rangeOf(loss, 0.2);
    Scale scale{plot};
    if (!m_epochs.empty()) {
        scale.firstEpoch = m_epochs.front().epoch;
        scale.lastEpoch = std::max(m_epochs.back().epoch, m_epochs.front().epoch + 1);
    }
    paintCurve(painter, scale, loss, lossRange, theme::faintText, 1.0);
    paintCurve(painter, scale, dice, diceRange, theme::blue, 1.75);

    painter.setPen(theme::blue);
    painter.drawText(QRectF(0, 0, width() / 2.0, textHeight), Qt::AlignLeft, tr("Validation Dice"));
    if (!dice.empty())
        paintAxis(painter, plot, diceRange, 1, true);
    painter.setPen(theme::secondaryText);
    painter.drawText(QRectF(width() / 2.0, 0, width() / 2.0, textHeight), Qt::AlignRight,
                     tr("Training loss"));
    if (!loss.empty())
        paintAxis(painter, plot, lossRange, 1, false);
    painter.setPen(theme::faintText);
    const QString epochs = m_epochs.empty() ? tr("no epochs yet") : tr("epoch %1").arg(m_epochs.back().epoch);
    painter.drawText(QRectF(plot.left(), plot.bottom() + 4, plot.width(), textHeight), Qt::AlignRight,
                     epochs);
}

} // namespace annotomy
