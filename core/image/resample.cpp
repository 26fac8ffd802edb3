#include "core/image/resample.h"

#include "core/base/parallel.h"
#include "core/image/trilinear.h"

#include <algorithm>
#include <cmath>
#include <new>

namespace annotomy {

namespace {

constexpr double coarser = 1.5; // more old voxels per new one than this are averaged

// Indices of one grid from indices of another: origin + i * step[0] + j * step[1] + k * step[2].
struct IndexMap {
    Vec3 origin{};
    std::array<Vec3, 3> step{};

    Vec3 at(double i, double j, double k) const { return origin + i * step[0] + j * step[1] + k * step[2]; }
};

IndexMap sourceFromGrid(const VolumeGeometry& source, const VolumeGeometry& grid)
{
    IndexMap map;
    map.origin = source.indexFromPatient(grid.patientFromIndex({0, 0, 0}));
    for (std::size_t a = 0; a < 3; ++a) {
        Vec3 unit{};
        unit[a] = 1;
        map.step[a] = source.indexFromPatient(grid.patientFromIndex(unit)) - map.origin;
    }
    return map;
}

// Where a new voxel is sampled, relative to its centre, in old voxels.
std::vector<Vec3> samplesPerVoxel(const IndexMap& map)
{
    std::vector<Vec3> samples{Vec3{}};
    for (const Vec3& step : map.step) {
        const double length = std::max({std::abs(step[0]), std::abs(step[1]), std::abs(step[2])});
        if (length <= coarser)
            continue;
        const int count = static_cast<int>(std::ceil(length));
        std::vector<Vec3> more;
        for (const Vec3& sample : samples)
            for (int n = 0; n < count; ++n)
                more.push_back(sample + ((n + 0.5) / count - 0.5) * step);
        samples = std::move(more);
    }
    return samples;
}

template <class T>
float meanOfSamples(const T* voxels, const Index3& size, const Vec3& centre, const std::vector<Vec3>& samples)
{
    double sum = 0;
    int inside = 0;
    for (const Vec3& sample : samples) {
        const Vec3 at = centre + sample;
        if (!liesInGrid(at, size))
            continue;
        sum += trilinear(voxels, size, at);
        ++inside;
    }
    return inside > 0 ? static_cast<float>(sum / inside) : trilinear(voxels, size, centre);
}

template <class T>
void resampleSlice(const T* voxels, const Volume& volume, const VolumeGeometry& grid, const IndexMap& map,
                   const std::vector<Vec3>& samples, float outside, int k, float* out)
{
    const Index3& size = volume.geometry().size;
    const Rescale r = volume.rescale();
    for (int j = 0; j < grid.size[1]; ++j) {
        const Vec3 start = map.at(0, j, k);
        for (int i = 0; i < grid.size[0]; ++i) {
            const Vec3 centre = start + i * map.step[0];
            if (!liesInGrid(centre, size)) {
                *out++ = outside;
                continue;
            }
            const float stored = samples.size() == 1 ? trilinear(voxels, size, centre)
                                                     : meanOfSamples(voxels, size, centre, samples);
            *out++ = static_cast<float>(r.slope * static_cast<double>(stored) + r.intercept);
        }
    }
}

void nearestSlice(std::span<const std::uint8_t> labels, const VolumeGeometry& source, const VolumeGeometry& grid,
                  const IndexMap& map, int k, std::uint8_t* out)
{
    for (int j = 0; j < grid.size[1]; ++j) {
        const Vec3 start = map.at(0, j, k);
        for (int i = 0; i < grid.size[0]; ++i, ++out) {
            const Vec3 at = start + i * map.step[0];
            if (!liesInGrid(at, source.size))
                continue;
            Index3 index{};
            for (std::size_t a = 0; a < 3; ++a)
                index[a] = std::min(static_cast<int>(std::floor(at[a] + 0.5)), source.size[a] - 1);
            *out = labels[source.offset(index)];
        }
    }
}

// Calls body(k) for every slice, on all cores; false when it was stopped.
template <class Body>
bool forEachSlice(int slices, const std::stop_token& stop, SharedProgress& progress, Body&& body)
{
    parallelRanges(static_cast<std::size_t>(slices), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end && !stop.stop_requested(); ++k) {
            body(static_cast<int>(k));
            progress.finish();
        }
    });
    return !stop.stop_requested();
}

Error outOfMemory()
{
    return {ErrorCode::OutOfMemory, {}, "not enough memory for the resampled grid"};
}

} // namespace

VolumeGeometry gridWithSpacing(const VolumeGeometry& geometry, const Vec3& spacing)
{
    VolumeGeometry grid = geometry;
    Vec3 shift{}; // of the first centre, in old voxels
    for (std::size_t a = 0; a < 3; ++a) {
        assert(spacing[a] > 0);
        const double extent = geometry.size[a] * geometry.spacing[a];
        grid.size[a] = static_cast<int>(std::clamp(std::round(extent / spacing[a]), 1.0, 65535.0));
        grid.spacing[a] = spacing[a];
        shift[a] = ((geometry.size[a] - 1) - (grid.size[a] - 1) * spacing[a] / geometry.spacing[a]) / 2;
    }
    grid.origin = geometry.patientFromIndex(shift);
    return grid;
}

Result<Volume> resampled(const Volume& volume, const VolumeGeometry& grid, float outside, std::stop_token stop,
                         const ProgressReport& report)
{
    if (volume.isNull() || !isPlausible(grid))
        return Error{ErrorCode::InvalidArgument, {}, "no volume, or an impossible grid to resample to"};
    try {
        const IndexMap map = sourceFromGrid(volume.geometry(), grid);
        const std::vector<Vec3> samples = samplesPerVoxel(map);
        std::vector<float> voxels(grid.voxelCount());
        SharedProgress progress(report, static_cast<std::size_t>(grid.size[2]));
        const bool done = forEachSlice(grid.size[2], stop, progress, [&](int k) {
            volume.visit([&](auto stored) {
                resampleSlice(stored.data(), volume, grid, map, samples, outside, k,
                              voxels.data() + grid.offset({0, 0, k}));
            });
        });
        if (!done)
            return cancelledError();
        return Volume::fromVoxels(grid, std::move(voxels), {}, volume.unit());
    } catch (const std::bad_alloc&) {
        return outOfMemory();
    }
}

Result<LabelMap> resampled(const LabelMap& labels, const VolumeGeometry& grid, std::stop_token stop,
                           const ProgressReport& report)
{
    if (!isPlausible(grid) || !isPlausible(labels.geometry()))
        return Error{ErrorCode::InvalidArgument, {}, "an impossible grid to resample"};
    try {
        const IndexMap map = sourceFromGrid(labels.geometry(), grid);
        LabelMap result(grid);
        result.segments() = labels.segments();
        SharedProgress progress(report, static_cast<std::size_t>(grid.size[2]) *
                                            static_cast<std::size_t>(std::max(labels.layerCount(), 1)));
        for (int layer = 0; layer < labels.layerCount(); ++layer) {
            std::vector<std::uint8_t> voxels(grid.voxelCount(), background);
            const bool done = forEachSlice(grid.size[2], stop, progress, [&](int k) {
                nearestSlice(labels.layer(layer), labels.geometry(), grid, map, k,
                             voxels.data() + grid.offset({0, 0, k}));
            });
            if (!done)
                return cancelledError();
            result.setLayer(layer, std::move(voxels));
        }
        return result;
    } catch (const std::bad_alloc&) {
        return outOfMemory();
    }
}

} // namespace annotomy
