#include "core/learn/suspicion.h"

#include "core/image/connected_components.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <numeric>

namespace annotomy {

namespace {

constexpr int fewestCases = 3;
constexpr double largestDeviation = 3;
constexpr double parting = 1.15;   // the threshold is raised by this to part a region
constexpr int mostPartings = 12;

// A box of a grid with values of its own, i fastest.
struct Block {
    IndexBox box;
    std::vector<std::uint8_t> suspicious;

    Index3 size() const { return {box.hi[0] - box.lo[0], box.hi[1] - box.lo[1], box.hi[2] - box.lo[2]}; }
};

// Calls visit(offset in the grid, offset in the box) for every voxel of the box.
template <class Visit>
void forEachVoxel(const VolumeGeometry& grid, const IndexBox& box, Visit&& visit)
{
    std::size_t n = 0;
    for (int k = box.lo[2]; k < box.hi[2]; ++k)
        for (int j = box.lo[1]; j < box.hi[1]; ++j) {
            const std::size_t row = grid.offset({box.lo[0], j, k});
            for (int i = 0; i < box.hi[0] - box.lo[0]; ++i, ++n)
                visit(row + static_cast<std::size_t>(i), n);
        }
}

std::vector<std::uint8_t> topLabels(const LabelMap& labels)
{
    std::vector<std::uint8_t> top(labels.geometry().voxelCount(), 0);
    for (int n = 0; n < labels.layerCount(); ++n) {
        const std::span<const std::uint8_t> layer = labels.layer(n);
        for (std::size_t v = 0; v < top.size(); ++v)
            if (layer[v] != 0)
                top[v] = layer[v];
    }
    return top;
}

// Finds regions and parts those that are too long.
class RegionFinder {
public:
    RegionFinder(const VolumeGeometry& grid, std::span<const float> entropy, const SuspicionSettings& settings,
                 std::stop_token stop)
        : m_grid(grid), m_entropy(entropy), m_settings(settings), m_stop(stop)
    {
    }

    // By voxels alone. Empty when it was stopped.
    std::vector<SuspiciousRegion> find()
    {
        const auto threshold = static_cast<float>(m_settings.thresholdNats);
        Block block;
        std::size_t n = 0;
        for (int k = 0; k < m_grid.size[2] && !m_stop.stop_requested(); ++k)
            for (int j = 0; j < m_grid.size[1]; ++j)
                for (int i = 0; i < m_grid.size[0]; ++i, ++n)
                    if (m_entropy[n] >= threshold)
                        block.box.include({i, j, k});
        if (block.box.empty())
            return {};
        block.suspicious.resize(static_cast<std::size_t>(block.box.voxelCount()));
        forEachVoxel(m_grid, block.box, [&](std::size_t at, std::size_t in) { block.suspicious[in] = m_entropy[at] >= threshold; });
        collect(block, m_settings.thresholdNats, 0);
        return std::move(m_found);
    }

private:
    void collect(const Block& block, double threshold, int depth)
    {
        if (m_stop.stop_requested())
            return;
        const double smallest = m_settings.smallestMl * 1000 / m_grid.voxelVolumeMm3();
        const Components found = connectedComponents(block.suspicious, block.size());
        for (std::size_t c = 0; c < found.components.size(); ++c) {
            const Component& component = found.components[c];
            if (static_cast<double>(component.voxels) < std::max(1.0, smallest))
                continue;
            IndexBox box = component.box;
            for (std::size_t a = 0; a < 3; ++a) {
                box.lo[a] += block.box.lo[a];
                box.hi[a] += block.box.lo[a];
            }
            const auto number = static_cast<std::uint32_t>(c + 1);
            if (isTooLong(box) && depth < mostPartings)
                part(block, found.numbers, number, box, threshold * parting, depth + 1);
            else
                keep(block, found.numbers, number, box);
        }
    }

    bool isTooLong(const IndexBox& box) const
    {
        for (std::size_t a = 0; a < 3; ++a)
            if (m_grid.spacing[a] * (box.hi[a] - box.lo[a]) > m_settings.largestMm)
                return true;
        return false;
    }

    std::size_t offsetIn(const Block& block, std::size_t gridOffset) const
    {
        const Index3 index = m_grid.indexAt(gridOffset), size = block.size();
        return (static_cast<std::size_t>(index[2] - block.box.lo[2]) * static_cast<std::size_t>(size[1]) +
                static_cast<std::size_t>(index[1] - block.box.lo[1])) * static_cast<std::size_t>(size[0]) +
               static_cast<std::size_t>(index[0] - block.box.lo[0]);
    }

