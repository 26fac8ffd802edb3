#include "core/edit/document.h"

#include "core/edit/layer_difference.h"
#include "core/edit/region.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <string>

namespace annotomy {

namespace {

constexpr int lastLayer = 254;

Error conflict(std::string detail)
{
    return {ErrorCode::Conflict, {}, std::move(detail)};
}

Edit startEdit(const EditContext& context)
{
    Edit edit;
    edit.tool = context.tool;
    edit.author = context.author;
    edit.timeMs = context.timeMs;
    return edit;
}

// The label each label of the segment's layer becomes when the action touches it.
std::array<std::uint8_t, 256> labelAfter(const EditContext& context, const SegmentTable& segments)
{
    std::array<std::uint8_t, 256> after{};
    std::iota(after.begin(), after.end(), std::uint8_t{0});
    if (context.action == EditAction::Erase) {
        after[context.segment] = background;
        return after;
    }
    const bool onlyEmpty = context.masking.paintOver == PaintOver::Empty;
    for (std::size_t label = 0; label < after.size(); ++label) {
        const Segment* there = segments.find(static_cast<SegmentNumber>(label));
        if (!(there && there->locked) && !(onlyEmpty && label != background))
            after[label] = context.segment;
    }
    return after;
}

// Changes the voxels of one run for which mayChange(offset) holds, and notes the changes.
template <class MayChange>
void changeRun(std::span<std::uint8_t> voxels, const VoxelRun& run, const std::array<std::uint8_t, 256>& after,
               MayChange&& mayChange, std::vector<LabelRun>& changes)
{
    for (std::uint64_t at = run.start; at < run.start + run.length; ++at) {
        const std::uint8_t before = voxels[at], now = after[before];
        if (before == now || !mayChange(at))
            continue;
        voxels[at] = now;
        appendRun(changes, {at, 1, before, now});
    }
}

void changeSelection(std::span<std::uint8_t> voxels, const VoxelSelection& selection, const Volume& volume,
                     const std::optional<ValueRange>& onlyValues, const std::array<std::uint8_t, 256>& after,
                     std::vector<LabelRun>& changes)
{
    if (!onlyValues) {
        for (const VoxelRun& run : selection.runs)
            changeRun(voxels, run, after, [](std::uint64_t) { return true; }, changes);
        return;
    }
    const Rescale r = volume.rescale();
    volume.visit([&](auto stored) {
        const auto inRange = [&](std::uint64_t at) {
            const double value = r.slope * static_cast<double>(stored[at]) + r.intercept;
            return value >= onlyValues->min && value <= onlyValues->max;
        };
        for (const VoxelRun& run : selection.runs)
            changeRun(voxels, run, after, inRange, changes);
    });
}

SegmentTable replacedTable(const SegmentTable& current, const SegmentTable& target)
{
    SegmentTable table = current;
    for (const Segment& segment : target.segments()) {
        const Segment* ours = table.find(segment.number);
        if (!ours)
            table.insert(segment);
        else if (!ours->locked)
            table.update(segment);
    }
    return table;
}

// Locked labels stay where they are and appear nowhere else; labels without a segment become background.
LabelRule replaceRule(const SegmentTable& current, const SegmentTable& table)
{
    LabelRule rule;
    for (const Segment& segment : table.segments())
        rule.wanted[segment.number] = segment.number;
    for (const Segment& segment : current.segments()) {
        if (!segment.locked)
            continue;
        rule.fixed[segment.number] = true;
        rule.wanted[segment.number] = background;
    }
    return rule;
}

// Joins neighbours until one is left: n log n in the number of runs.
Edit mergedAll(std::vector<Edit> edits)
{
    while (edits.size() > 1) {
        std::vector<Edit> pairs;
        for (std::size_t n = 0; n + 1 < edits.size(); n += 2)
            pairs.push_back(merged(edits[n], edits[n + 1]));
        if (edits.size() % 2 == 1)
            pairs.push_back(std::move(edits.back()));
        edits = std::move(pairs);
    }
    return edits.empty() ? Edit{} : std::move(edits.front());
}

} // namespace

Document::Document(Volume volume, LabelMap labels) : m_volume(std::move(volume)), m_labels(std::move(labels))
{
    assert(m_volume.isNull() || m_volume.geometry().size == m_labels.geometry().size);
}

void Document::setVolume(Volume volume)
{
    assert(volume.isNull() || volume.geometry().size == m_labels.geometry().size);
    m_volume = std::move(volume);
}

Result<Edit> Document::apply(const VoxelSelection& selection, const EditContext& context)
{
    const Segment* segment = m_labels.segments().find(context.segment);
    if (!segment)
        return conflict("no segment " + std::to_string(context.segment));
    if (segment->locked)
        return conflict("segment " + std::to_string(context.segment) + " is locked");
    if (context.masking.onlyValues && m_volume.isNull())
        return conflict("masking by value needs the image");
    Edit edit = startEdit(context);
    if (selection.empty())
        return edit;
    const VoxelRun& last = selection.runs.back();
    if (last.start + last.length > m_labels.geometry().voxelCount())
        return Error{ErrorCode::InvalidArgument, {}, "the selection belongs to another grid"};
    m_labels.ensureLayers(segment->layer + 1);
    LayerChange change{segment->layer, {}};
    changeSelection(m_labels.writableLayer(segment->layer), selection, m_volume, context.masking.onlyValues,
                    labelAfter(context, m_labels.segments()), change.runs);
    if (change.runs.empty())
        return edit;
    edit.box = selection.box;
    edit.layers.push_back(std::move(change));
    return record(std::move(edit));
}

void Document::beginStroke()
{
    assert(!m_stroke);
    m_stroke.emplace();
}

Edit Document::endStroke()
{
    assert(m_stroke);
    Edit edit = mergedAll(std::move(*m_stroke));
    m_stroke.reset();
    return record(std::move(edit));
}

IndexBox Document::cancelStroke()
{
    assert(m_stroke);
    IndexBox box;
    for (auto edit = m_stroke->rbegin(); edit != m_stroke->rend(); ++edit) {
        perform(*edit, m_labels, Direction::Backward);
        box = unionOf(box, edit->box);
    }
    m_stroke.reset();
    return box;
}

Result<Edit> Document::replaceLabels(const LabelMap& target, const EditContext& context)
{
    const VolumeGeometry& g = m_labels.geometry();
    if (!sameGrid(g, target.geometry()))
        return Error{ErrorCode::GeometryMismatch, {}, "the mask lies on another grid than the image"};
    const SegmentTable table = replacedTable(m_labels.segments(), target.segments());
    const LabelRule rule = replaceRule(m_labels.segments(), table);
    Edit edit = startEdit(context);
    for (int layer = 0; layer < std::max(m_labels.layerCount(), target.layerCount()); ++layer) {
        const auto layerOf = [layer](const LabelMap& labels) {
            return layer < labels.layerCount() ? labels.layer(layer) : std::span<const std::uint8_t>{};
        };
        addLayerDifference(g, layer, layerOf(m_labels), layerOf(target), rule, edit);
    }
    if (table != m_labels.segments())
        edit.table = TableChange{m_labels.segments(), table};
    return performed(std::move(edit));
}

Result<Edit> Document::addSegment(const Segment& segment, const EditContext& context)
{
    if (segment.layer < 0 || segment.layer > lastLayer)
        return Error{ErrorCode::InvalidArgument, {}, "layer " + std::to_string(segment.layer)};
    Segment added = segment;
    if (added.number == background)
        added.number = m_labels.segments().firstFreeNumber();
    if (added.number == background)
        return Error{ErrorCode::TooManySegments, {}, "all 255 segments are in use"};
    if (added.colour == Colour{})
        added.colour = paletteColour(added.number);
    TableChange change{m_labels.segments(), m_labels.segments()};
    if (!change.after.insert(added))
        return conflict("segment " + std::to_string(added.number) + " exists already");
    Edit edit = startEdit(context);
    edit.table = std::move(change);
    return performed(std::move(edit));
}

Result<Edit> Document::updateSegment(const Segment& segment, const EditContext& context)
{
    const Segment* current = m_labels.segments().find(segment.number);
    if (!current)
        return conflict("no segment " + std::to_string(segment.number));
    Segment updated = segment;
    updated.layer = current->layer;
    Edit edit = startEdit(context);
    if (updated == *current)
        return edit;
    TableChange change{m_labels.segments(), m_labels.segments()};
    change.after.update(updated);
    edit.table = std::move(change);
    return performed(std::move(edit));
}

Result<Edit> Document::removeSegment(SegmentNumber number, const EditContext& context)
{
    const Segment* segment = m_labels.segments().find(number);
    if (!segment || segment->locked)
        return conflict("segment " + std::to_string(number) + (segment ? " is locked" : " does not exist"));
    Edit edit = startEdit(context);
    if (segment->layer < m_labels.layerCount()) {
        const VoxelSelection voxels = selectionOf(m_labels.geometry(), m_labels.layer(segment->layer), number);
        LayerChange change{segment->layer, {}};
        for (const VoxelRun& run : voxels.runs)
            appendRun(change.runs, {run.start, run.length, number, background});
        if (!change.runs.empty())
            edit.layers.push_back(std::move(change));
        edit.box = voxels.box;
    }
    TableChange change{m_labels.segments(), m_labels.segments()};
    change.after.remove(number);
    edit.table = std::move(change);
    return performed(std::move(edit));
}

EditHistory::EditPtr Document::undo()
{
    assert(canUndo());
    EditHistory::EditPtr edit = m_history.undo();
    perform(*edit, m_labels, Direction::Backward);
    return edit;
}

EditHistory::EditPtr Document::redo()
{
    assert(canRedo());
    EditHistory::EditPtr edit = m_history.redo();
    perform(*edit, m_labels, Direction::Forward);
    return edit;
}

Result<void> Document::restoreHistory(std::vector<Edit> edits, std::size_t cursor)
{
    assert(!m_stroke && cursor <= edits.size());
    m_history.clear();
    for (Edit& edit : edits) {
        if (!follows(edit, m_labels))
            return Error{ErrorCode::Malformed, "journal", "an edit that does not fit the mask before it"};
        perform(edit, m_labels, Direction::Forward);
        m_history.push(std::make_shared<const Edit>(std::move(edit)));
    }
    while (m_history.cursor() > cursor)
        perform(*m_history.undo(), m_labels, Direction::Backward);
    return {};
}

Edit Document::performed(Edit edit)
{
    perform(edit, m_labels, Direction::Forward);
    return record(std::move(edit));
}

Edit Document::record(Edit edit)
{
    if (edit.empty())
        return edit;
    if (m_stroke)
        m_stroke->push_back(edit);
    else
        m_history.push(std::make_shared<const Edit>(edit));
    return edit;
}

} // namespace annotomy
