#include "app/desktop/panels/suspicion_bar.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/case_maps.h"
#include "app/desktop/panels/heat_legend.h"
#include "app/desktop/panels/panel_text.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <cmath>

namespace annotomy {

namespace {

constexpr int coverageWidth = 120;
constexpr int mapWidth = 176;
constexpr double mostlyBorder = 0.4;     // share of a region's voxels from which it is called the border
constexpr double remarkableSize = 1.5; // standard deviations

// "Lungs border, entropy 0.61 nats, 1.20 ml; the segment is larger than usual by 2.1 SD".
QString regionSentence(const CaseMaps& maps, const SuspiciousRegion& region)
{
    const QLocale locale;
    const QString name = maps.segmentOf(region);
    QString where = name;
    if (name.isEmpty())
        where = SuspicionBar::tr("outside every segment");
    else if (region.boundaryShare >= mostlyBorder)
        where = SuspicionBar::tr("border of %1").arg(name);
    QString text = SuspicionBar::tr("%1, entropy %2 nats, %3")
                       .arg(where, locale.toString(region.meanEntropy, 'f', 2), paneltext::millilitres(region.volumeMl));
    if (std::abs(region.sizeDeviation) >= remarkableSize)
        text += (region.sizeDeviation > 0 ? SuspicionBar::tr("; %1 is larger than usual by %2 SD")
                                          : SuspicionBar::tr("; %1 is smaller than usual by %2 SD"))
                    .arg(name, locale.toString(std::abs(region.sizeDeviation), 'f', 1));
    return text;
}

} // namespace

SuspicionBar::SuspicionBar(CaseController& controller, QWidget* parent)
    : QFrame(parent), m_maps(controller.maps()), m_place(makeLabel({}, "strong", this)), m_what(new ElidedLabel({}, this)),
      m_looked(makeLabel({}, "secondary", this)), m_coverage(new ThinBar(this)),
      m_previous(makeButton(tr("Previous  K"), "quiet", this)), m_next(makeButton(tr("Next  J"), "quiet", this)),
      m_map(new QComboBox(this)), m_legend(new HeatLegend(this))
{
    setObjectName(QStringLiteral("suspicionBar"));
    theme::setRole(this, "card");
    theme::setRole(m_what, "secondary");
    m_what->setFont(theme::tabularFont());
    m_looked->setFont(theme::tabularFont());
    m_coverage->setFixedWidth(coverageWidth);
    m_map->setFixedWidth(mapWidth);
    m_map->setFocusPolicy(Qt::TabFocus);
    m_map->setAccessibleName(tr("Map over the images"));
    auto* end = makeButton(tr("Close"), "", this);
    auto* upper = new QHBoxLayout;
    upper->setSpacing(8);
    upper->addWidget(m_place);
    upper->addWidget(m_what, 1);
    upper->addWidget(m_previous);
    upper->addWidget(m_next);
    upper->addWidget(end);
    auto* lower = new QHBoxLayout;
    lower->setSpacing(10);
    lower->addWidget(m_coverage);
    lower->addWidget(m_looked, 1);
    lower->addWidget(m_legend);
    lower->addWidget(m_map);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 8, 8, 8);
    column->setSpacing(6);
    column->addLayout(upper);
    column->addLayout(lower);
    connect(m_previous, &QPushButton::clicked, this, [this] { m_maps.step(-1); });
    connect(m_next, &QPushButton::clicked, this, [this] { m_maps.step(1); });
    connect(end, &QPushButton::clicked, &m_maps, &CaseMaps::close);
    connect(m_map, &QComboBox::activated, this, &SuspicionBar::chooseMap);
    connect(&m_maps, &CaseMaps::changed, this, &SuspicionBar::refresh);
    refresh();
}

void SuspicionBar::refresh()
{
    const bool anything = m_maps.busy() || m_maps.hasTour() || m_maps.has(CaseMaps::Map::Explanation);
    setVisible(anything);
    if (!anything)
        return;
    refreshTour();
    refreshMaps();
}

void SuspicionBar::refreshTour()
{
    const int at = m_maps.current();
    for (QWidget* widget : std::initializer_list<QWidget*>{m_previous, m_next, m_coverage})
        widget->setVisible(at >= 0);
    m_looked->setText(at < 0 ? QString()
                             : tr("%1 % of the suspicious volume looked at, %2 % of this region")
                                   .arg(static_cast<int>(100 * m_maps.coverage()))
                                   .arg(static_cast<int>(100 * m_maps.coverageOf(at))));
    m_coverage->setFraction(at < 0 ? -1 : m_maps.coverage());
    m_what->clear();
    if (m_maps.busy()) {
        m_place->setText(tr("%1 …").arg(m_maps.work()));
    } else if (at >= 0) {
        m_place->setText(tr("Region %1 of %2").arg(at + 1).arg(m_maps.regionCount()));
        m_what->setText(regionSentence(m_maps, m_maps.region(at)));
    } else if (m_maps.hasTour()) {
        m_place->setText(tr("The model is sure everywhere: no suspicious region"));
    } else {
        m_place->setText(tr("Where the model sees %1").arg(m_maps.explained()));
    }
}

void SuspicionBar::refreshMaps()
{
    using Map = CaseMaps::Map;
    const QSignalBlocker quiet(m_map);
    m_map->clear();
    m_map->addItem(tr("No map"), static_cast<int>(Map::None));
    if (m_maps.has(Map::Uncertainty)) {
        m_map->addItem(tr("Uncertainty"), static_cast<int>(Map::Uncertainty));
        m_map->addItem(tr("Probability"), static_cast<int>(Map::Probability));
    }
    if (m_maps.has(Map::Explanation)) {
        const QString name = m_maps.explained();
        m_map->addItem(m_maps.method() == "occlusion" ? tr("Occlusion: %1").arg(name) : tr("Grad-CAM: %1").arg(name),
                       static_cast<int>(Map::Explanation));
    }
    const Map shown = m_maps.shown();
    m_map->setCurrentIndex(m_map->findData(static_cast<int>(shown)));
    m_map->setVisible(m_map->count() > 1);
    m_legend->setVisible(shown != Map::None);
    const QString high = shown == Map::Uncertainty  ? tr("%1 nats").arg(QLocale().toString(m_maps.mostNats(), 'f', 2))
                         : shown == Map::Probability ? tr("probability 1")
                                                     : tr("most");
    m_legend->setEnds(QLocale().toString(0), high);
}

void SuspicionBar::chooseMap(int index)
{
    m_maps.show(static_cast<CaseMaps::Map>(m_map->itemData(index).toInt()));
}

} // namespace annotomy
