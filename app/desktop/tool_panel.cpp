#include "app/desktop/tool_panel.h"

#include "app/desktop/fields.h"
#include "app/desktop/range_slider.h"
#include "app/desktop/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace annotomy {

namespace {

constexpr double valueLimit = 1e7; // typed image values

QLabel* dash(QWidget* parent)
{
    auto* label = new QLabel(QStringLiteral("–"), parent);
    theme::setRole(label, "faint");
    return label;
}

void showQuietly(NumberField* field, double value)
{
    if (field->hasFocus())
        return; // the user is typing
    const QSignalBlocker blocker(field);
    field->setValue(value);
}

} // namespace

ToolPanel::ToolPanel(ToolSettings& settings, QWidget* parent)
    : QFrame(parent), m_settings(settings), m_title(sectionTitle({}, this)), m_hint(new QLabel(this))
{
    theme::setRole(this, "card");
    theme::setRole(m_hint, "faint");
    m_hint->setWordWrap(true);
    buildBrushRows();
    buildRegionRows();
    buildMaskingRows();
    auto* layout = cardLayout(this);
    for (QWidget* row : std::initializer_list<QWidget*>{m_title, m_shapeRow, m_diameterRow, m_thresholdRow,
                                                        m_thresholdSlider, m_toleranceRow, m_reachRow,
                                                        m_paintOverRow, m_onlyRow, m_hint, m_apply})
        layout->addWidget(row);
    connect(&settings, &ToolSettings::toolChanged, this, &ToolPanel::showTool);
    connect(&settings, &ToolSettings::changed, this, &ToolPanel::showValues);
    showTool();
    showValues();
}

void ToolPanel::buildBrushRows()
{
    m_shape = new SegmentedControl({tr("Disc"), tr("Ball")}, this);
    connect(m_shape, &SegmentedControl::chosen, this,
            [this](int index) { m_settings.setShape(index == 0 ? BrushShape::Disc : BrushShape::Ball); });
    m_shapeRow = labelledRow(tr("Shape"), {m_shape}, this);

    m_diameterSlider = new ValueSlider(ToolSettings::minimumDiameterMm, ToolSettings::maximumDiameterMm,
                                       ValueSlider::Scale::Logarithmic, this);
    m_diameter = new NumberField(ToolSettings::minimumDiameterMm, ToolSettings::maximumDiameterMm, 1, this);
    m_diameter->setSuffix(tr(" mm"));
    m_diameter->setSingleStep(0.5);
    connect(m_diameterSlider, &ValueSlider::moved, &m_settings, &ToolSettings::setDiameterMm);
    connect(m_diameter, &NumberField::valueChanged, &m_settings, &ToolSettings::setDiameterMm);
    m_diameterSlider->setAccessibleLabel(tr("Diameter"));
    m_diameterRow = labelledRow(tr("Diameter"), {m_diameterSlider, m_diameter}, this);
}

void ToolPanel::buildRegionRows()
{
    m_thresholdMin = new NumberField(-valueLimit, valueLimit, 0, this);
    m_thresholdMax = new NumberField(-valueLimit, valueLimit, 0, this);
    const auto write = [this] {
        m_settings.setThreshold({m_thresholdMin->value(), m_thresholdMax->value()});
    };
    connect(m_thresholdMin, &NumberField::valueChanged, this, write);
    connect(m_thresholdMax, &NumberField::valueChanged, this, write);
    m_thresholdMin->setAccessibleName(tr("Values from"));
    m_thresholdMax->setAccessibleName(tr("Values up to"));
    m_thresholdSlider = new RangeSlider(this);
    connect(m_thresholdSlider, &RangeSlider::moved, &m_settings, &ToolSettings::setThreshold);
    m_thresholdRow = labelledRow(tr("Values"), {m_thresholdMin, dash(this), m_thresholdMax}, this);

    m_tolerance = new NumberField(0, valueLimit, 0, this);
    m_tolerance->setPrefix(QStringLiteral("± "));
    connect(m_tolerance, &NumberField::valueChanged, &m_settings, &ToolSettings::setFillTolerance);
    m_toleranceRow = labelledRow(tr("Tolerance"), {m_tolerance}, this);

    m_reach = new SegmentedControl({tr("2-D slice"), tr("3-D volume")}, this);
    connect(m_reach, &SegmentedControl::chosen, this,
            [this](int index) { m_settings.setReach(index == 0 ? FillReach::Slice : FillReach::Volume); });
    m_reachRow = labelledRow(tr("Reach"), {m_reach}, this);

    m_apply = new QPushButton(tr("Apply to the active segment"), this);
    m_apply->setFocusPolicy(Qt::TabFocus); // hidden with the focus it would hand it to whatever comes next
    connect(m_apply, &QPushButton::clicked, this, &ToolPanel::thresholdRequested);
}

