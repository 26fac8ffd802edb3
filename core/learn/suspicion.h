#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"
#include "core/image/volume.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace annotomy {

// How large one structure is in masks that people approved.
struct SizeStatistics {
    double meanMl = 0, sdMl = 0;
    int cases = 0;
};
// Of volumes in ml; the deviation is that of a sample.
SizeStatistics sizeStatistics(const std::vector<double>& volumesMl);

struct SuspicionSettings {
    double thresholdNats = 0.35; // from which a voxel is suspicious: half of ln 2
    double smallestMl = 0.03;    // a region below is left out
    double largestMm = 30;       // a region that is longer along an axis is parted: only what is more uncertain remains
    std::size_t most = 60;       // regions kept, the first by rank
};

// A connected set of voxels (26 neighbours) that deserves a look.
struct SuspiciousRegion {
    IndexBox box;
    Index3 centre{};          // the voxel of the region that lies nearest to its centre of mass
    Vec3 centreLps{};         // where that is, mm
    double volumeMl = 0;
    SegmentNumber segment = 0; // that most of its voxels and of their six neighbours bear; 0: none
    double meanEntropy = 0;    // nats
    double boundaryShare = 0;  // of its voxels: those with another label among their six neighbours, 0 to 1
    double sizeDeviation = 0;  // of the segment's volume from that of approved cases, in their standard deviations
    double score = 0;
    std::vector<std::size_t> voxels; // offsets, ascending
};

// The suspicious regions of a mask, by score = mean entropy * (1 + boundary share) * (1 + min(|size deviation|, 3)), the
// highest first. No factor is 0: a structure that was missed altogether is toured, too. Where fewer than three approved cases
// know the segment by name, its size says nothing. Of overlapping segments a voxel bears the one of the last layer. `entropy`:
// float32, of the model's classes (nats), on the mask's grid. Errors: GeometryMismatch, OutOfMemory, Cancelled.
Result<std::vector<SuspiciousRegion>> suspiciousRegions(const LabelMap& labels, const Volume& entropy,
                                                        const std::map<std::string, SizeStatistics>& sizes,
                                                        const SuspicionSettings& settings = {}, std::stop_token stop = {});

// How much of the suspicious volume has been looked at: a voxel is, once one of the three slices through it was displayed.
class SuspicionCoverage {
public:
    SuspicionCoverage() = default; // of nothing
    // Requires regions of a grid of `size`, without a common voxel.
    SuspicionCoverage(const Index3& size, const std::vector<SuspiciousRegion>& regions);

    void look(int axis, int slice); // of the grid: 0, 1 or 2 for i, j, k
    double fraction() const;        // of all regions' volume, 0 to 1; 1 without any
    double fractionOf(std::size_t region) const;

private:
    struct Axis { // the voxels by slice
        std::vector<std::uint32_t> first;  // where each slice's begin, and the end
        std::vector<std::uint32_t> voxels; // numbers, over all regions
    };

    std::array<Axis, 3> m_axes;
    std::vector<std::uint16_t> m_regionOf; // by voxel
    std::vector<std::uint8_t> m_seen;      // by voxel
    std::vector<std::uint32_t> m_voxels, m_looked; // counts by region
};

} // namespace annotomy
