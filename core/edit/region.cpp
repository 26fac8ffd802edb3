#include "core/edit/region.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <type_traits>

namespace annotomy {

namespace {

// Whether a stored value's real value lies in a range. NaN never does.
struct RealRange {
    Rescale rescale;
    ValueRange range;

    template <class T>
    bool contains(T stored) const
    {
        const double value = rescale.slope * static_cast<double>(stored) + rescale.intercept;
        return value >= range.min && value <= range.max;
    }
};

// The same for one stored type as a plain comparison, which compilers turn into vector instructions. Empty: low > high.
template <class T>
struct StoredRange {
    T low{}, high{};
    bool contains(T stored) const { return (stored >= low) & (stored <= high); }
};

// Finds the ends by bisection over all values that T has: what RealRange takes is one stretch of them.
template <class T>
StoredRange<T> storedRange(const RealRange& wanted)
{
    const auto real = [&](std::int64_t stored) {
        return wanted.rescale.slope * static_cast<double>(stored) + wanted.rescale.intercept;
    };
    const bool rising = wanted.rescale.slope >= 0;
    const std::int64_t least = std::numeric_limits<T>::min(), most = std::numeric_limits<T>::max();
    const auto firstWith = [&](auto&& holds) { // holds() turns from false to true once
        std::int64_t low = least, high = most + 1;
        while (low < high) {
            const std::int64_t middle = low + (high - low) / 2;
            holds(middle) ? high = middle : low = middle + 1;
        }
        return low;
    };
    const auto& range = wanted.range;
    const std::int64_t first =
        firstWith([&](std::int64_t s) { return rising ? real(s) >= range.min : real(s) <= range.max; });
    const std::int64_t end =
        firstWith([&](std::int64_t s) { return rising ? real(s) > range.max : real(s) < range.min; });
    if (first >= end)
        return {T{1}, T{0}};
    return {static_cast<T>(first), static_cast<T>(end - 1)};
}

template <class T>
auto quickRange(const RealRange& wanted)
{
    if constexpr (std::is_integral_v<T>)
        return storedRange<T>(wanted);
    else
        return wanted;
}

template <class T>
void selectSlice(std::span<const T> voxels, const VolumeGeometry& g, const RealRange& range, const IndexBox& box, int k,
                 VoxelSelection& selection)
{
    for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        const T* row = voxels.data() + g.offset({0, j, k});
        for (int i = box.lo[0]; i < box.hi[0]; ++i) {
            if (!range.contains(row[i]))
                continue;
            const int begin = i;
            while (i < box.hi[0] && range.contains(row[i]))
                ++i;
            selection.append(g, begin, i, j, k);
        }
    }
}

VoxelSelection joined(std::vector<VoxelSelection> slices)
{
    VoxelSelection all;
    std::size_t runs = 0;
    for (const VoxelSelection& slice : slices)
        runs += slice.runs.size();
    all.runs.reserve(runs);
    for (VoxelSelection& slice : slices) {
        all.runs.insert(all.runs.end(), slice.runs.begin(), slice.runs.end());
        all.box = unionOf(all.box, slice.box);
        slice = {};
    }
    return all;
}

// The runs of non-zero bytes of a mask over `box`, i fastest.
VoxelSelection selectionInBox(const VolumeGeometry& g, const IndexBox& box, const std::vector<std::uint8_t>& mask)
{
    const int ni = box.hi[0] - box.lo[0];
    VoxelSelection selection;
    const std::uint8_t* row = mask.data();
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
        for (int j = box.lo[1]; j < box.hi[1]; ++j, row += ni) {
            for (const std::uint8_t* at = row; (at = std::find(at, row + ni, std::uint8_t{1})) != row + ni;) {
                const std::uint8_t* end = std::find(at, row + ni, std::uint8_t{0});
                selection.append(g, box.lo[0] + static_cast<int>(at - row), box.lo[0] + static_cast<int>(end - row),
                                 j, k);
                at = end;
            }
        }
    }
    return selection;
}

