#include "app/desktop/display_panel.h"

#include "app/desktop/fields.h"
#include "app/desktop/theme.h"
#include "core/image/voi_curve.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
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
    : QFrame(parent), m_controller(controller), m_channelRow(nullptr), m_channel(new QComboBox(this)),
      m_preset(new QComboBox(this)),
      m_centre(new NumberField(-1e7, 1e7, 0, this)), m_width(new NumberField(1e-3, 1e7, 0, this)),
      m_fill(new ValueSlider(0, 1, ValueSlider::Scale::Linear, this)),
      m_outline(new ValueSlider(0, 1, ValueSlider::Scale::Linear, this))
{
    theme::setRole(this, "card");
    m_preset->setFocusPolicy(Qt::TabFocus);
    m_preset->setFixedWidth(172);
    auto* layout = cardLayout(this);
    auto* title = new QHBoxLayout;
    title->addWidget(sectionTitle(tr("DISPLAY"), this), 1);
    title->addWidget(m_preset);
    layout->addLayout(title);
    m_channel->setFocusPolicy(Qt::TabFocus);
    m_channel->setFixedWidth(172);
    m_channel->setAccessibleName(tr("Image"));
    m_channel->setToolTip(tr("The image shown: , and . step through channels and times"));
    m_channelRow = labelledRow(tr("Image"), {m_channel}, this);
    layout->addWidget(m_channelRow);
    m_preset->setAccessibleName(tr("Window"));
    auto* widthLabel = new QLabel(tr("Width"), this);
    layout->addWidget(labelledRow(tr("Centre"), {m_centre, widthLabel, m_width}, this));
    m_width->setAccessibleName(tr("Width"));
    layout->addWidget(labelledRow(tr("Fill"), {m_fill, new QLabel(tr("Outline"), this), m_outline}, this));
    m_fill->setAccessibleLabel(tr("Opacity of the segments"));
    m_outline->setAccessibleLabel(tr("Opacity of the outlines"));

    ViewState* view = controller.view();
    connect(m_preset, &QComboBox::activated, this, &DisplayPanel::choosePreset);
    const auto typed = [this, view] {
        DisplayWindow window = view->window(); // keeps its curve, as under the mouse
        window.centre = m_centre->value();
        window.width = m_width->value();
        window.explanation.clear();
        view->setWindow(window);
    };
    connect(m_centre, &NumberField::valueChanged, this, typed);
    connect(m_width, &NumberField::valueChanged, this, typed);
    connect(m_fill, &ValueSlider::moved, view, &ViewState::setFillOpacity);
    connect(m_outline, &ValueSlider::moved, view, &ViewState::setOutlineOpacity);
    connect(view, &ViewState::shownImageChanged, this, &DisplayPanel::offerPresets);
    CaseChannels* channels = &controller.channels();
    connect(m_channel, &QComboBox::activated, channels, &CaseChannels::show);
    connect(channels, &CaseChannels::listChanged, this, &DisplayPanel::offerChannels);
    connect(channels, &CaseChannels::shownChanged, this, &DisplayPanel::showChannel);
    connect(channels, &CaseChannels::loadingChanged, this, &DisplayPanel::showChannel);
    connect(view, &ViewState::windowChanged, this, &DisplayPanel::showWindow);
    connect(view, &ViewState::styleChanged, this, &DisplayPanel::showStyle);
    offerChannels();
    offerPresets();
    showStyle();
}

void DisplayPanel::offerChannels()
{
    m_channel->clear();
    for (const CaseChannel& channel : m_controller.channels().all())
        m_channel->addItem(channelTitle(channel));
    m_channelRow->setVisible(m_channel->count() > 1);
    showChannel();
}

// While an image is read, the list names it already: the wish is seen at once.
void DisplayPanel::showChannel()
{
    const CaseChannels& channels = m_controller.channels();
    m_channel->setCurrentIndex(channels.loading() >= 0 ? channels.loading() : channels.shown());
}

void DisplayPanel::offer(const QString& name, const DisplayWindow& window)
{
    const auto same = [&window](const DisplayWindow& other) { return showAlike(other, window); };
    if (std::none_of(m_offered.begin(), m_offered.end(), same)) {
        m_offered.push_back(window);
        m_preset->addItem(name);
    }
}

void DisplayPanel::offerHeaderWindows()
{
    for (const DisplayWindow& window : m_controller.view()->info().windows) {
        const QString name = QString::fromStdString(window.explanation).trimmed();
        if (window.width > 0)
            offer(name.isEmpty() ? tr("As in the header") : tr("Header: %1").arg(name), window);
    }
    const std::vector<DisplayWindow>& windows = m_controller.view()->info().windows;
    const auto curved = std::find_if(windows.begin(), windows.end(), isCurved);
    if (curved != windows.end() && curved->width > 0)
        offer(tr("Without the curve"), straightened(*curved));
}

void DisplayPanel::offerPresets()
{
    const ViewState* view = m_controller.view();
    const bool image = !view->volume().isNull();
    m_preset->clear();
    m_offered.clear();
    if (image && view->initialWindowSource() == ViewState::WindowSource::Percentiles)
        offer(tr("99 % of the values"), view->initialWindow());
    if (image && view->initialWindowSource() == ViewState::WindowSource::Colours)
        offer(tr("Colours as stored"), view->initialWindow());
    offerHeaderWindows();
    if (view->info().modality == "CT")
        for (const WindowPreset& preset : ctPresets)
            offer(QCoreApplication::translate("WindowPresets", preset.name),
                  {preset.centre, preset.width, preset.name});
    m_preset->addItem(tr("Own"));
    for (QWidget* field : std::initializer_list<QWidget*>{m_preset, m_centre, m_width})
        field->setEnabled(image);
    const int decimals = image && view->window().width < 20 ? 3 : 0;
    const QSignalBlocker centreBlocker(m_centre), widthBlocker(m_width);
    m_centre->setDecimals(decimals);
    m_width->setDecimals(decimals);
    showWindow();
}

void DisplayPanel::choosePreset(int index)
{
    if (index < static_cast<int>(m_offered.size()))
        m_controller.view()->setWindow(m_offered[static_cast<std::size_t>(index)]);
    else
        m_centre->setFocus();
    m_preset->setCurrentIndex(index);
}

void DisplayPanel::showWindow()
{
    const DisplayWindow window = m_controller.view()->window();
    const QSignalBlocker centreBlocker(m_centre), widthBlocker(m_width);
    m_centre->setValue(window.centre);
    m_width->setValue(window.width);
    const auto shown =
        std::find_if(m_offered.begin(), m_offered.end(), [&window](const DisplayWindow& offered) {
            return showAlike(offered, window);
        });
    m_preset->setCurrentIndex(static_cast<int>(shown - m_offered.begin())); // past them: the user's own
}

void DisplayPanel::showStyle()
{
    m_fill->setValue(m_controller.view()->style().fillOpacity);
    m_outline->setValue(m_controller.view()->style().outlineOpacity);
}

} // namespace annotomy
