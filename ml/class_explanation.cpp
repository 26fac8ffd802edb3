#include "ml/internal/class_explanation.h"

#include "ml/internal/network_image.h"

#include <algorithm>
#include <array>

namespace annotomy {

namespace {

// The rows that a tile and the image share: of each its first voxel in the tile and in the image, and its length.
struct SharedRow {
    std::size_t inTile = 0, inImage = 0, length = 0;
};

std::vector<SharedRow> sharedRows(const SlidingWindow& window, const Index3& start)
{
    const auto place = [](const Index3& size, int i, int j, int k) {
        return (static_cast<std::size_t>(k) * static_cast<std::size_t>(size[1]) + static_cast<std::size_t>(j)) *
                   static_cast<std::size_t>(size[0]) + static_cast<std::size_t>(i);
    };
    Index3 from{}, to{};
    for (std::size_t a = 0; a < 3; ++a) {
        from[a] = std::max(0, -start[a]);
        to[a] = std::min(window.tile[a], window.image[a] - start[a]);
    }
    std::vector<SharedRow> rows;
    for (int k = from[2]; k < to[2]; ++k)
        for (int j = from[1]; j < to[1]; ++j)
            rows.push_back({place(window.tile, from[0], j, k),
                            place(window.image, start[0] + from[0], start[1] + j, start[2] + k),
                            static_cast<std::size_t>(to[0] - from[0])});
    return rows;
}

std::vector<Index3> tilesOf(const SlidingWindow& window)
{
    std::array<std::vector<int>, 3> starts;
    for (std::size_t a = 0; a < 3; ++a)
        starts[a] = tileStarts(window.image[a], window.tile[a], window.overlap);
    std::vector<Index3> tiles;
    for (const int k : starts[2])
        for (const int j : starts[1])
            for (const int i : starts[0])
                tiles.push_back({i, j, k});
    return tiles;
}

std::vector<float> gaussian(const Index3& size)
{
    std::array<std::vector<float>, 3> along;
    for (std::size_t a = 0; a < 3; ++a)
        along[a] = tileWeights(size[a]);
    std::vector<float> weights;
    weights.reserve(voxelCountOf(size));
    for (const float z : along[2])
        for (const float y : along[1])
            for (const float x : along[0])
                weights.push_back(x * y * z);
    return weights;
}

void cut(const std::vector<SharedRow>& rows, std::span<const float> image, std::span<float> tile)
{
    for (const SharedRow& row : rows)
        std::copy_n(image.begin() + static_cast<std::ptrdiff_t>(row.inImage), row.length,
                    tile.begin() + static_cast<std::ptrdiff_t>(row.inTile));
}

void add(const std::vector<SharedRow>& rows, std::span<const float> tile, std::span<float> image)
{
    for (const SharedRow& row : rows)
        for (std::size_t n = 0; n < row.length; ++n)
            image[row.inImage + n] += tile[row.inTile + n];
}

} // namespace

Result<std::vector<float>> explainTiles(const SlidingWindow& window, std::span<const float> image,
                                        const std::vector<std::uint8_t>& found, const TileExplainer& explain,
                                        std::stop_token stop, const ProgressReport& report)
{
    const std::vector<Index3> tiles = tilesOf(window);
    const std::vector<float> bell = gaussian(window.tile);
    std::vector<float> sums(image.size(), 0), map(image.size(), 0);
    for (const Index3& start : tiles)
        add(sharedRows(window, start), bell, sums);
    std::vector<float> values(bell.size()), weights(bell.size()), part(bell.size());
    for (std::size_t t = 0; t < tiles.size(); ++t) {
        if (stop.stop_requested())
            return cancelledError();
        const std::vector<SharedRow> rows = sharedRows(window, tiles[t]);
        std::fill(weights.begin(), weights.end(), 0.0F);
        for (const SharedRow& row : rows)
            for (std::size_t n = 0; n < row.length; ++n)
                if (found[row.inImage + n] != 0)
                    weights[row.inTile + n] = bell[row.inTile + n] / sums[row.inImage + n];
        const auto count = static_cast<double>(tiles.size()), done = static_cast<double>(t);
        const ProgressReport ofTile = subProgress(report, done / count, (done + 1) / count);
        if (std::any_of(weights.begin(), weights.end(), [](float weight) { return weight > 0; })) {
            std::fill(values.begin(), values.end(), window.padding);
            cut(rows, image, values);
            if (const auto explained = explain({window.tile, values, weights}, part, ofTile); !explained)
                return explained.error();
            add(rows, part, map);
        }
        reportProgress(ofTile, 1);
    }
    return map;
}

} // namespace annotomy
