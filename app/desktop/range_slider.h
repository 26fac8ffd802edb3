#pragma once

#include "core/image/volume.h"

#include <QWidget>

namespace annotomy {

// Two handles on one line. Dragging between them moves both. GUI thread.
class RangeSlider : public QWidget {
    Q_OBJECT

public:
    explicit RangeSlider(QWidget* parent = nullptr);
    void setLimits(const ValueRange& limits); // min < max
    void setRange(const ValueRange& range);   // emits nothing; may lie beyond the limits

    QSize sizeHint() const override { return {120, 24}; }

Q_SIGNALS:
    void moved(const annotomy::ValueRange& range); // by the user; min <= max

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    enum class Grip { None, Min, Max, Both };
    double xOf(double value) const;
    double valuePerPixel() const;
    Grip gripAt(double x) const;

    ValueRange m_limits{0, 1}, m_range{0, 1};
    ValueRange m_pressedRange;
    double m_pressedX = 0;
    Grip m_grip = Grip::None;
};

} // namespace annotomy
