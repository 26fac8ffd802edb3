#include "core/io/masks/dicom_seg.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr double samePlane = 0.01;                       // mm
constexpr double evenTolerance = 0.05;                   // slices
constexpr std::size_t mostVoxels = std::size_t{1} << 31; // of a grid that a file alone decides

Error mismatch(const std::string& path, const std::string& detail)
{
    return {ErrorCode::GeometryMismatch, path, detail};
}

// Frames that lie parallel with equal steps, as the first one does.
bool isParallel(const SegmentationFrame& a, const SegmentationFrame& b)
{
    return length(a.rowStep - b.rowStep) < 1e-4 * length(a.rowStep) &&
           length(a.columnStep - b.columnStep) < 1e-4 * length(a.columnStep);
}

struct Plane {
    double along = 0; // mm
    Vec3 position{};
};

std::vector<Plane> planesOf(const DicomSegmentation& s, const Vec3& normal)
{
    std::vector<Plane> planes;
    for (const SegmentationFrame& frame : s.frames)
        planes.push_back({dot(frame.position, normal), frame.position});
    std::sort(planes.begin(), planes.end(), [](const Plane& a, const Plane& b) { return a.along < b.along; });
    const auto same = [](const Plane& a, const Plane& b) { return b.along - a.along < samePlane; };
    planes.erase(std::unique(planes.begin(), planes.end(), same), planes.end());
    return planes;
}

// The distance that all gaps between planes are multiples of: the smallest one.
double stepOf(const std::vector<Plane>& planes, double thickness)
{
    double step = HUGE_VAL;
    for (std::size_t n = 1; n < planes.size(); ++n)
        step = std::min(step, planes[n].along - planes[n - 1].along);
    if (planes.size() < 2)
        return thickness > 0 ? thickness : 1;
    const double inSteps =
        step / thickness; // a single gap may span several slices: then the header's distance divides it
    const bool isMultiple =
        thickness > 0 && inSteps > 1.5 && std::abs(inSteps - std::round(inSteps)) < evenTolerance;
    return isMultiple ? thickness : step;
}

} // namespace

Result<VolumeGeometry> gridOf(const DicomSegmentation& s, const std::string& path)
{
    const SegmentationFrame& first = s.frames.front();
    for (const SegmentationFrame& frame : s.frames)
        if (!isParallel(first, frame))
            return mismatch(path, "the frames are not parallel; name the image's grid");
    const Vec3 i = normalised(first.rowStep), j = normalised(first.columnStep);
    const Vec3 normal = normalised(cross(i, j));
    const std::vector<Plane> planes = planesOf(s, normal);
    const double step = stepOf(planes, s.thickness);
    const double slices = (planes.back().along - planes.front().along) / step;
    if (!(slices < 65535))
        return mismatch(path, "the frames lie too far apart");
    const int last = static_cast<int>(std::lround(slices));
    const Vec3 whole = planes.back().position - planes.front().position;
    const Vec3 perSlice = last > 0 ? (1.0 / last) * whole : step * normal;
    for (const Plane& plane : planes) {
        const double k = (plane.along - planes.front().along) / step;
        const Vec3 off = plane.position - (planes.front().position + std::round(k) * perSlice);
        if (std::abs(k - std::round(k)) > evenTolerance || length(off) > evenTolerance * step)
            return mismatch(path, "the frames lie on no even grid; name the image's");
    }
    VolumeGeometry grid;
    grid.size = {s.columns, s.rows, last + 1};
    grid.spacing = {length(first.rowStep), length(first.columnStep), length(perSlice)};
    grid.origin = planes.front().position;
    grid.direction = fromColumns(i, j, normalised(perSlice));
    if (!isPlausible(grid))
        return mismatch(path, "the frames lie on no usable grid");
    if (grid.voxelCount() > mostVoxels)
        return Error{ErrorCode::Unsupported, path, "a segmentation of more than 2^31 voxels"};
    return grid;
}

} // namespace annotomy
