#include "core/image/slice_sampler.h"

#include <algorithm>

namespace annotomy {

namespace {

// Patient axes (0 = LPS x, 1 = y, 2 = z) that point right, down and through the screen in one plane, and whether
// right and down are the positive directions.
struct ScreenAxes {
    std::size_t right, down, depth;
    bool rightPositive, downPositive;
};

ScreenAxes screenAxes(Plane plane)
{
    switch (plane) {
    case Plane::Axial: return {0, 1, 2, true, true};
    case Plane::Coronal: return {0, 2, 1, true, false};
    case Plane::Sagittal: break;
    }
    return {1, 2, 0, true, false};
}

// For each patient axis the grid axis that runs along it: the permutation with the largest sum of |cosine|. A grid
// exactly between two of them gets the first.
std::array<int, 3> gridAxisOfPatientAxis(const VolumeGeometry& g)
{
    static constexpr std::array<std::array<int, 3>, 6> permutations{
        {{0, 1, 2}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}}};
    std::array<int, 3> best = permutations[0];
    double bestSum = -1;
    for (const auto& permutation : permutations) {
        double sum = 0;
        for (std::size_t p = 0; p < 3; ++p)
            sum += std::abs(g.direction[p][static_cast<std::size_t>(permutation[p])]);
        if (sum > bestSum + 1e-9) {
            best = permutation;
            bestSum = sum;
        }
    }
    return best;
}

double flipped(bool flip, int size, double at)
{
    return flip ? size - 1 - at : at;
}

} // namespace

SliceLayout sliceLayout(const VolumeGeometry& geometry, Plane plane)
{
    const ScreenAxes screen = screenAxes(plane);
    const auto gridAxis = gridAxisOfPatientAxis(geometry);
    SliceLayout layout;
    layout.hAxis = gridAxis[screen.right];
    layout.vAxis = gridAxis[screen.down];
    layout.nAxis = gridAxis[screen.depth];
    const bool hPositive = geometry.axis(layout.hAxis)[screen.right] >= 0;
    const bool vPositive = geometry.axis(layout.vAxis)[screen.down] >= 0;
    layout.hFlip = hPositive != screen.rightPositive;
    layout.vFlip = vPositive != screen.downPositive;
    return layout;
}

Vec3 SliceLayout::indexFromPixel(const VolumeGeometry& g, double x, double y, double slice) const
{
    Vec3 index{};
    index[static_cast<std::size_t>(hAxis)] = flipped(hFlip, width(g), x);
    index[static_cast<std::size_t>(vAxis)] = flipped(vFlip, height(g), y);
    index[static_cast<std::size_t>(nAxis)] = slice;
    return index;
}

Vec3 SliceLayout::pixelFromIndex(const VolumeGeometry& g, const Vec3& index) const
{
    return {flipped(hFlip, width(g), index[static_cast<std::size_t>(hAxis)]),
            flipped(vFlip, height(g), index[static_cast<std::size_t>(vAxis)]),
            index[static_cast<std::size_t>(nAxis)]};
}

std::string orientationLetters(const Vec3& directionLps)
{
    static constexpr double smallest = 0.26; // sine of 15 degrees
    const double norm = length(directionLps);
    if (!(norm > 0))
        return {};
    std::array<std::size_t, 3> axes{0, 1, 2};
    std::stable_sort(axes.begin(), axes.end(), [&](std::size_t a, std::size_t b) {
        return std::abs(directionLps[a]) > std::abs(directionLps[b]) + 1e-9 * norm;
    });
    std::string letters;
    for (const std::size_t axis : axes) {
        const double component = directionLps[axis] / norm;
        if (std::abs(component) >= smallest)
            letters += component > 0 ? "LPS"[axis] : "RAI"[axis];
    }
    return letters;
}

} // namespace annotomy