// Scan-line fill: each step fills a whole stretch of one row and looks for stretches to go on with in the four
// rows beside it.
template <class T>
class Filler {
public:
    Filler(std::span<const T> voxels, const VolumeGeometry& g, const RealRange& range, const IndexBox& box)
        : m_voxels(voxels), m_geometry(g), m_range(range), m_box(box),
          m_filled(static_cast<std::size_t>(box.voxelCount()), 0)
    {
    }

    // False when it was stopped.
    bool fill(const Index3& seed, const std::stop_token& stop, const ProgressReport& report)
    {
        push(seed);
        for (std::size_t step = 1; !m_open.empty(); ++step) {
            const Index3 at = m_open.back();
            m_open.pop_back();
            if (isOpen(at))
                fillStretch(at);
            if (step % 16384 != 0)
                continue;
            if (stop.stop_requested())
                return false;
            reportProgress(report, static_cast<double>(m_count) / static_cast<double>(m_filled.size()));
        }
        return true;
    }

    const std::vector<std::uint8_t>& filled() const { return m_filled; }

private:
    std::size_t maskOffset(const Index3& at) const
    {
        const auto ni = static_cast<std::size_t>(m_box.hi[0] - m_box.lo[0]);
        const auto nj = static_cast<std::size_t>(m_box.hi[1] - m_box.lo[1]);
        return (static_cast<std::size_t>(at[2] - m_box.lo[2]) * nj + static_cast<std::size_t>(at[1] - m_box.lo[1])) *
                   ni +
               static_cast<std::size_t>(at[0] - m_box.lo[0]);
    }

    bool isOpen(const Index3& at) const
    {
        return !m_filled[maskOffset(at)] && m_range.contains(m_voxels[m_geometry.offset(at)]);
    }

    void push(const Index3& at)
    {
        if (isOpen(at))
            m_open.push_back(at);
    }

    void fillStretch(Index3 at)
    {
        int begin = at[0], end = at[0] + 1;
        while (begin > m_box.lo[0] && isOpen({begin - 1, at[1], at[2]}))
            --begin;
        while (end < m_box.hi[0] && isOpen({end, at[1], at[2]}))
            ++end;
        const auto first = m_filled.begin() + static_cast<std::ptrdiff_t>(maskOffset({begin, at[1], at[2]}));
        std::fill(first, first + (end - begin), std::uint8_t{1});
        m_count += end - begin;
        for (const std::size_t axis : {1U, 2U}) {
            for (const int step : {-1, 1}) {
                Index3 beside = at;
                beside[axis] += step;
                if (beside[axis] >= m_box.lo[axis] && beside[axis] < m_box.hi[axis])
                    pushStretches(begin, end, beside);
            }
        }
    }

    void pushStretches(int begin, int end, Index3 at)
    {
        bool before = false;
        for (int i = begin; i < end; ++i) {
            at[0] = i;
            const bool open = isOpen(at);
            if (open && !before)
                m_open.push_back(at);
            before = open;
        }
    }

    std::span<const T> m_voxels;
    const VolumeGeometry& m_geometry;
    RealRange m_range;
    IndexBox m_box;
    std::vector<std::uint8_t> m_filled; // over the box
    std::vector<Index3> m_open;
    std::int64_t m_count = 0;
};

} // namespace

Result<VoxelSelection> thresholdRegion(const Volume& volume, const ValueRange& range, const IndexBox& box,
                                       std::stop_token stop, const ProgressReport& report)
{
    const VolumeGeometry& g = volume.geometry();
    const IndexBox inside = intersection(box, g.bounds());
    if (volume.isNull() || inside.empty())
        return VoxelSelection{};
    const RealRange wanted{volume.rescale(), range};
    std::vector<VoxelSelection> slices(static_cast<std::size_t>(inside.hi[2] - inside.lo[2]));
    SharedProgress progress(report, slices.size());
    parallelRanges(slices.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t s = begin; s < end && !stop.stop_requested(); ++s) {
            const int k = inside.lo[2] + static_cast<int>(s);
            volume.visit([&](auto voxels) { selectSlice(voxels, g, wanted, inside, k, slices[s]); });
            progress.finish();
        }
    });
    if (stop.stop_requested())
        return cancelledError();
    return joined(std::move(slices));
}

