#include "app/desktop/tool_controller.h"

#include "app/desktop/seed_tool.h"
#include "core/edit/region.h"
#include "viewer/slice_pane.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace annotomy {

namespace {

Index3 nearestVoxel(const Vec3& index)
{
    return {static_cast<int>(std::lround(index[0])), static_cast<int>(std::lround(index[1])),
            static_cast<int>(std::lround(index[2]))};
}

// The one slice of the grid across `axis` that holds `index`.
IndexBox sliceBox(const VolumeGeometry& geometry, int axis, const Index3& index)
{
    const auto a = static_cast<std::size_t>(axis);
    IndexBox box = geometry.bounds();
    box.lo[a] = index[a];
    box.hi[a] = index[a] + 1;
    return box;
}

// What a slider spans: all values but the few brightest.
ValueRange valueLimits(const Volume& volume)
{
    constexpr std::array fractions{0.0, 0.9999};
    const std::vector<double> limits = percentiles(volume, fractions);
    return {limits[0], std::max(limits[1], limits[0] + 1e-6)};
}

} // namespace

ToolController::ToolController(CaseController& controller, ToolSettings& settings, QObject* parent)
    : QObject(parent), m_controller(controller), m_settings(settings), m_sink(controller, settings)
{
    connect(&settings, &ToolSettings::toolChanged, this, [this] {
        handToPanes();
        showPreview();
    });
    connect(&settings, &ToolSettings::changed, this, [this] {
        if (m_brush) {
            m_brush->setOptions(m_settings.brush());
            m_eraser->setOptions(m_settings.brush());
        }
        for (SlicePane* pane : m_panes)
            pane->update();
        showPreview();
    });
    connect(&controller, &CaseController::caseOpened, this, [this] {
        rebuildTools();
        m_settings.suit(m_controller.view()->window());
    });
    connect(&controller, &CaseController::caseClosed, this, &ToolController::rebuildTools);
    connect(controller.view(), &ViewState::cursorChanged, this, &ToolController::showPreview);
    connect(&controller.channels(), &CaseChannels::kindChanged, this,
            [this] { m_settings.suit(m_controller.view()->window()); });
    connect(controller.view(), &ViewState::valuesChanged, this, &ToolController::showPreview);
    rebuildTools();
    if (controller.session())
        m_settings.suit(controller.view()->window());
    showPreview(); // none, whatever a former window has shown
}

ToolController::~ToolController()
{
    for (SlicePane* pane : m_panes)
        pane->setTool(nullptr);
}

void ToolController::addPane(SlicePane* pane)
{
    m_panes.push_back(pane);
    connect(pane, &SlicePane::brushSizeStep, &m_settings, &ToolSettings::stepDiameter);
    connect(pane, &QObject::destroyed, this, [this, pane] { std::erase(m_panes, pane); });
    handToPanes();
}

void ToolController::rebuildTools()
{
    for (SlicePane* pane : m_panes)
        pane->setTool(nullptr);
    m_brush.reset();
    m_eraser.reset();
    m_fill.reset();
    if (m_controller.session()) {
        const VolumeGeometry& geometry = m_controller.session()->document().labels().geometry();
        m_brush = std::make_unique<BrushTool>(m_sink, geometry, EditAction::Paint);
        m_eraser = std::make_unique<BrushTool>(m_sink, geometry, EditAction::Erase);
        m_fill = std::make_unique<SeedTool>([this](const SlicePoint& point) { fillFrom(point); });
        m_brush->setOptions(m_settings.brush());
        m_eraser->setOptions(m_settings.brush());
    }
    handToPanes();
}

void ToolController::handToPanes()
{
    Tool* tool = nullptr;
    switch (m_settings.tool()) {
    case ToolKind::Brush:
        tool = m_brush.get();
        break;
    case ToolKind::Eraser:
        tool = m_eraser.get();
        break;
    case ToolKind::Fill:
        tool = m_fill.get();
        break;
    case ToolKind::Crosshair:
    case ToolKind::Threshold:
        break; // the left button moves the crosshair
    }
    for (SlicePane* pane : m_panes)
        pane->setTool(tool);
}

void ToolController::fillFrom(const SlicePoint& point)
{
    const Volume volume = m_controller.view()->values();
    if (!valuesReady())
        return;
    const Index3 seed = nearestVoxel(point.index);
    if (volume.isNull() || !volume.geometry().contains(seed))
        return;
    const double value = volume.valueAt(seed);
    const ValueRange range{value - m_settings.fillTolerance(), value + m_settings.fillTolerance()};
    std::optional<int> axis;
    if (m_settings.reach() == FillReach::Slice)
        axis = point.layout.nAxis;
    const bool erase = point.modifiers & Qt::ControlModifier;
    paintFound({staticMetaObject, QT_TR_NOOP("Filling")}, "fill", erase ? EditAction::Erase : EditAction::Paint,
               [volume, seed, range, axis](std::stop_token stop, const ProgressReport& report) {
                   return floodFill(volume, seed, range, axis, stop, report);
               });
}

// An image on another grid is brought onto the mask's in the background.
bool ToolController::valuesReady()
{
    const ViewState& view = *m_controller.view();
    if (view.values().isNull() && !view.volume().isNull())
        Q_EMIT m_controller.hint(tr("This image is still being brought onto the mask's grid: try again in a moment."));
    return !view.values().isNull();
}

IndexBox ToolController::thresholdBox() const
{
    const ViewState& view = *m_controller.view();
    const VolumeGeometry& geometry = view.volume().geometry();
    if (m_settings.reach() == FillReach::Volume)
        return geometry.bounds();
    return sliceBox(geometry, sliceLayout(geometry, Plane::Axial).nAxis, view.cursor());
}

void ToolController::showPreview()
{
    ViewState& view = *m_controller.view();
    if (m_settings.tool() != ToolKind::Threshold || !m_controller.session())
        return view.setPreview({});
    if (!m_settings.valueLimits()) // sets off another change
        return view.values().isNull() ? view.setPreview({}) : m_settings.setValueLimits(valueLimits(view.values()));
    view.setPreview(ThresholdPreview{m_settings.threshold(), thresholdBox(), m_settings.masking().paintOver});
}

void ToolController::applyThreshold()
{
    const Volume volume = m_controller.view()->values();
    if (!valuesReady())
        return;
    const IndexBox box = thresholdBox();
    paintFound(
        {staticMetaObject, QT_TR_NOOP("Thresholding")}, "threshold", EditAction::Paint,
        [volume, range = m_settings.threshold(), box](std::stop_token stop, const ProgressReport& report) {
            return thresholdRegion(volume, range, box, stop, report);
        });
}

void ToolController::paintFound(
    const JobTitle& title, const char* tool, EditAction action,
    std::function<Result<VoxelSelection>(std::stop_token, const ProgressReport&)> search)
{
    if (m_search)
        m_search->cancel();
    const CaseId id = m_controller.caseId();
    m_search = m_controller.jobs().run<VoxelSelection>(
        Job::Kind::Other, title, this,
        [search = std::move(search)](Workbench&, std::stop_token stop, const JobReport& report) {
            return search(stop, [&report](double fraction) {
                JobUpdate update;
                update.stage = "searching";
                update.fraction = fraction;
                report(update);
            });
        },
        [this, id, tool, action](Result<VoxelSelection> found) {
            if (id != m_controller.caseId())
                return;
            if (!found)
                return m_controller.report(found.error());
            if (found->empty())
                Q_EMIT selectionEmpty();
            else
                m_sink.apply(*found, tool, action);
        });
}

} // namespace annotomy
