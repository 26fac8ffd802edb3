#include "app/desktop/display_panel.h"

#include "app/desktop/fields.h"
#include "app/desktop/theme.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <array>

namespace annotomy {

namespace {

struct WindowPreset {
    const char* name;
    double centre, width; // HU
};

// Customary CT windows (e.g. W. Herring, Learning Radiology; values in HU).
constexpr std::array<WindowPreset, 5> ctPresets{{
    {QT_TRANSLATE_NOOP("WindowPresets", "Soft tissue"), 40, 400},
    {QT_TRANSLATE_NOOP("WindowPresets", "Lung"), -600, 1500},
    {QT_TRANSLATE_NOOP("WindowPresets", "Bone"), 480, 2500},
    {QT_TRANSLATE_NOOP("WindowPresets", "Brain"), 40, 80},
    {QT_TRANSLATE_NOOP("WindowPresets", "Liver"), 60, 160},
}};

} // namespace

DisplayPanel::DisplayPanel(CaseController& controller, QWidget* parent)
    : QFrame(parent), m_controller(controller), m_preset(new QComboBox(this)),
      m_centre(new NumberField(-1e7, 1e7, 0, this)), m_width(new NumberField(1e-3, 1e7, 0, this)),
      m_fill(new ValueSlider(0, 1, ValueSlider::Scale::Linear, this)),
      m_outline(new ValueSlider(0, 1, ValueSlider::Scale::Linear, this))
{
    theme::setRole(this, "card");
    m_preset->setFocusPolicy(Qt::TabFocus);
    m_preset->setMinimumWidth(140);
    auto* layout = cardLayout(this);
    layout->addWidget(sectionTitle(tr("DISPLAY"), this));
    layout->addWidget(labelledRow(tr("Window"), {m_preset}, this));
    auto* widthLabel = new QLabel(tr("Width"), this);
    layout->addWidget(labelledRow(tr("Centre"), {m_centre, widthLabel, m_width}, this));
    m_width->setAccessibleName(tr("Width"));
    layout->addWidget(labelledRow(tr("Fill"), {m_fill}, this));
    layout->addWidget(labelledRow(tr("Outline"), {m_outline}, this));
    m_fill->setAccessibleLabel(tr("Opacity of the segments"));
    m_outline->setAccessibleLabel(tr("Opacity of the outlines"));

    ViewState* view = controller.view();
    connect(m_preset, &QComboBox::activated, this, &DisplayPanel::choosePreset);
    const auto typed = [this, view] { view->setWindow({m_centre->value(), m_width->value(), {}}); };
    connect(m_centre, &NumberField::valueChanged, this, typed);
    connect(m_width, &NumberField::valueChanged, this, typed);
    connect(m_fill, &ValueSlider::moved, view, &ViewState::setFillOpacity);
    connect(m_outline, &ValueSlider::moved, view, &ViewState::setOutlineOpacity);
    connect(view, &ViewState::imageChanged, this, &DisplayPanel::offerPresets);
    connect(view, &ViewState::windowChanged, this, &DisplayPanel::showWindow);
    connect(view, &ViewState::styleChanged, this, &DisplayPanel::showStyle);
    offerPresets();
    showStyle();
}

void DisplayPanel::offerPresets()
{
    const ViewState* view = m_controller.view();
    m_preset->clear();
    m_preset->addItem(view->info().windows.empty() ? tr("Automatic") : tr("As in the header"));
    if (view->info().modality == "CT")
        for (const WindowPreset& preset : ctPresets)
            m_preset->addItem(QCoreApplication::translate("WindowPresets", preset.name));
    m_preset->addItem(tr("Own"));
    const bool image = !view->volume().isNull();
    for (QWidget* field : std::initializer_list<QWidget*>{m_preset, m_centre, m_width})
        field->setEnabled(image);
    const int decimals = image && view->window().width < 20 ? 3 : 0;
    const QSignalBlocker centreBlocker(m_centre), widthBlocker(m_width);
    m_centre->setDecimals(decimals);
    m_width->setDecimals(decimals);
    m_firstWindow = view->window();
    showWindow();
}

void DisplayPanel::choosePreset(int index)
{
    ViewState* view = m_controller.view();
    if (index == 0)
        view->resetWindow();
    else if (index < m_preset->count() - 1) {
        const WindowPreset& preset = ctPresets[static_cast<std::size_t>(index - 1)];
        view->setWindow({preset.centre, preset.width, preset.name});
    } else
        m_centre->setFocus();
    m_preset->setCurrentIndex(index);
}

void DisplayPanel::showWindow()
{
    const DisplayWindow window = m_controller.view()->window();
    const QSignalBlocker centreBlocker(m_centre), widthBlocker(m_width);
    m_centre->setValue(window.centre);
    m_width->setValue(window.width);
    const auto same = [&window](double centre, double width) {
        return window.centre == centre && window.width == width;
    };
    int index = m_preset->count() - 1; // the user's own
    for (int i = 1; i < m_preset->count() - 1; ++i)
        if (const WindowPreset& preset = ctPresets[static_cast<std::size_t>(i - 1)];
            same(preset.centre, preset.width))
            index = i;
    if (same(m_firstWindow.centre, m_firstWindow.width))
        index = 0;
    m_preset->setCurrentIndex(index);
}

void DisplayPanel::showStyle()
{
    m_fill->setValue(m_controller.view()->style().fillOpacity);
    m_outline->setValue(m_controller.view()->style().outlineOpacity);
}

} // namespace annotomy
