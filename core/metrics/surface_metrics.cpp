#include "core/base/parallel.h"
#include "core/metrics/nearest_point_tree.h"
#include "core/metrics/surface_within.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace annotomy {

namespace {

constexpr double roundingMm = 1e-6; // a distance of exactly the tolerance counts as within it

// A box of the grid with one byte per voxel: 1 on the surface of a mask.
struct Surface {
    IndexBox box;
    std::vector<std::uint8_t> marked;
    std::vector<Index3> voxels; // the marked ones in memory order, relative to box.lo
};

int extent(const IndexBox& box, std::size_t axis)
{
    return box.hi[axis] - box.lo[axis];
}

// Marks row (j, k): inside, but not with all six face neighbours inside.
void markRow(const BinaryMask& mask, const IndexBox& box, int j, int k, std::uint8_t* out)
{
    const VolumeGeometry& g = mask.geometry;
    const std::uint8_t label = mask.label;
    const std::uint8_t* row = mask.labels.data() + g.offset({0, j, k});
    const std::ptrdiff_t ni = g.size[0], nij = ni * g.size[1];
    const int begin = box.lo[0], count = extent(box, 0);
    const bool edge = j == 0 || k == 0 || j == g.size[1] - 1 || k == g.size[2] - 1;
    const auto mark = [&](int i) {
        const std::uint8_t* at = row + i;
        const bool enclosed = !edge && i > 0 && i < g.size[0] - 1 && at[-1] == label && at[1] == label &&
                              at[-ni] == label && at[ni] == label && at[-nij] == label && at[nij] == label;
        out[i - begin] = *at == label && !enclosed;
    };
    mark(begin);
    mark(begin + count - 1);
    for (int n = 1; n + 1 < count; ++n) {
        if (edge) {
            out[n] = row[begin + n] == label;
            continue;
        }
        const std::uint8_t* at = row + begin + n; // never at the ends of the row: compiled without branches
        const int enclosed = (at[-1] == label) & (at[1] == label) & (at[-ni] == label) & (at[ni] == label) &
                             (at[-nij] == label) & (at[nij] == label);
        out[n] = static_cast<std::uint8_t>((*at == label) & (enclosed ^ 1));
    }
}

Surface surfaceOf(const BinaryMask& mask, const IndexBox& box)
{
    const int ni = extent(box, 0), nj = extent(box, 1), nk = extent(box, 2);
    const auto rowSize = static_cast<std::size_t>(ni), sliceSize = rowSize * static_cast<std::size_t>(nj);
    Surface surface{box, std::vector<std::uint8_t>(static_cast<std::size_t>(box.voxelCount())), {}};
    parallelRanges(static_cast<std::size_t>(nk), 4, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k)
            for (int j = 0; j < nj; ++j)
                markRow(mask, box, box.lo[1] + j, box.lo[2] + static_cast<int>(k),
                        surface.marked.data() + k * sliceSize + static_cast<std::size_t>(j) * rowSize);
    });
    const auto first = surface.marked.begin(), last = surface.marked.end();
    for (auto at = std::find(first, last, 1); at != last; at = std::find(at + 1, last, 1)) {
        const auto offset = static_cast<std::size_t>(at - first);
        surface.voxels.push_back({static_cast<int>(offset % rowSize),
                                  static_cast<int>(offset % sliceSize / rowSize),
                                  static_cast<int>(offset / sliceSize)});
    }
    return surface;
}

// A rotation of the grid's own axes into a triangular matrix (Gram and Schmidt): distances between R * index are
// those in the patient, and on orthogonal grids R is just the spacing.
Mat3 millimetresFromIndex(const VolumeGeometry& g)
{
    const Vec3 a = g.spacing[0] * g.axis(0), b = g.spacing[1] * g.axis(1), c = g.spacing[2] * g.axis(2);
    const Vec3 e0 = normalised(a);
    const Vec3 e1 = normalised(b - dot(b, e0) * e0);
    const Vec3 e2 = normalised(cross(e0, e1));
    return {{{dot(a, e0), dot(b, e0), dot(c, e0)}, {0, dot(b, e1), dot(c, e1)}, {0, 0, dot(c, e2)}}};
}

Vec3 inMillimetres(const Mat3& scale, const Index3& index)
{
    return scale * Vec3{static_cast<double>(index[0]), static_cast<double>(index[1]), static_cast<double>(index[2])};
}

NearestPointTree treeOf(const Surface& surface, const Mat3& scale)
{
    std::vector<Vec3> points(surface.voxels.size());
    std::transform(surface.voxels.begin(), surface.voxels.end(), points.begin(),
                   [&](const Index3& voxel) { return inMillimetres(scale, voxel); });
    return NearestPointTree(std::move(points));
}

