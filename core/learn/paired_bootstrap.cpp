#include "core/learn/paired_bootstrap.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <functional>
#include <random>
#include <vector>

namespace annotomy {

namespace {

constexpr std::size_t resamples = 2000;
constexpr double tail = 0.025;

} // namespace

std::optional<PairedDifference> pairedDifference(std::span<const double> first, std::span<const double> second)
{
    assert(first.size() == second.size());
    const std::size_t count = first.size();
    if (count == 0)
        return std::nullopt;
    std::vector<double> differences(count);
    std::transform(first.begin(), first.end(), second.begin(), differences.begin(), std::minus<>());
    double sum = 0;
    for (const double difference : differences)
        sum += difference;

    std::mt19937_64 generator(20211);
    std::vector<double> means(resamples, 0);
    for (double& mean : means) {
        for (std::size_t n = 0; n < count; ++n)
            mean += differences[generator() % count];
        mean /= static_cast<double>(count);
    }
    std::sort(means.begin(), means.end());
    const auto at = [&](double fraction) { return means[static_cast<std::size_t>(fraction * (resamples - 1))]; };
    return PairedDifference{sum / static_cast<double>(count), at(tail), at(1 - tail)};
}

} // namespace annotomy
