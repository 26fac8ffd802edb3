#include "app/desktop/fields.h"

#include "app/desktop/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <cmath>

namespace annotomy {

namespace {

constexpr int sliderSteps = 1000;

} // namespace

SegmentedControl::SegmentedControl(const QStringList& choices, QWidget* parent)
    : QWidget(parent), m_group(new QButtonGroup(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    for (int i = 0; i < choices.size(); ++i) {
        auto* button = new QToolButton(this);
        button->setText(choices[i]);
        button->setCheckable(true);
        button->setMinimumHeight(24);
        theme::setRole(button, "segmented");
        m_group->addButton(button, i);
        layout->addWidget(button);
    }
    m_group->button(0)->setChecked(true);
    connect(m_group, &QButtonGroup::idClicked, this, &SegmentedControl::chosen);
}

int SegmentedControl::current() const
{
    return m_group->checkedId();
}

void SegmentedControl::setCurrent(int index)
{
    m_group->button(index)->setChecked(true);
}

NumberField::NumberField(double minimum, double maximum, int decimals, QWidget* parent)
    : QDoubleSpinBox(parent)
{
    setRange(minimum, maximum);
    setDecimals(decimals);
    setButtonSymbols(QAbstractSpinBox::NoButtons);
    setKeyboardTracking(false);
    setAlignment(Qt::AlignRight);
    setFocusPolicy(Qt::StrongFocus);
    setFont(theme::tabularFont());
    setFixedSize(76, 26);
}

void NumberField::wheelEvent(QWheelEvent* event)
{
    if (hasFocus())
        QDoubleSpinBox::wheelEvent(event);
    else
        event->ignore(); // the panel scrolls
}

void NumberField::keyPressEvent(QKeyEvent* event)
{
    QDoubleSpinBox::keyPressEvent(event);
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Escape)
        clearFocus(); // the single-key shortcuts work again
}

ValueSlider::ValueSlider(double minimum, double maximum, Scale scale, QWidget* parent)
    : QWidget(parent), m_minimum(minimum), m_maximum(maximum), m_scale(scale),
      m_slider(new QSlider(Qt::Horizontal, this))
{
    m_slider->setRange(0, sliderSteps);
    m_slider->setMinimumWidth(60);
    m_slider->setFocusPolicy(Qt::TabFocus);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_slider);
    connect(m_slider, &QSlider::valueChanged, this, [this](int step) {
        const double t = static_cast<double>(step) / sliderSteps;
        Q_EMIT moved(m_scale == Scale::Linear ? m_minimum + t * (m_maximum - m_minimum)
                                              : m_minimum * std::pow(m_maximum / m_minimum, t));
    });
}

void ValueSlider::setValue(double value)
{
    const double clamped = qBound(m_minimum, value, m_maximum);
    const double t = m_scale == Scale::Linear
                         ? (clamped - m_minimum) / (m_maximum - m_minimum)
                         : std::log(clamped / m_minimum) / std::log(m_maximum / m_minimum);
    const QSignalBlocker blocker(m_slider);
    m_slider->setValue(static_cast<int>(std::lround(t * sliderSteps)));
}

void ValueSlider::setAccessibleLabel(const QString& label)
{
    m_slider->setAccessibleName(label);
}

QWidget* labelledRow(const QString& label, std::initializer_list<QWidget*> fields, QWidget* parent)
{
    auto* row = new QWidget(parent);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    auto* caption = new QLabel(label, row);
    caption->setMinimumWidth(60); // sliders of one card begin on one line
    layout->addWidget(caption);
    bool stretches = false;
    for (QWidget* field : fields)
        stretches = stretches || qobject_cast<ValueSlider*>(field);
    if (!stretches)
        layout->addStretch(1);
    for (QWidget* field : fields) {
        layout->addWidget(field, qobject_cast<ValueSlider*>(field) ? 1 : 0);
        if (field->accessibleName().isEmpty())
            field->setAccessibleName(label);
    }
    row->setMinimumHeight(26);
    return row;
}

QLabel* sectionTitle(const QString& text, QWidget* parent)
{
    auto* title = new QLabel(text, parent);
    theme::setRole(title, "sectionTitle");
    return title;
}

QVBoxLayout* cardLayout(QWidget* card)
{
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(4);
    return layout;
}

} // namespace annotomy
