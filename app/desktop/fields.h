#pragma once

#include <QDoubleSpinBox>
#include <QWidget>

#include <functional>

class QButtonGroup;
class QLabel;
class QSlider;
class QVBoxLayout;

namespace annotomy {

// A few words to choose one of, side by side.
class SegmentedControl : public QWidget {
    Q_OBJECT

public:
    explicit SegmentedControl(const QStringList& choices, QWidget* parent = nullptr);
    int current() const;
    void setCurrent(int index);

Q_SIGNALS:
    void chosen(int index); // by the user

private:
    QButtonGroup* m_group;
};

// A typed number without arrows; the value is taken over on Return or when the focus leaves, and steps on the
// wheel only while it has the focus.
class NumberField : public QDoubleSpinBox {
    Q_OBJECT

public:
    NumberField(double minimum, double maximum, int decimals, QWidget* parent = nullptr);

protected:
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
};

// A slider with 1000 steps over [minimum, maximum], linear or logarithmic.
class ValueSlider : public QWidget {
    Q_OBJECT

public:
    enum class Scale { Linear, Logarithmic }; // logarithmic needs minimum > 0

    ValueSlider(double minimum, double maximum, Scale scale, QWidget* parent = nullptr);
    void setValue(double value); // emits nothing
    void setAccessibleLabel(const QString& label);

Q_SIGNALS:
    void moved(double value); // by the user

private:
    double m_minimum, m_maximum;
    Scale m_scale;
    QSlider* m_slider;
};

// "Label ........ field" on one line of a card.
QWidget* labelledRow(const QString& label, std::initializer_list<QWidget*> fields, QWidget* parent);
QLabel* sectionTitle(const QString& text, QWidget* parent);
QVBoxLayout* cardLayout(QWidget* card);

} // namespace annotomy