void ToolPanel::buildMaskingRows()
{
    m_paintOver = new SegmentedControl({tr("All"), tr("Empty")}, this);
    m_paintOver->setToolTip(tr("Locked segments are never painted over."));
    connect(m_paintOver, &SegmentedControl::chosen, this,
            [this](int index) { m_settings.setPaintOver(index == 0 ? PaintOver::All : PaintOver::Empty); });
    m_paintOverRow = labelledRow(tr("Paint over"), {m_paintOver}, this);

    m_onlyValues = new QCheckBox(tr("Only values"), this);
    m_onlyMin = new NumberField(-valueLimit, valueLimit, 0, this);
    m_onlyMax = new NumberField(-valueLimit, valueLimit, 0, this);
    m_onlyMin->setAccessibleName(tr("Only values from"));
    m_onlyMax->setAccessibleName(tr("Only values up to"));
    m_onlyMin->setFixedWidth(62);
    m_onlyMax->setFixedWidth(62);
    connect(m_onlyValues, &QCheckBox::toggled, this, &ToolPanel::writeOnlyValues);
    connect(m_onlyMin, &NumberField::editingFinished, this, &ToolPanel::writeOnlyValues);
    connect(m_onlyMax, &NumberField::editingFinished, this, &ToolPanel::writeOnlyValues);
    m_onlyRow = new QWidget(this);
    auto* layout = new QHBoxLayout(m_onlyRow);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_onlyValues);
    layout->addStretch(1);
    layout->addWidget(m_onlyMin);
    layout->addWidget(dash(m_onlyRow));
    layout->addWidget(m_onlyMax);
}

void ToolPanel::writeOnlyValues()
{
    if (!m_onlyValues->isChecked())
        return m_settings.setOnlyValues({});
    const double a = m_onlyMin->value(), b = m_onlyMax->value();
    m_settings.setOnlyValues(ValueRange{std::min(a, b), std::max(a, b)});
}

void ToolPanel::showTool()
{
    const ToolKind tool = m_settings.tool();
    const bool brush = tool == ToolKind::Brush || tool == ToolKind::Eraser;
    const bool paints = tool != ToolKind::Crosshair;
    m_title->setText(toolName(tool).toUpper());
    m_shapeRow->setVisible(brush);
    m_diameterRow->setVisible(brush);
    m_thresholdRow->setVisible(tool == ToolKind::Threshold);
    m_thresholdSlider->setVisible(tool == ToolKind::Threshold);
    m_toleranceRow->setVisible(tool == ToolKind::Fill);
    m_reachRow->setVisible(tool == ToolKind::Threshold || tool == ToolKind::Fill);
    m_paintOverRow->setVisible(paints && tool != ToolKind::Eraser);
    m_onlyRow->setVisible(brush);
    m_apply->setVisible(tool == ToolKind::Threshold);
    m_hint->setVisible(tool == ToolKind::Crosshair || tool == ToolKind::Fill);
    m_hint->setText(tool == ToolKind::Fill
                        ? tr("Click where to begin: what is connected and of similar value is painted.")
                        : tr("Drag with the left button to move the crosshair in all planes."));
}

void ToolPanel::showValues()
{
    m_shape->setCurrent(m_settings.brush().shape == BrushShape::Disc ? 0 : 1);
    m_diameterSlider->setValue(m_settings.brush().diameterMm);
    showQuietly(m_diameter, m_settings.brush().diameterMm);
    m_paintOver->setCurrent(m_settings.masking().paintOver == PaintOver::All ? 0 : 1);
    const auto& only = m_settings.masking().onlyValues;
    const QSignalBlocker blocker(m_onlyValues);
    m_onlyValues->setChecked(only.has_value());
    m_onlyMin->setEnabled(only.has_value());
    m_onlyMax->setEnabled(only.has_value());
    showQuietly(m_onlyMin, only ? only->min : m_settings.threshold().min);
    showQuietly(m_onlyMax, only ? only->max : m_settings.threshold().max);
    showQuietly(m_thresholdMin, m_settings.threshold().min);
    showQuietly(m_thresholdMax, m_settings.threshold().max);
    if (const auto& limits = m_settings.valueLimits())
        m_thresholdSlider->setLimits(*limits);
    m_thresholdSlider->setRange(m_settings.threshold());
    showQuietly(m_tolerance, m_settings.fillTolerance());
    m_reach->setCurrent(m_settings.reach() == FillReach::Slice ? 0 : 1);
}

void ToolPanel::setValueUnit(const QString& unit, const ValueRange& values)
{
    const int decimals = values.max - values.min < 20 ? 3 : 0;
    for (NumberField* field : {m_onlyMin, m_onlyMax, m_thresholdMin, m_thresholdMax, m_tolerance}) {
        const QSignalBlocker blocker(field);
        field->setDecimals(decimals);
        field->setToolTip(unit.isEmpty() ? tr("Image values") : tr("Image values in %1").arg(unit));
    }
    showValues();
}

} // namespace annotomy
