#include "ml/internal/case_dice.h"

#include "ml/internal/network_image.h"

#include <array>

namespace annotomy {

std::vector<std::optional<double>> dicePerClass(std::span<const std::uint8_t> reference,
                                                std::span<const std::uint8_t> found, int outputs)
{
    std::array<std::int64_t, 256> common{}, sum{};
    for (std::size_t n = 0; n < reference.size(); ++n) {
        if (reference[n] == ignoredClass)
            continue;
        ++sum[reference[n]];
        ++sum[found[n]];
        if (reference[n] == found[n])
            ++common[found[n]];
    }
    std::vector<std::optional<double>> dice(static_cast<std::size_t>(outputs));
    for (std::size_t c = 1; c < dice.size(); ++c)
        if (sum[c] > 0)
            dice[c] = 2.0 * static_cast<double>(common[c]) / static_cast<double>(sum[c]);
    return dice;
}

} // namespace annotomy