// From each voxel of `from` to the nearest of `to`, in mm. Incomplete when it was stopped.
std::vector<double> directedDistances(const Surface& from, const Surface& to, const NearestPointTree& toTree,
                                      const Mat3& scale, const std::stop_token& stop, SharedProgress& progress)
{
    constexpr std::size_t block = 2048;
    std::vector<double> distances(from.voxels.size());
    const auto ni = static_cast<std::size_t>(extent(to.box, 0)), nj = static_cast<std::size_t>(extent(to.box, 1));
    const std::size_t blocks = (distances.size() + block - 1) / block;
    parallelRanges(blocks, 1, [&](std::size_t begin, std::size_t end) {
        std::size_t nearest = 0;
        for (std::size_t b = begin; b < end && !stop.stop_requested(); ++b) {
            const std::size_t last = std::min(distances.size(), (b + 1) * block);
            for (std::size_t n = b * block; n < last; ++n) {
                const Index3& v = from.voxels[n];
                const std::size_t offset = (static_cast<std::size_t>(v[2]) * nj + static_cast<std::size_t>(v[1])) * ni +
                                           static_cast<std::size_t>(v[0]);
                if (!to.marked[offset])
                    distances[n] = std::sqrt(toTree.squaredDistance(inMillimetres(scale, v), nearest));
            }
            progress.finish(last - b * block);
        }
    });
    return distances;
}

// As numpy.percentile's default: linear between the order statistics around fraction * (n - 1).
double percentile(std::vector<double>& values, double fraction)
{
    const double rank = fraction * static_cast<double>(values.size() - 1);
    const auto below = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), below, values.end());
    const double weight = rank - std::floor(rank);
    return weight > 0 ? *below + weight * (*std::min_element(below + 1, values.end()) - *below) : *below;
}

SurfaceMetrics summary(std::vector<double> a, std::vector<double> b, double toleranceMm)
{
    const auto sum = [](const std::vector<double>& d) { return std::accumulate(d.begin(), d.end(), 0.0); };
    const auto within = [&](const std::vector<double>& d) {
        return std::count_if(d.begin(), d.end(), [&](double mm) { return mm <= toleranceMm + roundingMm; });
    };
    const auto count = static_cast<double>(a.size() + b.size());
    SurfaceMetrics m;
    m.hdMm = std::max(*std::max_element(a.begin(), a.end()), *std::max_element(b.begin(), b.end()));
    m.assdMm = (sum(a) + sum(b)) / count;
    m.nsd = static_cast<double>(within(a) + within(b)) / count;
    m.hd95Mm = std::max(percentile(a, 0.95), percentile(b, 0.95));
    return m;
}

IndexBox boxOf(const BinaryMask& mask)
{
    const VolumeGeometry& g = mask.geometry;
    IndexBox box;
    for (int k = 0; k < g.size[2]; ++k) {
        for (int j = 0; j < g.size[1]; ++j) {
            const auto row = mask.labels.subspan(g.offset({0, j, k}), static_cast<std::size_t>(g.size[0]));
            const auto first = std::find(row.begin(), row.end(), mask.label);
            if (first == row.end())
                continue;
            const auto last = std::find(row.rbegin(), row.rend(), mask.label);
            box = unionOf(box, {{static_cast<int>(first - row.begin()), j, k},
                                {static_cast<int>(row.rend() - last), j + 1, k + 1}});
        }
    }
    return box;
}

} // namespace

Result<SurfaceMetrics> surfaceMetricsWithin(const BinaryMask& reference, const BinaryMask& mask, const IndexBox& box,
                                            double nsdToleranceMm, std::stop_token stop, const ProgressReport& report)
{
    if (stop.stop_requested())
        return cancelledError();
    if (box.empty())
        return SurfaceMetrics{};
    const Surface a = surfaceOf(reference, box), b = surfaceOf(mask, box);
    if (a.voxels.empty() || b.voxels.empty())
        return SurfaceMetrics{};
    const Mat3 scale = millimetresFromIndex(reference.geometry);
    SharedProgress progress(report, a.voxels.size() + b.voxels.size());
    std::vector<double> fromA = directedDistances(a, b, treeOf(b, scale), scale, stop, progress);
    std::vector<double> fromB = directedDistances(b, a, treeOf(a, scale), scale, stop, progress);
    if (stop.stop_requested())
        return cancelledError();
    return summary(std::move(fromA), std::move(fromB), nsdToleranceMm);
}

Result<SurfaceMetrics> surfaceMetrics(const BinaryMask& reference, const BinaryMask& mask, double nsdToleranceMm,
                                      std::stop_token stop, const ProgressReport& report)
{
    if (!sameGrid(reference.geometry, mask.geometry))
        return Error{ErrorCode::GeometryMismatch, {}, "the two masks lie on different grids"};
    assert(reference.labels.size() == mask.labels.size());
    return surfaceMetricsWithin(reference, mask, unionOf(boxOf(reference), boxOf(mask)), nsdToleranceMm, stop, report);
}

} // namespace annotomy
