#include "app/desktop/panels/mask_figures.h"

#include <algorithm>

namespace annotomy {

namespace {

constexpr double nsdToleranceMm = 1;

SegmentFigures segmentFigures(const Segment& segment, double volumeMl)
{
    return {segment.number, QString::fromStdString(segment.name), segment.colour, volumeMl, {}, {}};
}

std::uint8_t labelOf(const LabelMap& labels, int layer, std::size_t voxel)
{
    return layer < labels.layerCount() ? labels.layer(layer)[voxel] : 0;
}

// Fills changedMl, addedMl and removedMl: a voxel counts once, whatever the number of layers in which it differs.
bool countChanges(const LabelMap& other, const LabelMap& present, MaskFigures& figures, const std::stop_token& stop)
{
    const std::size_t count = present.geometry().voxelCount();
    const int layers = std::max(other.layerCount(), present.layerCount());
    std::int64_t changed = 0, added = 0, removed = 0;
    for (std::size_t voxel = 0; voxel < count; ++voxel) {
        if (voxel % (1u << 20) == 0 && stop.stop_requested())
            return false;
        bool differs = false, wasLabelled = false, isLabelled = false;
        for (int layer = 0; layer < layers; ++layer) {
            const std::uint8_t before = labelOf(other, layer, voxel), now = labelOf(present, layer, voxel);
            differs = differs || before != now;
            wasLabelled = wasLabelled || before != 0;
            isLabelled = isLabelled || now != 0;
        }
        changed += differs;
        added += isLabelled && !wasLabelled;
        removed += wasLabelled && !isLabelled;
    }
    const double ml = present.geometry().voxelVolumeMm3() / 1000;
    figures.changedMl = static_cast<double>(changed) * ml;
    figures.addedMl = static_cast<double>(added) * ml;
    figures.removedMl = static_cast<double>(removed) * ml;
    return true;
}

void addMissingSegments(const LabelMap& other, MaskFigures& figures)
{
    for (const Segment& segment : other.segments().segments()) {
        const bool known = std::any_of(figures.segments.begin(), figures.segments.end(),
                                       [&](const SegmentFigures& row) { return row.number == segment.number; });
        if (!known)
            figures.segments.push_back(segmentFigures(segment, 0));
    }
}

void summarise(MaskFigures& figures)
{
    double sum = 0;
    int defined = 0;
    for (const SegmentFigures& segment : figures.segments) {
        if (segment.dice) {
            sum += *segment.dice;
            ++defined;
        }
        if (segment.hd95Mm)
            figures.hd95Mm = std::max(figures.hd95Mm.value_or(0), *segment.hd95Mm);
    }
    if (defined > 0)
        figures.dice = sum / defined;
}

void takeMetrics(const std::vector<SegmentMetrics>& metrics, MaskFigures& figures)
{
    for (const SegmentMetrics& metric : metrics)
        for (SegmentFigures& segment : figures.segments)
            if (segment.number == metric.value) {
                segment.dice = metric.overlap.dice;
                segment.hd95Mm = metric.surface.hd95Mm;
            }
}

// Dice of each segment from voxel counts, layer by layer.
void takeOverlap(const LabelMap& other, const LabelMap& present, MaskFigures& figures)
{
    for (SegmentFigures& segment : figures.segments) {
        const int presentLayer = present.segments().layerOf(segment.number);
        const int otherLayer = other.segments().layerOf(segment.number);
        std::int64_t inBoth = 0, inPresent = 0, inOther = 0;
        for (std::size_t voxel = 0; voxel < present.geometry().voxelCount(); ++voxel) {
            const bool a = presentLayer >= 0 && labelOf(present, presentLayer, voxel) == segment.number;
            const bool b = otherLayer >= 0 && labelOf(other, otherLayer, voxel) == segment.number;
            inBoth += a && b;
            inPresent += a;
            inOther += b;
        }
        if (inPresent + inOther > 0)
            segment.dice = 2.0 * static_cast<double>(inBoth) / static_cast<double>(inPresent + inOther);
    }
}

Error gridError()
{
    return {ErrorCode::GeometryMismatch, {}, "the two masks lie on different grids"};
}

} // namespace

MaskFigures volumeFigures(const LabelMap& present)
{
    MaskFigures figures;
    const auto counts = voxelCounts(present);
    const double ml = present.geometry().voxelVolumeMm3() / 1000;
    for (const Segment& segment : present.segments().segments())
        figures.segments.push_back(segmentFigures(segment, static_cast<double>(counts[segment.number]) * ml));
    return figures;
}

Result<MaskFigures> compareMasks(const LabelMap& other, const LabelMap& present, std::stop_token stop,
                                 const ProgressReport& report)
{
    const auto metrics = compareLabelMaps(other, present, nsdToleranceMm, stop, report);
    if (!metrics)
        return metrics.error();
    MaskFigures figures = volumeFigures(present);
    addMissingSegments(other, figures);
    takeMetrics(*metrics, figures);
    summarise(figures);
    if (!countChanges(other, present, figures, stop))
        return cancelledError();
    figures.compared = true;
    return figures;
}

Result<MaskFigures> overlapFigures(const LabelMap& other, const LabelMap& present, std::stop_token stop)
{
    if (!sameGrid(other.geometry(), present.geometry()))
        return gridError();
    MaskFigures figures = volumeFigures(present);
    addMissingSegments(other, figures);
    if (!countChanges(other, present, figures, stop))
        return cancelledError();
    takeOverlap(other, present, figures);
    if (stop.stop_requested())
        return cancelledError();
    summarise(figures);
    figures.compared = true;
    return figures;
}

} // namespace annotomy
