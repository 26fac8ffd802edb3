#pragma once

#include "core/edit/document.h"

#include <random>

namespace annotomy::test {

// Oblique and anisotropic; optionally sheared as by a tilted gantry.
inline VolumeGeometry obliqueGrid(bool sheared)
{
    VolumeGeometry g;
    g.size = {40, 36, 30};
    g.spacing = {0.8, 1.3, 2.9};
    g.origin = {-11, 23, 5};
    const Vec3 i = normalised({1, 0.3, -0.2}), j = normalised(cross({0.1, -0.2, 1}, i));
    Vec3 k = cross(i, j);
    if (sheared)
        k = normalised(k + 0.35 * j - 0.1 * i);
    g.direction = fromColumns(i, j, -1.0 * k);
    return g;
}

// Three segments: 1 and 2 in layer 0, 3 in layer 1; random blobs of each.
inline LabelMap blobLabels(const VolumeGeometry& g, unsigned seed)
{
    LabelMap labels(g);
    labels.segments().add("Tumour, Überrest");
    labels.segments().add("Organ");
    labels.segments().add("Vessel", 1);
    labels.ensureLayers(2);
    std::mt19937 random(seed);
    for (int blob = 0; blob < 12; ++blob) {
        const auto label = static_cast<std::uint8_t>(blob % 3 + 1);
        const auto voxels = labels.writableLayer(label == 3 ? 1 : 0);
        const auto coordinate = [&](std::size_t a) { return random() % static_cast<unsigned>(g.size[a]) * 1.0; };
        const Vec3 centre{coordinate(0), coordinate(1), coordinate(2)};
        for (std::size_t n = 0; n < voxels.size(); ++n) {
            const Index3 at = g.indexAt(n);
            if (length(Vec3{at[0] * 1.0, at[1] * 1.0, at[2] * 1.0} - centre) < 6)
                voxels[n] = label;
        }
    }
    return labels;
}

inline Volume rampVolume(const VolumeGeometry& g)
{
    std::vector<std::int16_t> voxels(g.voxelCount());
    for (std::size_t n = 0; n < voxels.size(); ++n)
        voxels[n] = static_cast<std::int16_t>(g.indexAt(n)[0]); // real value 2 i - 10
    return Volume::fromVoxels(g, std::move(voxels), {2, -10});
}

inline EditContext painting(SegmentNumber segment, EditAction action = EditAction::Paint)
{
    EditContext context;
    context.action = action;
    context.segment = segment;
    context.tool = "brush";
    context.author = "Dr. Ada";
    context.timeMs = 1700000000000;
    return context;
}

inline VoxelSelection randomSelection(const VolumeGeometry& g, std::mt19937& random)
{
    VoxelSelection selection;
    for (int k = 0; k < g.size[2]; k += 1 + static_cast<int>(random() % 5))
        for (int j = 0; j < g.size[1]; j += 1 + static_cast<int>(random() % 5)) {
            const int begin = static_cast<int>(random() % 20), length = 1 + static_cast<int>(random() % 15);
            selection.append(g, begin, begin + length, j, k);
        }
    return selection;
}

} // namespace annotomy::test
