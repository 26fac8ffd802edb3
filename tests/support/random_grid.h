#pragma once

#include "core/image/volume.h"

#include <random>

namespace annotomy::test {

// What a test grid is like beside being rotated at random and anisotropic.
struct GridShape {
    bool sheared = false; // a tilted gantry
    bool flipped = false; // left-handed
};

inline VolumeGeometry randomGrid(std::mt19937& random, const Index3& size, GridShape shape = {})
{
    std::uniform_real_distribution<double> angle(-3.1, 3.1), spacing(0.4, 5.0), origin(-300, 300);
    const double a = angle(random), b = angle(random), c = angle(random);
    const Vec3 i{std::cos(a) * std::cos(b), std::sin(a) * std::cos(b), -std::sin(b)};
    const Vec3 j = normalised(cross(Vec3{std::sin(c), std::cos(c), 0.3}, i));
    Vec3 k = cross(i, j);
    if (shape.sheared)
        k = normalised(k + 0.3 * j);
    if (shape.flipped)
        k = -1.0 * k;
    VolumeGeometry g;
    g.size = size;
    g.spacing = {spacing(random), spacing(random), spacing(random)};
    g.origin = {origin(random), origin(random), origin(random)};
    g.direction = fromColumns(i, j, k);
    return g;
}

template <class T>
Volume randomVolume(std::mt19937& random, const VolumeGeometry& geometry, Rescale rescale = {})
{
    std::uniform_int_distribution<int> value(std::is_signed_v<T> ? -100 : 0, 100);
    std::vector<T> voxels(geometry.voxelCount());
    for (T& voxel : voxels)
        voxel = static_cast<T>(value(random));
    return Volume::fromVoxels(geometry, std::move(voxels), rescale);
}

// `volume` with random colours.
inline Volume coloured(std::mt19937& random, Volume volume, double step = 1)
{
    std::vector<std::byte> rgb(3 * volume.geometry().voxelCount());
    for (std::byte& level : rgb)
        level = static_cast<std::byte>(random());
    const auto owner = std::make_shared<const std::vector<std::byte>>(std::move(rgb));
    volume.setColours({owner, *owner, step});
    return volume;
}

inline bool sameColours(const Volume& a, const Volume& b)
{
    const auto& left = a.colours();
    const auto& right = b.colours();
    return left.step == right.step && std::equal(left.rgb.begin(), left.rgb.end(), right.rgb.begin(), right.rgb.end());
}

inline bool sameBytes(const Volume& a, const Volume& b)
{
    return a.type() == b.type() &&
           std::equal(a.bytes().begin(), a.bytes().end(), b.bytes().begin(), b.bytes().end());
}

} // namespace annotomy::test
