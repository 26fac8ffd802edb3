#include "ml/internal/mirroring.h"

#include "ml/internal/network_image.h"

#include <algorithm>
#include <bit>
#include <memory>

namespace annotomy {

namespace {

// target (of one volume) = source mirrored along the axes whose bits are set.
template <class Put>
void mirrorInto(std::span<const float> source, const Index3& size, unsigned axes, Put&& put)
{
    const auto at = [&](int value, std::size_t axis) { return axes >> axis & 1U ? size[axis] - 1 - value : value; };
    std::size_t n = 0;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j) {
            const std::size_t row = (static_cast<std::size_t>(at(k, 2)) * static_cast<std::size_t>(size[1]) +
                                     static_cast<std::size_t>(at(j, 1))) *
                                    static_cast<std::size_t>(size[0]);
            for (int i = 0; i < size[0]; ++i)
                put(n++, source[row + static_cast<std::size_t>(at(i, 0))]);
        }
}

} // namespace

TilePredictor mirrored(TilePredictor predict, const Index3& tile, int outputs, const Index3& axes)
{
    unsigned possible = 0;
    for (std::size_t a = 0; a < 3; ++a)
        if (axes[a] != 0)
            possible |= 1U << a;
    if (possible == 0)
        return predict;
    struct Buffers {
        std::vector<float> tile, probabilities;
    };
    const auto buffers = std::make_shared<Buffers>();
    const std::size_t voxels = voxelCountOf(tile);
    buffers->tile.resize(voxels);
    buffers->probabilities.resize(voxels * static_cast<std::size_t>(outputs));
    return [=](std::span<const float> values, std::span<float> probabilities) -> Result<void> {
        std::fill(probabilities.begin(), probabilities.end(), 0.0F);
        const float share = 1 / static_cast<float>(1U << std::popcount(possible));
        for (unsigned subset = 0; subset < 8; ++subset) {
            if ((subset & ~possible) != 0)
                continue;
            mirrorInto(values, tile, subset, [&](std::size_t n, float v) { buffers->tile[n] = v; });
            if (const Result<void> done = predict(buffers->tile, buffers->probabilities); !done)
                return done;
            for (std::size_t c = 0; c < static_cast<std::size_t>(outputs); ++c) {
                float* target = probabilities.data() + c * voxels;
                mirrorInto(std::span(buffers->probabilities).subspan(c * voxels, voxels), tile, subset,
                           [&](std::size_t n, float p) { target[n] += share * p; });
            }
        }
        return {};
    };
}

} // namespace annotomy
