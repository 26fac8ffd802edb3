#include "core/image/connected_components.h"

#include <algorithm>
#include <numeric>

namespace annotomy {

namespace {

struct Run {
    int begin = 0, end = 0; // along i, end excluded
    std::uint32_t set = 0;
};

class DisjointSets {
public:
    std::uint32_t add()
    {
        m_parents.push_back(static_cast<std::uint32_t>(m_parents.size()));
        return m_parents.back();
    }
    std::uint32_t find(std::uint32_t set)
    {
        while (m_parents[set] != set)
            set = m_parents[set] = m_parents[m_parents[set]];
        return set;
    }
    void join(std::uint32_t a, std::uint32_t b) // the lower number names both
    {
        const std::uint32_t first = find(a), second = find(b);
        m_parents[std::max(first, second)] = std::min(first, second);
    }

private:
    std::vector<std::uint32_t> m_parents;
};

std::vector<Run> runsOf(std::span<const std::uint8_t> row, DisjointSets& sets)
{
    std::vector<Run> runs;
    for (auto at = row.begin(); at != row.end();) {
        const auto begin = std::find_if(at, row.end(), [](std::uint8_t v) { return v != 0; });
        at = std::find(begin, row.end(), std::uint8_t{0});
        if (begin != row.end())
            runs.push_back({static_cast<int>(begin - row.begin()), static_cast<int>(at - row.begin()), sets.add()});
    }
    return runs;
}

// Runs of two neighbouring rows touch when they overlap or meet at a corner. Both lists ascend.
void joinTouching(const std::vector<Run>& row, const std::vector<Run>& neighbour, DisjointSets& sets)
{
    auto other = neighbour.begin();
    for (const Run& run : row) {
        while (other != neighbour.end() && other->end < run.begin)
            ++other;
        for (auto touching = other; touching != neighbour.end() && touching->begin <= run.end; ++touching)
            sets.join(run.set, touching->set);
    }
}

} // namespace

Components connectedComponents(std::span<const std::uint8_t> voxels, const Index3& size)
{
    const auto width = static_cast<std::size_t>(size[0]);
    const auto rowNumber = [&](int j, int k) { return static_cast<std::size_t>(k) * static_cast<std::size_t>(size[1]) + static_cast<std::size_t>(j); };
    DisjointSets sets;
    std::vector<std::vector<Run>> rows(rowNumber(0, size[2]));
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j) {
            std::vector<Run>& row = rows[rowNumber(j, k)];
            row = runsOf(voxels.subspan(rowNumber(j, k) * width, width), sets);
            if (j > 0)
                joinTouching(row, rows[rowNumber(j - 1, k)], sets);
            for (int dj = -1; k > 0 && dj <= 1; ++dj)
                if (j + dj >= 0 && j + dj < size[1])
                    joinTouching(row, rows[rowNumber(j + dj, k - 1)], sets);
        }

    Components result;
    result.numbers.assign(voxels.size(), 0);
    std::vector<std::uint32_t> numberOfSet;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (const Run& run : rows[rowNumber(j, k)]) {
                const std::uint32_t set = sets.find(run.set);
                if (set >= numberOfSet.size())
                    numberOfSet.resize(set + 1, 0);
                const std::size_t first = rowNumber(j, k) * width + static_cast<std::size_t>(run.begin);
                if (numberOfSet[set] == 0) {
                    result.components.push_back({0, {}, first});
                    numberOfSet[set] = static_cast<std::uint32_t>(result.components.size());
                }
                Component& component = result.components[numberOfSet[set] - 1];
                component.voxels += run.end - run.begin;
                component.box.include({run.begin, j, k});
                component.box.include({run.end - 1, j, k});
                std::fill_n(result.numbers.begin() + static_cast<std::ptrdiff_t>(first), run.end - run.begin,
                            numberOfSet[set]);
            }
    return result;
}

std::int64_t keepLargestComponent(std::span<std::uint8_t> labels, const Index3& size, std::uint8_t label)
{
    std::vector<std::uint8_t> mask(labels.size());
    std::transform(labels.begin(), labels.end(), mask.begin(),
                   [label](std::uint8_t value) { return static_cast<std::uint8_t>(value == label); });
    const Components found = connectedComponents(mask, size);
    if (found.components.size() < 2)
        return 0;
    const auto bySize = [](const Component& a, const Component& b) { return a.voxels < b.voxels; };
    const auto largest = std::max_element(found.components.begin(), found.components.end(), bySize);
    const auto kept = static_cast<std::uint32_t>(largest - found.components.begin() + 1);
    std::int64_t removed = 0;
    for (std::size_t n = 0; n < labels.size(); ++n)
        if (found.numbers[n] != 0 && found.numbers[n] != kept) {
            labels[n] = 0;
            ++removed;
        }
    return removed;
}

} // namespace annotomy