    void part(const Block& block, const std::vector<std::uint32_t>& numbers, std::uint32_t number, const IndexBox& box,
              double threshold, int depth)
    {
        Block inner;
        inner.box = box;
        inner.suspicious.resize(static_cast<std::size_t>(box.voxelCount()));
        forEachVoxel(m_grid, box, [&](std::size_t at, std::size_t in) {
            const bool member = numbers[offsetIn(block, at)] == number;
            inner.suspicious[in] = member && static_cast<double>(m_entropy[at]) >= threshold;
        });
        collect(inner, threshold, depth);
    }

    void keep(const Block& block, const std::vector<std::uint32_t>& numbers, std::uint32_t number, const IndexBox& box)
    {
        SuspiciousRegion& region = m_found.emplace_back();
        region.box = box;
        forEachVoxel(m_grid, box, [&](std::size_t at, std::size_t) {
            if (numbers[offsetIn(block, at)] == number)
                region.voxels.push_back(at);
        });
    }

    const VolumeGeometry& m_grid;
    std::span<const float> m_entropy;
    const SuspicionSettings& m_settings;
    std::stop_token m_stop;
    std::vector<SuspiciousRegion> m_found;
};

Vec3 position(const VolumeGeometry& grid, std::size_t offset)
{
    const Index3 index = grid.indexAt(offset);
    return grid.patientFromIndex(
        {static_cast<double>(index[0]), static_cast<double>(index[1]), static_cast<double>(index[2])});
}

void findCentre(SuspiciousRegion& region, const VolumeGeometry& grid)
{
    Vec3 sum{};
    for (const std::size_t voxel : region.voxels)
        sum = sum + position(grid, voxel);
    const Vec3 mean = (1.0 / static_cast<double>(region.voxels.size())) * sum;
    double nearest = std::numeric_limits<double>::infinity();
    for (const std::size_t voxel : region.voxels) {
        const Vec3 at = position(grid, voxel);
        if (const double distance = length(at - mean); distance < nearest) {
            nearest = distance;
            region.centre = grid.indexAt(voxel);
            region.centreLps = at;
        }
    }
}

// Calls visit(label) for the voxel's six neighbours.
template <class Visit>
void forEachNeighbour(const VolumeGeometry& grid, std::span<const std::uint8_t> labels, std::size_t voxel, Visit&& visit)
{
    const Index3 index = grid.indexAt(voxel);
    std::size_t stride = 1;
    for (std::size_t a = 0; a < 3; ++a) {
        if (index[a] > 0)
            visit(labels[voxel - stride]);
        if (index[a] + 1 < grid.size[a])
            visit(labels[voxel + stride]);
        stride *= static_cast<std::size_t>(grid.size[a]);
    }
}

void compareWithLabels(SuspiciousRegion& region, const VolumeGeometry& grid, std::span<const std::uint8_t> labels)
{
    std::array<std::int64_t, 256> votes{};
    std::size_t atBorder = 0;
    for (const std::size_t voxel : region.voxels) {
        bool differs = false;
        ++votes[labels[voxel]];
        forEachNeighbour(grid, labels, voxel, [&](std::uint8_t label) {
            ++votes[label];
            differs = differs || label != labels[voxel];
        });
        atBorder += differs ? 1 : 0;
    }
    const auto most = std::max_element(votes.begin() + 1, votes.end());
    region.segment = *most > 0 ? static_cast<SegmentNumber>(most - votes.begin()) : 0;
    region.boundaryShare = static_cast<double>(atBorder) / static_cast<double>(region.voxels.size());
}

// By segment number.
std::array<double, 256> sizeDeviations(const LabelMap& labels, const std::map<std::string, SizeStatistics>& sizes)
{
    std::array<double, 256> deviations{};
    const std::vector<std::int64_t> counts = voxelCounts(labels);
    for (const Segment& segment : labels.segments().segments()) {
        const auto known = sizes.find(segment.name);
        if (known == sizes.end() || known->second.cases < fewestCases || known->second.sdMl <= 0)
            continue;
        const double volumeMl =
            static_cast<double>(counts[segment.number]) * labels.geometry().voxelVolumeMm3() / 1000;
        deviations[segment.number] = (volumeMl - known->second.meanMl) / known->second.sdMl;
    }
    return deviations;
}

} // namespace

SizeStatistics sizeStatistics(const std::vector<double>& volumesMl)
{
    SizeStatistics result;
    result.cases = static_cast<int>(volumesMl.size());
    if (volumesMl.empty())
        return result;
    const auto n = static_cast<double>(volumesMl.size());
    result.meanMl = std::accumulate(volumesMl.begin(), volumesMl.end(), 0.0) / n;
    double squares = 0;
    for (const double volume : volumesMl)
        squares += (volume - result.meanMl) * (volume - result.meanMl);
    result.sdMl = n > 1 ? std::sqrt(squares / (n - 1)) : 0;
    return result;
}

Result<std::vector<SuspiciousRegion>> suspiciousRegions(const LabelMap& labels, const Volume& entropy,
                                                        const std::map<std::string, SizeStatistics>& sizes,
                                                        const SuspicionSettings& settings, std::stop_token stop)
try {
    const VolumeGeometry& grid = labels.geometry();
    if (entropy.isNull() || entropy.type() != VoxelType::Float32 || !sameGrid(entropy.geometry(), grid))
        return Error{ErrorCode::GeometryMismatch, {}, "the map of uncertainty lies on another grid than the mask"};
    const std::span<const float> values = entropy.voxels<float>();
    std::vector<SuspiciousRegion> regions = RegionFinder(grid, values, settings, stop).find();
    const std::vector<std::uint8_t> top = topLabels(labels);
    const std::array<double, 256> deviations = sizeDeviations(labels, sizes);
    for (SuspiciousRegion& region : regions) {
        if (stop.stop_requested())
            return cancelledError();
        double sum = 0;
        for (const std::size_t voxel : region.voxels)
            sum += static_cast<double>(values[voxel]);
        region.meanEntropy = sum / static_cast<double>(region.voxels.size());
        region.volumeMl = static_cast<double>(region.voxels.size()) * grid.voxelVolumeMm3() / 1000;
        findCentre(region, grid);
        compareWithLabels(region, grid, top);
        region.sizeDeviation = deviations[region.segment];
        region.score = region.meanEntropy * (1 + region.boundaryShare) *
                       (1 + std::min(std::abs(region.sizeDeviation), largestDeviation));
    }
    if (stop.stop_requested())
        return cancelledError();
    std::stable_sort(regions.begin(), regions.end(),
                     [](const SuspiciousRegion& a, const SuspiciousRegion& b) { return a.score > b.score; });
    regions.resize(std::min(regions.size(), settings.most));
    return regions;
} catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, {}, "not enough memory to look for suspicious regions"};
}