void thresholdSlice(const Volume& volume, const ValueRange& range, const SliceLayout& layout, int slice,
                    std::span<std::uint8_t> taken)
{
    const VolumeGeometry& g = volume.geometry();
    if (volume.isNull() || slice < 0 || slice >= layout.sliceCount(g))
        return;
    const int width = layout.width(g), height = layout.height(g);
    assert(taken.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    const std::array<std::ptrdiff_t, 3> stride{1, g.size[0], std::ptrdiff_t{g.size[0]} * g.size[1]};
    const std::ptrdiff_t right = (layout.hFlip ? -1 : 1) * stride[static_cast<std::size_t>(layout.hAxis)];
    const std::ptrdiff_t down = (layout.vFlip ? -1 : 1) * stride[static_cast<std::size_t>(layout.vAxis)];
    const Vec3 corner = layout.indexFromPixel(g, 0, 0, slice);
    const std::size_t first =
        g.offset({static_cast<int>(corner[0]), static_cast<int>(corner[1]), static_cast<int>(corner[2])});
    const RealRange wanted{volume.rescale(), range};
    parallelRanges(static_cast<std::size_t>(height), 64, [&](std::size_t begin, std::size_t end) {
        volume.visit([&](auto voxels) {
            const auto quick = quickRange<std::remove_cv_t<typename decltype(voxels)::element_type>>(wanted);
            for (std::size_t y = begin; y < end; ++y) {
                const auto* from = voxels.data() + first + static_cast<std::ptrdiff_t>(y) * down;
                std::uint8_t* to = taken.data() + y * static_cast<std::size_t>(width);
                if (right == 1)
                    for (int x = 0; x < width; ++x)
                        to[x] = quick.contains(from[x]);
                else
                    for (int x = 0; x < width; ++x)
                        to[x] = quick.contains(from[x * right]);
            }
        });
    });
}

Result<VoxelSelection> floodFill(const Volume& volume, const Index3& seed, const ValueRange& range,
                                 std::optional<int> sliceAxis, std::stop_token stop, const ProgressReport& report)
{
    const VolumeGeometry& g = volume.geometry();
    if (volume.isNull() || !g.contains(seed) || (sliceAxis && (*sliceAxis < 0 || *sliceAxis > 2)))
        return Error{ErrorCode::InvalidArgument, {}, "flood fill: the seed is outside the grid"};
    IndexBox box = g.bounds();
    if (sliceAxis) {
        const auto axis = static_cast<std::size_t>(*sliceAxis);
        box.lo[axis] = seed[axis];
        box.hi[axis] = seed[axis] + 1;
    }
    if (stop.stop_requested())
        return cancelledError();
    return volume.visit([&](auto voxels) -> Result<VoxelSelection> {
        Filler filler(voxels, g, {volume.rescale(), range}, box);
        if (!filler.fill(seed, stop, report))
            return cancelledError();
        return selectionInBox(g, box, filler.filled());
    });
}

VoxelSelection selectionOf(const VolumeGeometry& geometry, std::span<const std::uint8_t> labels, std::uint8_t label)
{
    assert(labels.size() == geometry.voxelCount());
    VoxelSelection selection;
    const std::uint8_t* row = labels.data();
    const int ni = geometry.size[0];
    for (int k = 0; k < geometry.size[2]; ++k) {
        for (int j = 0; j < geometry.size[1]; ++j, row += ni) {
            for (const std::uint8_t* at = row; (at = std::find(at, row + ni, label)) != row + ni;) {
                const std::uint8_t* end = std::find_if(at, row + ni, [label](std::uint8_t l) { return l != label; });
                selection.append(geometry, static_cast<int>(at - row), static_cast<int>(end - row), j, k);
                at = end;
            }
        }
    }
    return selection;
}

} // namespace annotomy
