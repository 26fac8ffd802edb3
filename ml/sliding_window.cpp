#include "ml/internal/sliding_window.h"

#include "ml/internal/network_image.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace annotomy {

namespace {

// The sums of weighted probabilities for the planes [m_first, m_first + tile depth).
class Slab {
public:
    Slab(const SlidingWindow& window)
        : m_width(static_cast<std::size_t>(window.image[0])),
          m_height(static_cast<std::size_t>(window.image[1])),
          m_outputs(static_cast<std::size_t>(window.outputs)), m_depth(window.tile[2]), m_tile(window.tile),
          m_planeSize(m_width * m_height)
    {
        m_sums.assign(static_cast<std::size_t>(m_depth) * m_outputs * m_planeSize, 0);
        m_weights.assign(static_cast<std::size_t>(m_depth) * m_planeSize, 0);
        for (std::size_t a = 0; a < 3; ++a)
            m_tileWeights[a] = tileWeights(m_tile[a]);
    }

    // Adds a tile whose first voxel is `start`; what lies beyond the image is dropped.
    void add(const Index3& start, int imageDepth, std::span<const float> probabilities)
    {
        const std::size_t tileVoxels = voxelCountOf(m_tile);
        for (int z = 0; z < m_tile[2]; ++z) {
            const int k = start[2] + z;
            if (k < 0 || k >= imageDepth)
                continue;
            for (int y = 0; y < m_tile[1]; ++y) {
                const int j = start[1] + y;
                if (j < 0 || j >= static_cast<int>(m_height))
                    continue;
                const float weight = m_tileWeights[2][static_cast<std::size_t>(z)] *
                                     m_tileWeights[1][static_cast<std::size_t>(y)];
                const std::size_t tileRow =
                    (static_cast<std::size_t>(z) * static_cast<std::size_t>(m_tile[1]) +
                     static_cast<std::size_t>(y)) *
                    static_cast<std::size_t>(m_tile[0]);
                for (std::size_t c = 0; c <= m_outputs; ++c)
                    addRow(target(c, k) + static_cast<std::size_t>(j) * m_width, start[0], weight,
                           c == m_outputs ? nullptr : probabilities.data() + c * tileVoxels + tileRow);
            }
        }
    }

    // Divides plane k by its weights, hands it over and clears its place for plane k + depth.
    void finish(int k, const PlaneSink& sink)
    {
        const float* weights = target(m_outputs, k);
        for (std::size_t c = 0; c < m_outputs; ++c) {
            float* sums = target(c, k);
            for (std::size_t n = 0; n < m_planeSize; ++n)
                sums[n] /= weights[n];
        }
        sink(k, {target(0, k), m_outputs * m_planeSize});
        std::fill_n(target(0, k), m_outputs * m_planeSize, 0.0F);
        std::fill_n(target(m_outputs, k), m_planeSize, 0.0F);
    }

private:
    // The plane of output c, or of the weights for c == m_outputs. Planes are kept in a ring.
    float* target(std::size_t c, int k)
    {
        const auto place = static_cast<std::size_t>(k % m_depth);
        return c == m_outputs ? m_weights.data() + place * m_planeSize
                              : m_sums.data() + (place * m_outputs + c) * m_planeSize;
    }

    void addRow(float* row, int start, float weight, const float* values)
    {
        const int from = std::max(0, -start), to = std::min(m_tile[0], static_cast<int>(m_width) - start);
        const float* along = m_tileWeights[0].data();
        for (int x = from; x < to; ++x)
            row[start + x] += weight * along[x] * (values ? values[x] : 1.0F);
    }

    std::size_t m_width, m_height, m_outputs;
    int m_depth;
    Index3 m_tile;
    std::size_t m_planeSize;
    std::array<std::vector<float>, 3> m_tileWeights;
    std::vector<float> m_sums, m_weights;
};

void cutTile(const SlidingWindow& window, std::span<const float> image, const Index3& start,
             std::span<float> tile)
{
    const Index3& size = window.image;
    std::fill(tile.begin(), tile.end(), window.padding);
    const int from = std::max(0, -start[0]), to = std::min(window.tile[0], size[0] - start[0]);
    for (int z = 0; z < window.tile[2]; ++z)
        for (int y = 0; y < window.tile[1]; ++y) {
            const int k = start[2] + z, j = start[1] + y;
            if (k < 0 || k >= size[2] || j < 0 || j >= size[1])
                continue;
            const std::size_t row = (static_cast<std::size_t>(k) * static_cast<std::size_t>(size[1]) +
                                     static_cast<std::size_t>(j)) *
                                    static_cast<std::size_t>(size[0]);
            const std::size_t out = (static_cast<std::size_t>(z) * static_cast<std::size_t>(window.tile[1]) +
                                     static_cast<std::size_t>(y)) *
                                    static_cast<std::size_t>(window.tile[0]);
            std::copy_n(image.begin() + static_cast<std::ptrdiff_t>(row) + start[0] + from, to - from,
                        tile.begin() + static_cast<std::ptrdiff_t>(out) + from);
        }
}

} // namespace

std::vector<int> tileStarts(int imageSize, int tileSize, double overlap)
{
    if (imageSize <= tileSize)
        return {-(tileSize - imageSize) / 2};
    const int step = std::max(1, static_cast<int>(tileSize * (1 - overlap)));
    std::vector<int> starts;
    for (int start = 0; start < imageSize - tileSize; start += step)
        starts.push_back(start);
    starts.push_back(imageSize - tileSize);
    return starts;
}

std::vector<float> tileWeights(int tileSize)
{
    std::vector<float> weights(static_cast<std::size_t>(tileSize));
    const double middle = (tileSize - 1) / 2.0, sigma = tileSize / 8.0;
    for (int n = 0; n < tileSize; ++n) {
        const double x = (n - middle) / sigma;
        weights[static_cast<std::size_t>(n)] = static_cast<float>(std::max(std::exp(-0.5 * x * x), 1e-3));
    }
    return weights;
}

Result<void> slideWindow(const SlidingWindow& window, std::span<const float> image,
                         const TilePredictor& predict, const PlaneSink& sink, std::stop_token stop,
                         const ProgressReport& report)
{
    std::array<std::vector<int>, 3> starts;
    for (std::size_t a = 0; a < 3; ++a)
        starts[a] = tileStarts(window.image[a], window.tile[a], window.overlap);
    const std::size_t tileVoxels = voxelCountOf(window.tile);
    std::vector<float> tile(tileVoxels), probabilities(tileVoxels * static_cast<std::size_t>(window.outputs));
    const std::size_t total = starts[0].size() * starts[1].size() * starts[2].size();
    std::size_t done = 0;
    int finished = 0;
    Slab slab(window);
    for (std::size_t layer = 0; layer < starts[2].size(); ++layer) {
        for (const int j : starts[1])
            for (const int i : starts[0]) {
                if (stop.stop_requested())
                    return cancelledError();
                const Index3 start{i, j, starts[2][layer]};
                cutTile(window, image, start, tile);
                if (const Result<void> predicted = predict(tile, probabilities); !predicted)
                    return predicted;
                slab.add(start, window.image[2], probabilities);
                reportProgress(report, static_cast<double>(++done) / static_cast<double>(total));
            }
        const bool last = layer + 1 == starts[2].size();
        const int end = last ? window.image[2] : starts[2][layer + 1];
        for (; finished < end; ++finished)
            slab.finish(finished, sink);
    }
    return {};
}

} // namespace annotomy
