#pragma once

#include "core/image/label_map.h"
#include "tests/support/random_grid.h"

namespace annotomy::test {

// A mask of solid ellipsoids with holes, islands that touch at a corner and single voxels, at random places;
// consecutive segments overlap when `layers` is more than 1.
inline LabelMap randomMask(std::mt19937& random, const VolumeGeometry& grid, int segments, int layers = 1)
{
    LabelMap labels(grid);
    labels.ensureLayers(layers);
    std::uniform_real_distribution<double> part(0, 1);
    for (int n = 0; n < segments; ++n) {
        const SegmentNumber number = labels.segments().add("Segment ä" + std::to_string(n + 1), n % layers);
        const auto voxels = labels.writableLayer(n % layers);
        Vec3 centre{}, radius{};
        for (std::size_t a = 0; a < 3; ++a) {
            centre[a] = part(random) * grid.size[a];
            radius[a] = 1 + part(random) * grid.size[a] / 3;
        }
        for (std::size_t v = 0; v < voxels.size(); ++v) {
            const Index3 index = grid.indexAt(v);
            double r = 0;
            for (std::size_t a = 0; a < 3; ++a)
                r += (index[a] - centre[a]) * (index[a] - centre[a]) / (radius[a] * radius[a]);
            const bool speckled = part(random) < 0.03;
            if (((r < 1 && r > 0.1) != speckled) && r < 3)
                voxels[v] = number;
        }
    }
    return labels;
}

// Whether two masks hold the same voxels of the same segments, in table order, whatever their numbers and
// layers.
inline bool sameVoxels(const LabelMap& a, const LabelMap& b)
{
    const auto &left = a.segments().segments(), &right = b.segments().segments();
    if (left.size() != right.size() || !sameGrid(a.geometry(), b.geometry()))
        return false;
    for (std::size_t n = 0; n < left.size(); ++n) {
        const bool hasLeft = left[n].layer < a.layerCount(), hasRight = right[n].layer < b.layerCount();
        for (std::size_t v = 0; v < a.geometry().voxelCount(); ++v) {
            const bool inLeft = hasLeft && a.layer(left[n].layer)[v] == left[n].number;
            const bool inRight = hasRight && b.layer(right[n].layer)[v] == right[n].number;
            if (inLeft != inRight)
                return false;
        }
    }
    return true;
}

} // namespace annotomy::test
