#include "ml/internal/signed_distance.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace annotomy {

namespace {

constexpr float beyond = std::numeric_limits<float>::max() / 4;

// The lower envelope of parabolas that stand on the line's values, `spacing` mm apart.
class LineTransform {
public:
    explicit LineTransform(std::size_t longest) : m_values(longest), m_places(longest), m_borders(longest + 1) {}

    void run(float* line, std::size_t count, std::size_t stride, double spacing)
    {
        const double square = spacing * spacing;
        for (std::size_t n = 0; n < count; ++n)
            m_values[n] = line[n * stride];
        std::size_t last = 0;
        m_places[0] = 0;
        m_borders[0] = -std::numeric_limits<double>::infinity();
        for (std::size_t n = 1; n < count; ++n) {
            double border = borderOf(m_places[last], n, square);
            while (border <= m_borders[last])
                border = borderOf(m_places[--last], n, square);
            m_places[++last] = n;
            m_borders[last] = border;
        }
        std::size_t at = 0;
        for (std::size_t n = 0; n < count; ++n) {
            while (at < last && m_borders[at + 1] < static_cast<double>(n))
                ++at;
            const double away = static_cast<double>(n) - static_cast<double>(m_places[at]);
            line[n * stride] = static_cast<float>(m_values[m_places[at]] + square * away * away);
        }
    }

private:
    double borderOf(std::size_t a, std::size_t b, double square) const
    {
        const auto x = static_cast<double>(a), y = static_cast<double>(b);
        return ((m_values[b] + square * y * y) - (m_values[a] + square * x * x)) / (2 * square * (y - x));
    }

    std::vector<double> m_values;
    std::vector<std::size_t> m_places;
    std::vector<double> m_borders;
};

// Squares of the distances to the nearest voxel with the value 0. size, spacing: (i, j, k).
void transformSquares(std::span<float> squares, const std::array<std::size_t, 3>& size, const Vec3& spacing)
{
    LineTransform transform(std::max({size[0], size[1], size[2]}));
    const std::size_t plane = size[0] * size[1];
    for (std::size_t row = 0; row < size[1] * size[2]; ++row)
        transform.run(squares.data() + row * size[0], size[0], 1, spacing[0]);
    for (std::size_t k = 0; k < size[2]; ++k)
        for (std::size_t i = 0; i < size[0]; ++i)
            transform.run(squares.data() + k * plane + i, size[1], size[0], spacing[1]);
    for (std::size_t column = 0; column < plane; ++column)
        transform.run(squares.data() + column, size[2], plane, spacing[2]);
}

void signedDistanceOf(std::span<const float> truth, std::span<float> out, const std::array<std::size_t, 3>& size,
                      const Vec3& spacing)
{
    std::vector<float> toInside(truth.size()), toOutside(truth.size());
    std::size_t inside = 0;
    for (std::size_t n = 0; n < truth.size(); ++n) {
        const bool is = truth[n] > 0.5F;
        inside += is;
        toInside[n] = is ? 0 : beyond;
        toOutside[n] = is ? beyond : 0;
    }
    if (inside == 0 || inside == truth.size())
        return;
    transformSquares(toInside, size, spacing);
    transformSquares(toOutside, size, spacing);
    for (std::size_t n = 0; n < truth.size(); ++n)
        out[n] = std::sqrt(toInside[n]) - std::sqrt(toOutside[n]);
}

} // namespace

at::Tensor signedDistances(const at::Tensor& truth, const Vec3& spacing)
{
    const c10::NoGradGuard noGrad;
    const at::Tensor maps = truth.detach().to(at::kCPU).contiguous();
    at::Tensor distances = at::zeros_like(maps);
    const auto edge = [&](int axis) { return static_cast<std::size_t>(maps.size(axis)); };
    const std::array<std::size_t, 3> size{edge(4), edge(3), edge(2)};
    const std::size_t voxels = size[0] * size[1] * size[2];
    const float* in = maps.data_ptr<float>();
    float* out = distances.data_ptr<float>();
    at::parallel_for(0, maps.size(0) * maps.size(1), 1, [&](std::int64_t begin, std::int64_t end) {
        for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n)
            signedDistanceOf({in + n * voxels, voxels}, {out + n * voxels, voxels}, size, spacing);
    });
    return distances.to(truth.device());
}

} // namespace annotomy
