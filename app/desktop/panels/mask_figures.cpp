#include "app/desktop/panels/mask_figures.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <span>

namespace annotomy {

namespace {

constexpr double nsdToleranceMm = 1;
constexpr std::size_t grain = std::size_t{1} << 18; // voxels worth a task

SegmentFigures segmentFigures(const Segment& segment, double volumeMl)
{
    return {segment.number, QString::fromStdString(segment.name), segment.colour, volumeMl, {}, {}};
}

// The same layer of both masks; an absent layer is an empty span.
struct LayerPair {
    std::span<const std::uint8_t> other, present;
};

std::vector<LayerPair> layerPairs(const LabelMap& other, const LabelMap& present)
{
    std::vector<LayerPair> pairs;
    for (int layer = 0; layer < std::max(other.layerCount(), present.layerCount()); ++layer) {
        LayerPair pair;
        if (layer < other.layerCount())
            pair.other = other.layer(layer);
        if (layer < present.layerCount())
            pair.present = present.layer(layer);
        pairs.push_back(pair);
    }
    return pairs;
}

std::uint8_t at(std::span<const std::uint8_t> layer, std::size_t voxel)
{
    return layer.empty() ? std::uint8_t{0} : layer[voxel];
}

struct Changes {
    std::int64_t changed = 0, added = 0,
                 removed = 0; // voxels; each counts once, whatever the number of its layers
};

Changes changesIn(const std::vector<LayerPair>& pairs, std::size_t begin, std::size_t end)
{
    Changes changes;
    for (std::size_t voxel = begin; voxel < end; ++voxel) {
        bool differs = false, wasLabelled = false, isLabelled = false;
        for (const LayerPair& pair : pairs) {
            const std::uint8_t before = at(pair.other, voxel), now = at(pair.present, voxel);
            differs = differs || before != now;
            wasLabelled = wasLabelled || before != 0;
            isLabelled = isLabelled || now != 0;
        }
        changes.changed += differs;
        changes.added += isLabelled && !wasLabelled;
        changes.removed += wasLabelled && !isLabelled;
    }
    return changes;
}

// Fills changedMl, addedMl and removedMl.
bool countChanges(const LabelMap& other, const LabelMap& present, MaskFigures& figures,
                  const std::stop_token& stop)
{
    const std::vector<LayerPair> pairs = layerPairs(other, present);
    std::atomic<std::int64_t> changed = 0, added = 0, removed = 0;
    parallelRanges(present.geometry().voxelCount(), grain, [&](std::size_t begin, std::size_t end) {
        if (stop.stop_requested())
            return;
        const Changes changes = changesIn(pairs, begin, end);
        changed += changes.changed;
        added += changes.added;
        removed += changes.removed;
    });
    const double ml = present.geometry().voxelVolumeMm3() / 1000;
    figures.changedMl = static_cast<double>(changed) * ml;
    figures.addedMl = static_cast<double>(added) * ml;
    figures.removedMl = static_cast<double>(removed) * ml;
    return !stop.stop_requested();
}

void addMissingSegments(const LabelMap& other, MaskFigures& figures)
{
    for (const Segment& segment : other.segments().segments()) {
        const bool known =
            std::any_of(figures.segments.begin(), figures.segments.end(),
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

// A segment that the other mask does not know was not looked for there: nothing is said of it.
void takeMetrics(const std::vector<SegmentMetrics>& metrics, const LabelMap& other, MaskFigures& figures)
{
    for (const SegmentMetrics& metric : metrics)
        for (SegmentFigures& segment : figures.segments)
            if (segment.number == metric.value && other.segments().find(segment.number)) {
                segment.dice = metric.overlap.dice;
                segment.hd95Mm = metric.surface.hd95Mm;
            }
}

std::span<const std::uint8_t> layerOf(const LabelMap& labels, SegmentNumber number)
{
    const int layer = labels.segments().layerOf(number);
    return layer >= 0 && layer < labels.layerCount() ? labels.layer(layer) : std::span<const std::uint8_t>();
}

std::optional<double> overlapDice(const LabelMap& other, const LabelMap& present, SegmentNumber number)
{
    const LayerPair pair{layerOf(other, number), layerOf(present, number)};
    std::atomic<std::int64_t> inBoth = 0, inEither = 0; // inEither counts a voxel of both twice
    parallelRanges(present.geometry().voxelCount(), grain, [&](std::size_t begin, std::size_t end) {
        std::int64_t both = 0, either = 0;
        for (std::size_t voxel = begin; voxel < end; ++voxel) {
            const bool a = at(pair.other, voxel) == number, b = at(pair.present, voxel) == number;
            both += a && b;
            either += a + b;
        }
        inBoth += both;
        inEither += either;
    });
    if (inEither == 0)
        return std::nullopt;
    return 2.0 * static_cast<double>(inBoth) / static_cast<double>(inEither);
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
    takeMetrics(*metrics, other, figures);
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
    for (SegmentFigures& segment : figures.segments) {
        if (stop.stop_requested())
            return cancelledError();
        segment.dice = overlapDice(other, present, segment.number);
    }
    summarise(figures);
    figures.compared = true;
    return figures;
}

} // namespace annotomy
