#include "ml/internal/sliding_window.h"

#include "ml/internal/network_image.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace annotomy {

namespace {

// The sums of weighted probabilities of as many planes as a tile is deep.
class Slab {
public:
    Slab(const SlidingWindow& window, const std::array<std::vector<int>, 3>& starts)
        : m_image(window.image), m_tile(window.tile), m_starts(starts),
          m_width(static_cast<std::size_t>(window.image[0])), m_outputs(static_cast<std::size_t>(window.outputs)),
          m_planeSize(m_width * static_cast<std::size_t>(window.image[1]))
    {
        m_sums.assign(static_cast<std::size_t>(m_tile[2]) * m_outputs * m_planeSize, 0);
        for (std::size_t a = 0; a < 3; ++a)
            m_tileWeights[a] = tileWeights(m_tile[a]);
    }

    // Adds a tile whose first voxel is `start`; what lies beyond the image is dropped.
    void add(const Index3& start, std::span<const float> probabilities)
    {
        const std::size_t tileVoxels = voxelCountOf(m_tile);
        for (int z = std::max(0, -start[2]); z < std::min(m_tile[2], m_image[2] - start[2]); ++z)
            forRows(start, z, [&](std::size_t row, int y, float weight) {
                const std::size_t tileRow =
                    (static_cast<std::size_t>(z) * static_cast<std::size_t>(m_tile[1]) + static_cast<std::size_t>(y)) *
                    static_cast<std::size_t>(m_tile[0]);
                for (std::size_t c = 0; c < m_outputs; ++c) {
                    float* sums = plane(start[2] + z) + c * m_planeSize + row;
                    const float* values = probabilities.data() + c * tileVoxels + tileRow;
                    forVoxels(start[0], weight, [&](int x, float w) { sums[start[0] + x] += w * values[x]; });
                }
            });
    }

    // Divides plane k by its weights, hands it over and clears its place for plane k + depth.
    void finish(int k, const PlaneSink& sink)
    {
        sumWeights(k);
        float* sums = plane(k);
        for (std::size_t c = 0; c < m_outputs; ++c)
            for (std::size_t n = 0; n < m_planeSize; ++n)
                sums[c * m_planeSize + n] /= m_weights[n];
        sink(k, {sums, m_outputs * m_planeSize});
        std::fill_n(sums, m_outputs * m_planeSize, 0.0F);
    }

private:
    // Planes are kept in a ring.
    float* plane(int k) { return m_sums.data() + static_cast<std::size_t>(k % m_tile[2]) * m_outputs * m_planeSize; }

    // The weights of plane k, of all tiles that reach it.
    void sumWeights(int k)
    {
        m_weights.assign(m_planeSize, 0);
        for (const int first : m_starts[2]) {
            if (k < first || k >= first + m_tile[2])
                continue;
            for (const int j : m_starts[1])
                for (const int i : m_starts[0])
                    forRows({i, j, first}, k - first, [&](std::size_t row, int, float weight) {
                        float* weights = m_weights.data() + row;
                        forVoxels(i, weight, [&](int x, float w) { weights[i + x] += w; });
                    });
        }
    }

    // body(offset of the image's row in its plane, y, weight) for the rows of a tile's plane z that lie in the image.
    template <class Body>
    void forRows(const Index3& start, int z, Body&& body)
    {
        for (int y = std::max(0, -start[1]); y < std::min(m_tile[1], m_image[1] - start[1]); ++y)
            body(static_cast<std::size_t>(start[1] + y) * m_width, y,
                 m_tileWeights[2][static_cast<std::size_t>(z)] * m_tileWeights[1][static_cast<std::size_t>(y)]);
    }

    // body(x, weight) for the voxels of a tile's row that lie in the image.
    template <class Body>
    void forVoxels(int start, float rowWeight, Body&& body)
    {
        const float* along = m_tileWeights[0].data();
        const int from = std::max(0, -start), to = std::min(m_tile[0], m_image[0] - start);
        for (int x = from; x < to; ++x)
            body(x, std::max(rowWeight * along[x], leastTileWeight));
    }

    Index3 m_image, m_tile;
    const std::array<std::vector<int>, 3>& m_starts;
    std::size_t m_width, m_outputs, m_planeSize;
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
        weights[static_cast<std::size_t>(n)] = static_cast<float>(std::exp(-0.5 * x * x));
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
    Slab slab(window, starts);
    for (std::size_t layer = 0; layer < starts[2].size(); ++layer) {
        for (const int j : starts[1])
            for (const int i : starts[0]) {
                if (stop.stop_requested())
                    return cancelledError();
                const Index3 start{i, j, starts[2][layer]};
                cutTile(window, image, start, tile);
                if (const Result<void> predicted = predict(tile, probabilities); !predicted)
                    return predicted;
                slab.add(start, probabilities);
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
