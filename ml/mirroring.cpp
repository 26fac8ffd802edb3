#include "ml/internal/mirroring.h"

#include "ml/internal/network_image.h"

#include <algorithm>
#include <memory>

namespace annotomy {

std::vector<Index3> mirrorings(const Index3& axes)
{
    std::vector<Index3> all;
    for (int k = 0; k <= std::min(axes[2], 1); ++k)
        for (int j = 0; j <= std::min(axes[1], 1); ++j)
            for (int i = 0; i <= std::min(axes[0], 1); ++i)
                all.push_back({i, j, k});
    return all;
}

void mirrorTile(std::span<const float> values, const Index3& tile, const Index3& axes, std::span<float> mirrored)
{
    const auto width = static_cast<std::ptrdiff_t>(tile[0]);
    const std::ptrdiff_t rows = static_cast<std::ptrdiff_t>(values.size()) / width;
    for (std::ptrdiff_t row = 0; row < rows; ++row) {
        const std::ptrdiff_t j = row % tile[1], k = row / tile[1] % tile[2], channel = row / tile[1] / tile[2];
        const std::ptrdiff_t fromJ = axes[1] ? tile[1] - 1 - j : j, fromK = axes[2] ? tile[2] - 1 - k : k;
        const auto from = values.begin() + ((channel * tile[2] + fromK) * tile[1] + fromJ) * width;
        const auto to = mirrored.begin() + row * width;
        if (axes[0])
            std::reverse_copy(from, from + width, to);
        else
            std::copy_n(from, width, to);
    }
}

TilePredictor mirroredEach(TilePredictor predict, const Index3& tile, const Index3& axes)
{
    const std::vector<Index3> mirrors = mirrorings(axes);
    if (mirrors.size() == 1)
        return predict;
    return [=](std::span<const float> values, std::span<float> probabilities) -> Result<void> {
        const std::size_t each = probabilities.size() / mirrors.size();
        std::vector<float> input(values.size()), answer(each);
        for (std::size_t n = 0; n < mirrors.size(); ++n) {
            mirrorTile(values, tile, mirrors[n], input);
            if (const Result<void> predicted = predict(input, answer); !predicted)
                return predicted;
            mirrorTile(answer, tile, mirrors[n], probabilities.subspan(n * each, each));
        }
        return {};
    };
}

TilePredictor mirrored(TilePredictor predict, const Index3& tile, int outputs, const Index3& axes)
{
    const std::vector<Index3> mirrors = mirrorings(axes);
    if (mirrors.size() == 1)
        return predict;
    struct Buffers {
        std::vector<float> tile, answer, turned;
    };
    const auto buffers = std::make_shared<Buffers>();
    buffers->tile.resize(voxelCountOf(tile));
    buffers->answer.resize(buffers->tile.size() * static_cast<std::size_t>(outputs));
    buffers->turned.resize(buffers->answer.size());
    return [=](std::span<const float> values, std::span<float> probabilities) -> Result<void> {
        std::fill(probabilities.begin(), probabilities.end(), 0.0F);
        const float share = 1 / static_cast<float>(mirrors.size());
        for (const Index3& mirror : mirrors) {
            mirrorTile(values, tile, mirror, buffers->tile);
            if (const Result<void> predicted = predict(buffers->tile, buffers->answer); !predicted)
                return predicted;
            mirrorTile(buffers->answer, tile, mirror, buffers->turned);
            for (std::size_t n = 0; n < probabilities.size(); ++n)
                probabilities[n] += share * buffers->turned[n];
        }
        return {};
    };
}

} // namespace annotomy
