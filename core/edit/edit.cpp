#include "core/edit/edit.h"

#include "core/edit/layer_difference.h"

#include <algorithm>
#include <cassert>

namespace annotomy {

namespace {

using Runs = std::vector<LabelRun>;

// Walks a list of runs in pieces.
class RunCursor {
public:
    explicit RunCursor(const Runs& runs) : m_runs(runs) { load(); }

    bool atEnd() const { return m_at == m_runs.size(); }
    const LabelRun& rest() const { return m_rest; } // what is left of the current run
    std::uint64_t end() const { return m_rest.start + m_rest.length; }

    // Takes the first voxels of the current run, up to `end`.
    LabelRun takeUntil(std::uint64_t end)
    {
        LabelRun piece = m_rest;
        piece.length = static_cast<std::uint32_t>(std::min(end, this->end()) - m_rest.start);
        m_rest.start += piece.length;
        m_rest.length -= piece.length;
        if (m_rest.length == 0) {
            ++m_at;
            load();
        }
        return piece;
    }

private:
    void load()
    {
        if (!atEnd())
            m_rest = m_runs[m_at];
    }

    const Runs& m_runs;
    std::size_t m_at = 0;
    LabelRun m_rest;
};

Runs mergedRuns(const Runs& first, const Runs& second)
{
    Runs runs;
    runs.reserve(first.size() + second.size());
    RunCursor a(first), b(second);
    while (!a.atEnd() || !b.atEnd()) {
        if (b.atEnd() || (!a.atEnd() && a.rest().start < b.rest().start)) {
            appendRun(runs, a.takeUntil(b.atEnd() ? a.end() : b.rest().start));
        } else if (a.atEnd() || b.rest().start < a.rest().start) {
            appendRun(runs, b.takeUntil(a.atEnd() ? b.end() : a.rest().start));
        } else {
            const std::uint64_t end = std::min(a.end(), b.end());
            LabelRun both = a.takeUntil(end);
            both.after = b.takeUntil(end).after;
            if (both.before != both.after)
                appendRun(runs, both);
        }
    }
    return runs;
}

const Runs* runsOf(const Edit& edit, int layer)
{
    for (const LayerChange& change : edit.layers)
        if (change.layer == layer)
            return &change.runs;
    return nullptr;
}

std::optional<TableChange> mergedTable(const Edit& first, const Edit& second)
{
    if (!first.table || !second.table)
        return first.table ? first.table : second.table;
    if (first.table->before == second.table->after)
        return std::nullopt;
    return TableChange{first.table->before, second.table->after};
}

} // namespace

std::int64_t Edit::changedVoxels() const
{
    std::int64_t count = 0;
    for (const LayerChange& change : layers)
        for (const LabelRun& run : change.runs)
            count += run.length;
    return count;
}

bool follows(const Edit& edit, const LabelMap& labels)
{
    for (const LayerChange& change : edit.layers) {
        const bool exists = change.layer < labels.layerCount();
        const auto voxels = exists ? labels.layer(change.layer) : std::span<const std::uint8_t>();
        for (const LabelRun& run : change.runs) {
            const auto part = exists ? voxels.subspan(run.start, run.length) : voxels;
            const auto isBefore = [&](std::uint8_t label) { return label == run.before; };
            if (exists ? !std::all_of(part.begin(), part.end(), isBefore) : run.before != background)
                return false;
        }
    }
    return true;
}

void perform(const Edit& edit, LabelMap& labels, Direction direction)
{
    const bool forward = direction == Direction::Forward;
    for (const LayerChange& change : edit.layers) {
        labels.ensureLayers(change.layer + 1);
        const auto voxels = labels.writableLayer(change.layer);
        for (const LabelRun& run : change.runs) {
            assert(run.start + run.length <= voxels.size());
            const auto part = voxels.subspan(run.start, run.length);
            assert(part.empty() || part.front() == (forward ? run.before : run.after));
            std::fill(part.begin(), part.end(), forward ? run.after : run.before);
        }
    }
    if (edit.table)
        labels.segments() = forward ? edit.table->after : edit.table->before;
}

Edit merged(const Edit& first, const Edit& second)
{
    Edit edit{first.tool, first.author, first.timeMs, unionOf(first.box, second.box), {}, mergedTable(first, second)};
    std::vector<int> layers;
    for (const Edit* part : {&first, &second})
        for (const LayerChange& change : part->layers)
            layers.push_back(change.layer);
    std::sort(layers.begin(), layers.end());
    layers.erase(std::unique(layers.begin(), layers.end()), layers.end());
    for (const int layer : layers) {
        const Runs* a = runsOf(first, layer);
        const Runs* b = runsOf(second, layer);
        Runs runs = a && b ? mergedRuns(*a, *b) : a ? *a : *b;
        if (!runs.empty())
            edit.layers.push_back({layer, std::move(runs)});
    }
    if (edit.layers.empty())
        edit.box = {};
    return edit;
}

Edit difference(const LabelMap& from, const LabelMap& to)
{
    assert(from.geometry().size == to.geometry().size);
    Edit edit;
    const LabelRule rule = LabelRule::takeTarget();
    const auto layerOrNothing = [](const LabelMap& labels, int layer) {
        return layer < labels.layerCount() ? labels.layer(layer) : std::span<const std::uint8_t>{};
    };
    for (int layer = 0; layer < std::max(from.layerCount(), to.layerCount()); ++layer)
        addLayerDifference(from.geometry(), layer, layerOrNothing(from, layer), layerOrNothing(to, layer), rule, edit);
    if (from.segments() != to.segments())
        edit.table = TableChange{from.segments(), to.segments()};
    return edit;
}

} // namespace annotomy
