#pragma once

#include "core/learn/worker_messages.h"

#include <QWidget>

#include <vector>

namespace annotomy {

// Training loss and validation Dice over the epochs of one run. The two have axes of their own: Dice at the
// left, loss at the right.
class LearningCurve : public QWidget {
    Q_OBJECT

public:
    explicit LearningCurve(QWidget* parent = nullptr);

    void setEpochs(std::vector<EpochRecord> epochs);
    void append(const EpochRecord& epoch); // replaces one of the same number
    const std::vector<EpochRecord>& epochs() const { return m_epochs; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<EpochRecord> m_epochs; // ascending
};

// A rounded range for an axis that holds every value, with a few steps.
struct AxisRange {
    double from = 0, to = 1;
};
AxisRange axisRange(const std::vector<double>& values, double step);

} // namespace annotomy
