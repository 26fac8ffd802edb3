#pragma once

#include <QWidget>

namespace annotomy {

// The colours of a map over the slices, between the values of both ends.
class HeatLegend : public QWidget {
    Q_OBJECT

public:
    explicit HeatLegend(QWidget* parent = nullptr);
    void setEnds(const QString& low, const QString& high); // "0", "0.69 nats"
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_low, m_high;
};

} // namespace annotomy
