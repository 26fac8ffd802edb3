#include "ml/internal/intensity_augment.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace annotomy {

namespace {

constexpr std::size_t noiseTable = 4096;

struct Statistics {
    double mean = 0, sd = 0;
};

Statistics statisticsOf(const std::vector<float>& values)
{
    double sum = 0, squares = 0;
    for (const float v : values) {
        sum += v;
        squares += static_cast<double>(v) * v;
    }
    const double mean = sum / static_cast<double>(values.size());
    return {mean, std::sqrt(std::max(0.0, squares / static_cast<double>(values.size()) - mean * mean))};
}

// Calls body(row) for every row of voxels along `axis`; row.at(n) is its n-th value.
struct Row {
    float* first;
    std::size_t stride;
    int length;
    float& at(int n) const { return first[static_cast<std::size_t>(n) * stride]; }
};

template <class Body>
void forRows(std::vector<float>& values, const Index3& size, std::size_t axis, Body&& body)
{
    const std::array<std::size_t, 3> strides{1, static_cast<std::size_t>(size[0]),
                                             static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1])};
    const std::size_t a = axis == 0 ? 1 : 0, b = axis == 2 ? 1 : 2; // the other two
    for (int y = 0; y < size[b]; ++y)
        for (int x = 0; x < size[a]; ++x)
            body(Row{values.data() + static_cast<std::size_t>(y) * strides[b] + static_cast<std::size_t>(x) * strides[a],
                     strides[axis], size[axis]});
}

// Values at positions 0 .. length - 1 of a row whose samples lie `step` apart, read linearly.
void stretch(const Row& row, double zoom, std::vector<float>& coarse)
{
    const int count = std::max(1, static_cast<int>(std::lround(row.length * zoom)));
    if (count >= row.length)
        return;
    coarse.resize(static_cast<std::size_t>(count));
    const double step = static_cast<double>(row.length) / count;
    for (int n = 0; n < count; ++n)
        coarse[static_cast<std::size_t>(n)] = row.at(std::min(row.length - 1, static_cast<int>((n + 0.5) * step)));
    for (int n = 0; n < row.length; ++n) {
        const double x = std::clamp((n + 0.5) / step - 0.5, 0.0, count - 1.0);
        const auto lower = static_cast<std::size_t>(x);
        const std::size_t upper = std::min(lower + 1, coarse.size() - 1);
        const auto w = static_cast<float>(x - static_cast<double>(lower));
        row.at(n) = coarse[lower] + w * (coarse[upper] - coarse[lower]);
    }
}

} // namespace

void addNoise(std::vector<float>& values, double sd, Random& random)
{
    // A table of normal deviates read at random places: as good to a network, ten times quicker.
    std::array<float, noiseTable> table{};
    for (float& t : table)
        t = static_cast<float>(sd * random.normal());
    for (float& v : values)
        v += table[random.next() % noiseTable];
}

void blur(std::vector<float>& values, const Index3& size, double sigma)
{
    const int reach = static_cast<int>(std::ceil(3 * sigma));
    std::vector<float> kernel, padded;
    float sum = 0;
    for (int n = -reach; n <= reach; ++n)
        sum += kernel.emplace_back(static_cast<float>(std::exp(-0.5 * n * n / (sigma * sigma))));
    for (float& k : kernel)
        k /= sum;
    for (std::size_t axis = 0; axis < 3; ++axis)
        forRows(values, size, axis, [&](const Row& row) {
            padded.resize(static_cast<std::size_t>(row.length + 2 * reach));
            for (int n = 0; n < row.length + 2 * reach; ++n)
                padded[static_cast<std::size_t>(n)] = row.at(std::clamp(n - reach, 0, row.length - 1));
            for (int n = 0; n < row.length; ++n) {
                float value = 0;
                for (std::size_t k = 0; k < kernel.size(); ++k)
                    value += kernel[k] * padded[static_cast<std::size_t>(n) + k];
                row.at(n) = value;
            }
        });
}

void changeContrast(std::vector<float>& values, double factor)
{
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    const float low = *lowest, high = *highest;
    const auto mean = static_cast<float>(statisticsOf(values).mean), gain = static_cast<float>(factor);
    for (float& v : values)
        v = std::clamp(mean + gain * (v - mean), low, high);
}

void lowerResolution(std::vector<float>& values, const Index3& size, double zoom)
{
    std::vector<float> coarse;
    for (std::size_t axis = 0; axis < 3; ++axis)
        forRows(values, size, axis, [&](const Row& row) { stretch(row, zoom, coarse); });
}

void applyGamma(std::vector<float>& values, double gamma, bool inverted)
{
    if (inverted)
        std::transform(values.begin(), values.end(), values.begin(), std::negate<float>());
    const Statistics before = statisticsOf(values);
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    const float low = *lowest, range = std::max(*highest - low, 1e-6F);
    std::array<float, 257> curve{};
    for (std::size_t n = 0; n < curve.size(); ++n)
        curve[n] = static_cast<float>(std::pow(static_cast<double>(n) / 256, gamma));
    for (float& v : values) {
        const float x = (v - low) / range * 255.99F;
        const auto n = static_cast<std::size_t>(std::clamp(x, 0.0F, 255.0F));
        v = low + range * (curve[n] + (x - static_cast<float>(n)) * (curve[n + 1] - curve[n]));
    }
    const Statistics after = statisticsOf(values);
    const auto gain = static_cast<float>(before.sd / std::max(after.sd, 1e-6));
    const float sign = inverted ? -1.0F : 1.0F;
    for (float& v : values)
        v = sign * (static_cast<float>(before.mean) + gain * (v - static_cast<float>(after.mean)));
}

void varyIntensities(std::vector<float>& values, const Index3& size, Random& random)
{
    if (random.chance(0.1))
        addNoise(values, std::sqrt(random.uniform(0, 0.1)), random);
    if (random.chance(0.1))
        blur(values, size, random.uniform(0.5, 1));
    if (random.chance(0.15)) {
        const auto gain = static_cast<float>(random.uniform(0.75, 1.25));
        for (float& v : values)
            v *= gain;
    }
    if (random.chance(0.15))
        changeContrast(values, random.uniform(0.75, 1.25));
    if (random.chance(0.125))
        lowerResolution(values, size, random.uniform(0.5, 1));
    if (random.chance(0.1))
        applyGamma(values, random.uniform(0.7, 1.5), true);
    if (random.chance(0.3))
        applyGamma(values, random.uniform(0.7, 1.5), false);
}

} // namespace annotomy
