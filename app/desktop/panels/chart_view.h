#pragma once

#include "app/workbench/progress_chart.h"

#include <QWidget>

namespace annotomy {

// Draws a chart in the theme's colours; what a dot stands for is its tool tip.
class ChartView : public QWidget {
    Q_OBJECT

public:
    explicit ChartView(QWidget* parent = nullptr);

    void setChart(Chart chart);
    const Chart& chart() const { return m_chart; }
    QString tipAt(const QPointF& position) const; // of the nearest dot within reach; empty when there is none
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QFont labelFont() const;
    std::vector<ChartShape> shapes() const;

    Chart m_chart;
};

} // namespace annotomy
