#include "core/edit/voxel_selection.h"

#include <algorithm>
#include <cassert>

namespace annotomy {

std::int64_t VoxelSelection::voxelCount() const
{
    std::int64_t count = 0;
    for (const VoxelRun& run : runs)
        count += run.length;
    return count;
}

void VoxelSelection::append(const VolumeGeometry& geometry, int begin, int end, int j, int k)
{
    if (end <= begin)
        return;
    const std::uint64_t start = geometry.offset({begin, j, k});
    assert(runs.empty() || runs.back().start + runs.back().length <= start);
    runs.push_back({start, static_cast<std::uint32_t>(end - begin)});
    box = unionOf(box, {{begin, j, k}, {end, j + 1, k + 1}});
}

void VoxelSelection::insert(const VolumeGeometry& geometry, const Index3& index)
{
    const std::uint64_t offset = geometry.offset(index);
    const auto next = std::upper_bound(runs.begin(), runs.end(), offset,
                                       [](std::uint64_t at, const VoxelRun& run) { return at < run.start; });
    if (next != runs.begin() && offset < std::prev(next)->start + std::prev(next)->length)
        return;
    runs.insert(next, {offset, 1});
    box.include(index);
}

} // namespace annotomy
