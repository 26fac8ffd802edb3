#pragma once

#include "core/image/label_map.h"
#include "core/image/volume.h"

#include <cmath>
#include <numbers>

namespace annotomy::testing {

// Markers in the patient, mm from the grid's centre: left brightest, anterior next, superior least. Nothing is symmetric,
// so any wrong flip, permutation or shear shows.
inline constexpr Vec3 leftMarker{24, 0, 0}, anteriorMarker{0, -20, 0}, superiorMarker{0, 0, 16};
inline constexpr double leftValue = 1000, anteriorValue = 700, superiorValue = 400, bodyValue = 100;
inline constexpr double markerRadius = 6;

inline Vec3 gridCentre(const VolumeGeometry& g)
{
    return g.patientFromIndex({0.5 * (g.size[0] - 1), 0.5 * (g.size[1] - 1), 0.5 * (g.size[2] - 1)});
}

// The markers about `centre`, seen by any grid.
inline Volume markerVolume(const VolumeGeometry& g, const Vec3& centre)
{
    std::vector<std::int16_t> voxels(g.voxelCount());
    for (std::size_t n = 0; n < voxels.size(); ++n) {
        const Index3 i = g.indexAt(n);
        const Vec3 at = g.patientFromIndex({double(i[0]), double(i[1]), double(i[2])}) - centre;
        double value = bodyValue;
        if (length(at - leftMarker) < markerRadius)
            value = leftValue;
        else if (length(at - anteriorMarker) < markerRadius)
            value = anteriorValue;
        else if (length(at - superiorMarker) < markerRadius)
            value = superiorValue;
        voxels[n] = static_cast<std::int16_t>(value);
    }
    return Volume::fromVoxels(g, std::move(voxels), {}, "HU");
}

inline Volume markerVolume(const VolumeGeometry& g)
{
    return markerVolume(g, gridCentre(g));
}

// A grid of another scanner over the same place: its own axes and voxels, about `centre`.
inline VolumeGeometry elsewhere(VolumeGeometry g, const Vec3& centre)
{
    g.origin = g.origin + (centre - gridCentre(g));
    return g;
}

inline VolumeGeometry plainGrid()
{
    return {{64, 60, 48}, {1, 1, 1}, {-10, 20, 30}, identityMatrix};
}

inline VolumeGeometry anisotropicGrid()
{
    return {{70, 44, 20}, {0.9, 1.4, 2.5}, {5, -40, 12}, identityMatrix};
}

inline VolumeGeometry flippedGrid()
{
    return {{64, 60, 24}, {1, 1, 2}, {100, 20, 30}, {{{-1, 0, 0}, {0, -1, 0}, {0, 0, -1}}}};
}

// A sagittal acquisition: i runs posterior, j inferior, k to the right.
inline VolumeGeometry permutedGrid()
{
    return {{60, 48, 32}, {1, 1, 2}, {50, -20, 60}, {{{0, 0, -1}, {1, 0, 0}, {0, -1, 0}}}};
}

inline Mat3 rotated(double degreesAboutX, double degreesAboutZ)
{
    const double a = degreesAboutX * std::numbers::pi / 180, b = degreesAboutZ * std::numbers::pi / 180;
    const Vec3 x{std::cos(b), std::sin(b), 0}, y{-std::sin(b) * std::cos(a), std::cos(b) * std::cos(a), std::sin(a)};
    return fromColumns(x, y, cross(x, y));
}

inline VolumeGeometry obliqueGrid()
{
    return {{72, 66, 30}, {1, 1, 2}, {-30, 11, 7}, rotated(20, 18)};
}

// A tilted gantry: rows and columns lie in a plane tilted by 18 degrees, the table still moves along z.
inline VolumeGeometry tiltedGrid()
{
    const double a = 18 * std::numbers::pi / 180;
    return {{64, 64, 26}, {1, 1, 2}, {0, 0, 0}, fromColumns({1, 0, 0}, {0, std::cos(a), std::sin(a)}, {0, 0, 1})};
}

inline Index3 nearestIndex(const VolumeGeometry& g, const Vec3& patient)
{
    const Vec3 i = g.indexFromPatient(patient);
    return {int(std::lround(i[0])), int(std::lround(i[1])), int(std::lround(i[2]))};
}

// A mask with one layer and two segments: a ball round the anterior marker and one across the left one.
inline LabelMap markerLabels(const VolumeGeometry& g)
{
    LabelMap labels(g);
    labels.segments().add("Front");
    labels.segments().add("Side");
    labels.ensureLayers(1);
    const auto voxels = labels.writableLayer(0);
    const Vec3 centre = gridCentre(g);
    for (std::size_t n = 0; n < voxels.size(); ++n) {
        const Index3 i = g.indexAt(n);
        const Vec3 at = g.patientFromIndex({double(i[0]), double(i[1]), double(i[2])}) - centre;
        if (length(at - anteriorMarker) < 9)
            voxels[n] = 1;
        else if (length(at - leftMarker) < 8)
            voxels[n] = 2;
    }
    return labels;
}

} // namespace annotomy::testing
