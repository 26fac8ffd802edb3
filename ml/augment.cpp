#include "ml/internal/augment.h"

#include "ml/internal/intensity_augment.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace annotomy {

namespace {

constexpr double rotationChance = 0.2;
constexpr double maxRotation = 30 * std::numbers::pi / 180; // about each axis
constexpr double scaleChance = 0.2;
constexpr double leastScale = 0.7, mostScale = 1.4;
constexpr double maxShift = 3;    // voxels

Mat3 multiplied(const Mat3& a, const Mat3& b)
{
    return fromColumns(a * column(b, 0), a * column(b, 1), a * column(b, 2));
}

Mat3 rotationAbout(std::size_t axis, double angle)
{
    Mat3 m = identityMatrix;
    const std::size_t u = (axis + 1) % 3, v = (axis + 2) % 3;
    m[u][u] = m[v][v] = std::cos(angle);
    m[u][v] = -std::sin(angle);
    m[v][u] = std::sin(angle);
    return m;
}

// From offsets within the patch to offsets within the image, both in voxels. Rotations are done in mm.
Mat3 imageFromPatch(const Vec3& spacing, const Index3& mirrorAxes, Random& random)
{
    Mat3 map = identityMatrix;
    if (random.chance(rotationChance))
        for (std::size_t axis = 0; axis < 3; ++axis)
            map = multiplied(map, rotationAbout(axis, random.uniform(-maxRotation, maxRotation)));
    for (std::size_t r = 0; r < 3; ++r)
        for (std::size_t c = 0; c < 3; ++c)
            map[r][c] *= spacing[c] / spacing[r];
    if (random.chance(scaleChance)) {
        const double zoom = random.uniform(leastScale, mostScale);
        for (auto& row : map)
            for (double& value : row)
                value *= zoom;
    }
    for (std::size_t axis = 0; axis < 3; ++axis)
        if (mirrorAxes[axis] != 0 && random.chance(0.5))
            for (auto& row : map)
                row[axis] = -row[axis];
    return map;
}

// Reads one row of the patch: start and step in image index coordinates.
class RowReader {
public:
    RowReader(const PreparedCase& source, float padding)
        : m_image(source.image.values.data()), m_classes(source.classes.data()),
          m_size(source.image.grid.size), m_padding(padding)
    {
    }

    void read(Vec3 at, const Vec3& step, std::span<float> values, std::span<std::uint8_t> classes) const
    {
        for (std::size_t n = 0; n < values.size(); ++n, at = at + step) {
            const Index3 nearest{rounded(at[0]), rounded(at[1]), rounded(at[2])};
            if (!inside(nearest)) {
                values[n] = m_padding;
                classes[n] = ignoredClass;
                continue;
            }
            classes[n] = m_classes[offset(nearest)];
            values[n] = trilinear(at);
        }
    }

private:
    static int rounded(double x) { return static_cast<int>(std::floor(x + 0.5)); }
    bool inside(const Index3& p) const
    {
        return p[0] >= 0 && p[1] >= 0 && p[2] >= 0 && p[0] < m_size[0] && p[1] < m_size[1] &&
               p[2] < m_size[2];
    }
    std::size_t offset(const Index3& p) const
    {
        return (static_cast<std::size_t>(p[2]) * static_cast<std::size_t>(m_size[1]) +
                static_cast<std::size_t>(p[1])) *
                   static_cast<std::size_t>(m_size[0]) +
               static_cast<std::size_t>(p[0]);
    }
    float trilinear(const Vec3& at) const
    {
        Index3 lo{}, hi{};
        std::array<float, 3> w{};
        for (std::size_t a = 0; a < 3; ++a) {
            const double x = std::clamp(at[a], 0.0, static_cast<double>(m_size[a] - 1));
            lo[a] = static_cast<int>(x);
            hi[a] = std::min(lo[a] + 1, m_size[a] - 1);
            w[a] = static_cast<float>(x - lo[a]);
        }
        const auto along = [&](int j, int k) {
            const float left = m_image[offset({lo[0], j, k})], right = m_image[offset({hi[0], j, k})];
            return left + w[0] * (right - left);
        };
        const float lower = along(lo[1], lo[2]) + w[1] * (along(hi[1], lo[2]) - along(lo[1], lo[2]));
        const float upper = along(lo[1], hi[2]) + w[1] * (along(hi[1], hi[2]) - along(lo[1], hi[2]));
        return lower + w[2] * (upper - lower);
    }

    const float* m_image;
    const std::uint8_t* m_classes;
    Index3 m_size;
    float m_padding;
};

} // namespace

Patch sampledPatch(const PreparedCase& source, const Vec3& centre, const SamplerSettings& settings,
                   Random& random)
{
    const Index3& size = settings.patch;
    Patch patch;
    patch.values.resize(voxelCountOf(size));
    patch.classes.resize(voxelCountOf(size));
    patch.annotated = source.annotated;

    Mat3 map = identityMatrix;
    Vec3 middle{};
    for (std::size_t a = 0; a < 3; ++a) // whole voxels: without augmentation nothing is interpolated
        middle[a] = std::floor(centre[a] - (size[a] - 1) / 2.0 + 0.5) + (size[a] - 1) / 2.0;
    if (settings.augment) {
        map = imageFromPatch(source.image.grid.spacing, settings.mirrorAxes, random);
        for (double& m : middle)
            m += std::floor(random.uniform(-maxShift, maxShift + 1));
    }
    const RowReader reader(source, settings.padding);
    const auto width = static_cast<std::size_t>(size[0]);
    std::size_t row = 0;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j, row += width) {
            const Vec3 fromMiddle{-(size[0] - 1) / 2.0, j - (size[1] - 1) / 2.0, k - (size[2] - 1) / 2.0};
            reader.read(middle + map * fromMiddle, column(map, 0),
                        std::span(patch.values).subspan(row, width),
                        std::span(patch.classes).subspan(row, width));
        }
    if (settings.augment)
        varyIntensities(patch.values, size, random);
    return patch;
}

} // namespace annotomy
