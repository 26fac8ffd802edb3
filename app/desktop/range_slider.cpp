#include "app/desktop/range_slider.h"

#include "app/desktop/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr double radius = 6;
constexpr double reach = 9; // pixels from a handle's centre that still take it

// Ranges of many values move in whole ones.
double stepped(double value, const ValueRange& limits)
{
    return limits.max - limits.min >= 20 ? std::round(value) : value;
}

} // namespace

RangeSlider::RangeSlider(QWidget* parent) : QWidget(parent)
{
    setMinimumHeight(24);
    setFocusPolicy(Qt::ClickFocus); // so that a field in which a number is being typed takes it over
}

void RangeSlider::setLimits(const ValueRange& limits)
{
    m_limits = limits;
    update();
}

void RangeSlider::setRange(const ValueRange& range)
{
    m_range = range;
    update();
}

double RangeSlider::valuePerPixel() const
{
    return (m_limits.max - m_limits.min) / std::max(1.0, width() - 2 * radius - 2);
}

double RangeSlider::xOf(double value) const
{
    return radius + 1 + (std::clamp(value, m_limits.min, m_limits.max) - m_limits.min) / valuePerPixel();
}

RangeSlider::Grip RangeSlider::gripAt(double x) const
{
    const double left = xOf(m_range.min), right = xOf(m_range.max);
    const bool nearerLeft = std::abs(x - left) < std::abs(x - right) || (left == right && x < left);
    if (std::min(std::abs(x - left), std::abs(x - right)) > reach && x > left && x < right)
        return Grip::Both;
    return nearerLeft ? Grip::Min : Grip::Max;
}

void RangeSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_grip = gripAt(event->position().x());
    m_pressedX = event->position().x();
    m_pressedRange = {std::clamp(m_range.min, m_limits.min, m_limits.max),
                      std::clamp(m_range.max, m_limits.min, m_limits.max)};
    update();
}

void RangeSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (m_grip == Grip::None)
        return;
    const double moved = (event->position().x() - m_pressedX) * valuePerPixel();
    ValueRange range = m_range;
    const auto within = [this](double value, double low, double high) {
        return std::clamp(stepped(value, m_limits), low, std::max(low, high));
    };
    if (m_grip == Grip::Min)
        range.min = within(m_pressedRange.min + moved, m_limits.min, range.max);
    else if (m_grip == Grip::Max)
        range.max = within(m_pressedRange.max + moved, range.min, m_limits.max);
    else {
        const double length = m_pressedRange.max - m_pressedRange.min;
        range.min = within(m_pressedRange.min + moved, m_limits.min, m_limits.max - length);
        range.max = range.min + length;
    }
    setRange(range);
    Q_EMIT this->moved(range);
}

void RangeSlider::mouseReleaseEvent(QMouseEvent*)
{
    m_grip = Grip::None;
    update();
}

void RangeSlider::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const double middle = 0.5 * height(), left = xOf(m_range.min), right = xOf(m_range.max);
    const auto bar = [&](double from, double to, const QColor& colour) {
        painter.setBrush(colour);
        painter.drawRoundedRect(QRectF(from, middle - 1.5, to - from, 3), 1, 1);
    };
    bar(1, width() - 1, theme::groove);
    bar(left, right, theme::blue);
    for (const auto& [x, grip] : {std::pair(left, Grip::Min), std::pair(right, Grip::Max)}) {
        const bool held = m_grip == grip || m_grip == Grip::Both;
        painter.setBrush(held ? QColor(Qt::white) : theme::handle);
        painter.drawEllipse(QPointF(x, middle), radius, radius);
    }
}

} // namespace annotomy
