#include "ml/internal/occlusion.h"

#include "ml/internal/network_image.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace annotomy {

namespace {

constexpr int smallestBlock = 4;

// The part of the tile that is occluded, parted into equal blocks along each axis.
class Blocks {
public:
    Blocks(const Index3& tile, const IndexBox& box, int mostBlocks) : m_tile(tile), m_box(box)
    {
        for (std::size_t a = 0; a < 3; ++a)
            m_count[a] = std::clamp((box.hi[a] - box.lo[a]) / smallestBlock, 1, mostBlocks);
    }

    std::size_t count() const { return voxelCountOf(m_count); }

    IndexBox block(std::size_t n) const
    {
        const auto i = static_cast<std::size_t>(m_count[0]), j = static_cast<std::size_t>(m_count[1]);
        const std::array<std::size_t, 3> place{n % i, n / i % j, n / i / j};
        IndexBox box;
        for (std::size_t a = 0; a < 3; ++a) {
            box.lo[a] = border(a, static_cast<int>(place[a]));
            box.hi[a] = border(a, static_cast<int>(place[a]) + 1);
        }
        return box;
    }

    // What is known at the blocks' centres, at every voxel of the box; the voxels beyond keep what they have.
    void interpolate(const std::vector<float>& values, std::span<float> map) const
    {
        const std::vector<Between> along = betweenAlong(0);
        for (int k = m_box.lo[2]; k < m_box.hi[2]; ++k)
            for (int j = m_box.lo[1]; j < m_box.hi[1]; ++j) {
                const Between y = between(1, j), z = between(2, k);
                const std::size_t row = (static_cast<std::size_t>(k) * static_cast<std::size_t>(m_tile[1]) +
                                         static_cast<std::size_t>(j)) * static_cast<std::size_t>(m_tile[0]);
                for (int i = m_box.lo[0]; i < m_box.hi[0]; ++i)
                    map[row + static_cast<std::size_t>(i)] = trilinear(values, along[static_cast<std::size_t>(i - m_box.lo[0])], y, z);
            }
    }

private:
    struct Between { // two blocks along an axis
        std::size_t lower = 0, upper = 0;
        float weight = 0; // of upper
    };

    int border(std::size_t axis, int n) const
    {
        return m_box.lo[axis] + (m_box.hi[axis] - m_box.lo[axis]) * n / m_count[axis];
    }

    Between between(std::size_t axis, int voxel) const
    {
        const double edge = static_cast<double>(m_box.hi[axis] - m_box.lo[axis]) / m_count[axis];
        const double at = std::clamp((voxel + 0.5 - m_box.lo[axis]) / edge - 0.5, 0.0, m_count[axis] - 1.0);
        const auto lower = static_cast<std::size_t>(at);
        const auto last = static_cast<std::size_t>(m_count[axis] - 1);
        return {lower, std::min(lower + 1, last), static_cast<float>(at - static_cast<double>(lower))};
    }

    std::vector<Between> betweenAlong(std::size_t axis) const
    {
        std::vector<Between> all;
        for (int n = m_box.lo[axis]; n < m_box.hi[axis]; ++n)
            all.push_back(between(axis, n));
        return all;
    }

    float trilinear(const std::vector<float>& values, const Between& x, const Between& y, const Between& z) const
    {
        const auto mixed = [](float a, float b, float weight) { return a + weight * (b - a); };
        const auto inRow = [&](std::size_t j, std::size_t k) {
            const std::size_t row = (k * static_cast<std::size_t>(m_count[1]) + j) * static_cast<std::size_t>(m_count[0]);
            return mixed(values[row + x.lower], values[row + x.upper], x.weight);
        };
        const auto inPlane = [&](std::size_t k) { return mixed(inRow(y.lower, k), inRow(y.upper, k), y.weight); };
        return mixed(inPlane(z.lower), inPlane(z.upper), z.weight);
    }

    Index3 m_tile;
    IndexBox m_box;
    Index3 m_count{};
};

std::size_t offsetIn(const Index3& size, int i, int j, int k)
{
    return (static_cast<std::size_t>(k) * static_cast<std::size_t>(size[1]) + static_cast<std::size_t>(j)) *
               static_cast<std::size_t>(size[0]) + static_cast<std::size_t>(i);
}

// The box of the voxels that count, a quarter of the tile wider on every side.
IndexBox occludedBox(const ScoredTile& tile)
{
    IndexBox box;
    for (int k = 0; k < tile.size[2]; ++k)
        for (int j = 0; j < tile.size[1]; ++j)
            for (int i = 0; i < tile.size[0]; ++i)
                if (tile.weights[offsetIn(tile.size, i, j, k)] > 0)
                    box.include({i, j, k});
    for (std::size_t a = 0; a < 3; ++a) {
        box.lo[a] -= tile.size[a] / 4;
        box.hi[a] += tile.size[a] / 4;
    }
    return intersection(box, {{0, 0, 0}, tile.size});
}

void fillBlock(const Index3& size, const IndexBox& block, float value, std::span<float> values)
{
    for (int k = block.lo[2]; k < block.hi[2]; ++k)
        for (int j = block.lo[1]; j < block.hi[1]; ++j)
            std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(offsetIn(size, block.lo[0], j, k)),
                        block.hi[0] - block.lo[0], value);
}

double scoreOf(const ScoredTile& tile, std::span<const float> probabilities, std::size_t output)
{
    const std::span<const float> ofClass = probabilities.subspan(output * tile.values.size(), tile.values.size());
    return std::inner_product(ofClass.begin(), ofClass.end(), tile.weights.begin(), 0.0);
}

} // namespace

TileExplainer occlusion(TilePredictor predict, int outputs, std::size_t output, float fill, int mostBlocks,
                        std::stop_token stop)
{
    return [=](const ScoredTile& tile, std::span<float> map, const ProgressReport& report) -> Result<void> {
        std::vector<float> probabilities(tile.values.size() * static_cast<std::size_t>(outputs));
        if (const auto predicted = predict(tile.values, probabilities); !predicted)
            return predicted;
        const double whole = scoreOf(tile, probabilities, output);
        const Blocks blocks(tile.size, occludedBox(tile), mostBlocks);
        std::vector<float> drops, occluded;
        for (std::size_t n = 0; n < blocks.count(); ++n) {
            if (stop.stop_requested())
                return cancelledError();
            occluded.assign(tile.values.begin(), tile.values.end());
            fillBlock(tile.size, blocks.block(n), fill, occluded);
            if (const auto predicted = predict(occluded, probabilities); !predicted)
                return predicted;
            drops.push_back(static_cast<float>(std::max(0.0, whole - scoreOf(tile, probabilities, output))));
            reportProgress(report, static_cast<double>(n + 1) / static_cast<double>(blocks.count()));
        }
        std::fill(map.begin(), map.end(), 0.0F);
        blocks.interpolate(drops, map);
        return {};
    };
}

} // namespace annotomy