SuspicionCoverage::SuspicionCoverage(const Index3& size, const std::vector<SuspiciousRegion>& regions)
{
    VolumeGeometry grid;
    grid.size = size;
    std::vector<Index3> places;
    for (std::size_t r = 0; r < regions.size(); ++r) {
        m_voxels.push_back(static_cast<std::uint32_t>(regions[r].voxels.size()));
        for (const std::size_t voxel : regions[r].voxels) {
            places.push_back(grid.indexAt(voxel));
            m_regionOf.push_back(static_cast<std::uint16_t>(r));
        }
    }
    m_looked.resize(regions.size(), 0);
    m_seen.resize(places.size(), 0);
    for (std::size_t a = 0; a < 3; ++a) {
        Axis& axis = m_axes[a];
        axis.first.resize(static_cast<std::size_t>(size[a]) + 1, 0);
        for (const Index3& place : places)
            ++axis.first[static_cast<std::size_t>(place[a]) + 1];
        std::partial_sum(axis.first.begin(), axis.first.end(), axis.first.begin());
        std::vector<std::uint32_t> next(axis.first.begin(), axis.first.end());
        axis.voxels.resize(places.size());
        for (std::size_t n = 0; n < places.size(); ++n)
            axis.voxels[next[static_cast<std::size_t>(places[n][a])]++] = static_cast<std::uint32_t>(n);
    }
}

void SuspicionCoverage::look(int axis, int slice)
{
    const Axis& along = m_axes[static_cast<std::size_t>(axis)];
    const auto at = static_cast<std::size_t>(slice);
    if (slice < 0 || at + 1 >= along.first.size())
        return;
    for (std::uint32_t n = along.first[at]; n < along.first[at + 1]; ++n) {
        const std::uint32_t voxel = along.voxels[n];
        if (m_seen[voxel] != 0)
            continue;
        m_seen[voxel] = 1;
        ++m_looked[m_regionOf[voxel]];
    }
}

double SuspicionCoverage::fraction() const
{
    const auto looked = std::accumulate(m_looked.begin(), m_looked.end(), std::int64_t{0});
    return m_seen.empty() ? 1 : static_cast<double>(looked) / static_cast<double>(m_seen.size());
}

double SuspicionCoverage::fractionOf(std::size_t region) const
{
    return m_voxels[region] > 0 ? static_cast<double>(m_looked[region]) / m_voxels[region] : 1;
}

} // namespace annotomy
