#include "core/edit/layer_difference.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

namespace annotomy {

namespace {

struct SliceDifference {
    std::vector<LabelRun> runs;
    IndexBox box;
};

void addRowDifference(const VolumeGeometry& g, const std::uint8_t* from, const std::uint8_t* to, int j, int k,
                      const LabelRule& rule, SliceDifference& difference)
{
    const auto ni = static_cast<std::size_t>(g.size[0]);
    if (std::memcmp(from, to, ni) == 0)
        return;
    const std::uint64_t start = g.offset({0, j, k});
    int first = -1, last = -1;
    for (std::size_t i = 0; i < ni; ++i) {
        const std::uint8_t before = from[i], after = rule.fixed[before] ? before : rule.wanted[to[i]];
        if (before == after || before == to[i])
            continue;
        appendRun(difference.runs, {start + i, 1, before, after});
        first = first < 0 ? static_cast<int>(i) : first;
        last = static_cast<int>(i);
    }
    if (first >= 0)
        difference.box = unionOf(difference.box, {{first, j, k}, {last + 1, j + 1, k + 1}});
}

} // namespace

LabelRule LabelRule::takeTarget()
{
    LabelRule rule;
    std::iota(rule.wanted.begin(), rule.wanted.end(), std::uint8_t{0});
    return rule;
}

void appendRun(std::vector<LabelRun>& runs, const LabelRun& run)
{
    if (!runs.empty()) {
        LabelRun& last = runs.back();
        const bool fits = std::uint64_t{last.length} + run.length <= std::numeric_limits<std::uint32_t>::max();
        if (fits && last.start + last.length == run.start && last.before == run.before && last.after == run.after) {
            last.length += run.length;
            return;
        }
    }
    runs.push_back(run);
}

void addLayerDifference(const VolumeGeometry& geometry, int layer, std::span<const std::uint8_t> from,
                        std::span<const std::uint8_t> to, const LabelRule& rule, Edit& edit)
{
    if (from.data() == to.data())
        return;
    const auto ni = static_cast<std::size_t>(geometry.size[0]);
    const std::vector<std::uint8_t> empty(ni, 0);
    std::vector<SliceDifference> slices(static_cast<std::size_t>(geometry.size[2]));
    parallelRanges(slices.size(), 8, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k)
            for (int j = 0; j < geometry.size[1]; ++j) {
                const std::size_t row = geometry.offset({0, j, static_cast<int>(k)});
                addRowDifference(geometry, from.empty() ? empty.data() : from.data() + row,
                                 to.empty() ? empty.data() : to.data() + row, j, static_cast<int>(k), rule,
                                 slices[k]);
            }
    });
    LayerChange change{layer, {}};
    for (const SliceDifference& slice : slices) {
        for (const LabelRun& run : slice.runs)
            appendRun(change.runs, run);
        edit.box = unionOf(edit.box, slice.box);
    }
    if (!change.runs.empty())
        edit.layers.push_back(std::move(change));
}

} // namespace annotomy
