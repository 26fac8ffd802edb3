#include "core/metrics/label_statistics.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <mutex>

namespace annotomy {

namespace {

std::uint64_t eightAt(const std::uint8_t* labels)
{
    std::uint64_t eight;
    std::memcpy(&eight, labels, sizeof eight);
    return eight;
}

// Calls run(label, begin, end) for each stretch of one label other than 0.
template <class Run>
void forEachRun(const std::uint8_t* row, int count, Run&& run)
{
    for (int i = 0; i < count;) {
        if (row[i] == 0) {
            i += i + 8 <= count && eightAt(row + i) == 0 ? 8 : 1;
            continue;
        }
        const std::uint8_t label = row[i];
        const std::uint64_t eight = label * 0x0101010101010101U;
        int end = i + 1;
        while (end + 8 <= count && eightAt(row + end) == eight)
            end += 8;
        while (end < count && row[end] == label)
            ++end;
        run(label, i, end);
        i = end;
    }
}

} // namespace

LabelStatistics labelStatistics(const VolumeGeometry& geometry, std::span<const std::uint8_t> labels)
{
    assert(labels.size() == geometry.voxelCount());
    LabelStatistics all;
    std::mutex mutex;
    parallelRanges(static_cast<std::size_t>(geometry.size[2]), 8, [&](std::size_t begin, std::size_t end) {
        LabelStatistics part;
        for (int k = static_cast<int>(begin); k < static_cast<int>(end); ++k)
            for (int j = 0; j < geometry.size[1]; ++j)
                forEachRun(labels.data() + geometry.offset({0, j, k}), geometry.size[0],
                           [&](std::uint8_t label, int from, int to) {
                               part.voxels[label] += to - from;
                               part.box[label] = unionOf(part.box[label], {{from, j, k}, {to, j + 1, k + 1}});
                           });
        const std::scoped_lock lock(mutex);
        for (std::size_t label = 1; label < 256; ++label) {
            all.voxels[label] += part.voxels[label];
            all.box[label] = unionOf(all.box[label], part.box[label]);
        }
    });
    return all;
}

std::array<std::int64_t, 256> commonVoxels(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b)
{
    assert(a.size() == b.size());
    std::array<std::int64_t, 256> all{};
    std::mutex mutex;
    parallelRanges(a.size(), std::size_t{1} << 20, [&](std::size_t begin, std::size_t end) {
        std::array<std::int64_t, 256> part{};
        for (std::size_t n = begin; n < end;) {
            const bool eight = n + 8 <= end;
            if (eight && (eightAt(a.data() + n) == 0 || eightAt(b.data() + n) == 0)) {
                n += 8;
                continue;
            }
            const std::size_t stop = eight ? n + 8 : end;
            for (; n < stop; ++n)
                part[a[n]] += a[n] == b[n];
        }
        const std::scoped_lock lock(mutex);
        std::transform(all.begin(), all.end(), part.begin(), all.begin(), std::plus<>());
    });
    all[0] = 0;
    return all;
}

} // namespace annotomy
