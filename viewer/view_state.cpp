#include "viewer/view_state.h"

#include "viewer/segment_boxes.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

bool isUsable(const DisplayWindow& window)
{
    return std::isfinite(window.centre) && std::isfinite(window.width) && window.width > 0;
}

DisplayWindow wholeWindow(const Volume& volume)
{
    const std::array<double, 2> fractions{0.005, 0.995};
    const std::vector<double> limits = percentiles(volume, fractions);
    const double width = limits[1] - limits[0];
    return {0.5 * (limits[0] + limits[1]), width > 0 ? width : 1.0, {}};
}

struct FirstWindow {
    DisplayWindow window;
    ViewState::WindowSource source = ViewState::WindowSource::Header;
};

FirstWindow firstWindow(const Volume& volume, const ImageInfo& info)
{
    if (volume.hasColours())
        return {colourWindow(volume), ViewState::WindowSource::Colours};
    const bool told = !info.windows.empty() && isUsable(info.windows.front());
    if (info.modality == "CT")
        return told ? FirstWindow{info.windows.front()}
                    : FirstWindow{{40, 400, {}}, ViewState::WindowSource::Customary};
    const DisplayWindow whole = wholeWindow(volume);
    // Some scanners write windows of a few values, in which an MR is all white, and derived images keep their source's, in
    // which they are all black. A PET's few hot voxels do need a window that most values do not reach.
    constexpr double leastShare = 0.05, largestShare = 4;
    const double share = told ? info.windows.front().width / whole.width : 0;
    if (told && share >= leastShare && (info.modality != "MR" || share <= largestShare))
        return {info.windows.front()};
    return {whole, ViewState::WindowSource::Percentiles};
}

IndexBox boxOfAllLabels(const LabelMap* labels)
{
    IndexBox all;
    if (labels)
        for (const IndexBox& box : segmentBoxes(*labels))
            all = unionOf(all, box);
    return all;
}

} // namespace

ViewState::ViewState(QObject* parent) : QObject(parent) {}

void ViewState::setImage(const Volume& volume, const ImageInfo& info)
{
    m_volume = volume;
    m_labels = nullptr;
    m_labelledBox = {};
    m_comparison = nullptr;
    m_preview.reset();
    m_heatMap.reset();
    const Index3& size = volume.geometry().size;
    m_cursor = volume.isNull() ? Index3{} : Index3{size[0] / 2, size[1] / 2, size[2] / 2};
    adoptShown(volume, info, std::nullopt);
    Q_EMIT imageChanged();
    Q_EMIT shownImageChanged();
    Q_EMIT labelsReplaced();
    Q_EMIT cursorChanged(m_cursor);
    Q_EMIT windowChanged(m_style.window);
    Q_EMIT valuesChanged();
}

void ViewState::adoptShown(const Volume& image, const ImageInfo& info, const std::optional<DisplayWindow>& window)
{
    m_shown = image;
    m_values = {};
    m_shownOnGrid = image.isNull() || sameGrid(image.geometry(), m_volume.geometry());
    m_info = info;
    const FirstWindow first = image.isNull() ? FirstWindow{} : firstWindow(image, info);
    m_initialWindow = first.window;
    m_initialSource = first.source;
    m_style.window = window && isUsable(*window) ? *window : m_initialWindow;
    m_style.invert = isShownInverted(info);
}

void ViewState::showImage(const Volume& image, const ImageInfo& info, const std::optional<DisplayWindow>& window)
{
    assert(!image.isNull() && !m_volume.isNull());
    m_preview.reset();
    adoptShown(image, info, window);
    Q_EMIT shownImageChanged();
    Q_EMIT previewChanged();
    Q_EMIT windowChanged(m_style.window);
    Q_EMIT valuesChanged();
}

void ViewState::setValues(const Volume& values)
{
    assert(values.isNull() || values.geometry().size == m_volume.geometry().size);
    m_values = values;
    Q_EMIT valuesChanged();
}

void ViewState::clear()
{
    overlayText = {};
    m_activeSegment = background;
    setImage({}, {});
}

void ViewState::setLabels(const LabelMap* labels)
{
    assert(!labels || labels->geometry().size == m_volume.geometry().size);
    m_labels = labels;
    m_labelledBox = boxOfAllLabels(labels);
    Q_EMIT labelsReplaced();
}

void ViewState::notifyLabelsChanged(const IndexBox& box)
{
    if (box.empty())
        return;
    m_labelledBox = unionOf(m_labelledBox, box);
    Q_EMIT labelsChanged(box);
}

void ViewState::notifySegmentsChanged()
{
    m_labelledBox = boxOfAllLabels(m_labels);
    Q_EMIT segmentsChanged();
}

void ViewState::setComparison(const LabelMap* labels)
{
    assert(!labels || labels->geometry().size == m_volume.geometry().size);
    m_comparison = labels;
    Q_EMIT comparisonChanged();
}

void ViewState::setPreview(const std::optional<ThresholdPreview>& preview)
{
    if (preview == m_preview)
        return;
    m_preview = preview;
    Q_EMIT previewChanged();
}

void ViewState::setHeatMap(const std::optional<HeatMap>& map)
{
    assert(!map || (map->values.type() == VoxelType::Float32 && map->values.geometry().size == m_volume.geometry().size));
    m_heatMap = map;
    Q_EMIT heatMapChanged();
}

void ViewState::setCursor(const Index3& index)
{
    if (m_volume.isNull())
        return;
    Index3 clamped = index;
    for (std::size_t axis = 0; axis < 3; ++axis)
        clamped[axis] = std::clamp(index[axis], 0, m_volume.geometry().size[axis] - 1);
    if (clamped == m_cursor)
        return;
    m_cursor = clamped;
    Q_EMIT cursorChanged(m_cursor);
}

void ViewState::setWindow(const DisplayWindow& window)
{
    if (!isUsable(window) || window == m_style.window)
        return;
    m_style.window = window;
    Q_EMIT windowChanged(m_style.window);
}

void ViewState::resetWindow()
{
    setWindow(m_initialWindow);
}

void ViewState::setFillOpacity(double opacity)
{
    m_style.fillOpacity = std::clamp(opacity, 0.0, 1.0);
    Q_EMIT styleChanged();
}

void ViewState::setOutlineOpacity(double opacity)
{
    m_style.outlineOpacity = std::clamp(opacity, 0.0, 1.0);
    Q_EMIT styleChanged();
}

void ViewState::setOverlayVisible(bool visible)
{
    if (visible == m_overlayVisible)
        return;
    m_overlayVisible = visible;
    Q_EMIT styleChanged();
}

void ViewState::setActiveSegment(SegmentNumber number)
{
    if (number == m_activeSegment)
        return;
    m_activeSegment = number;
    Q_EMIT activeSegmentChanged(number);
}

} // namespace annotomy
