#include "core/io/rtstruct.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace annotomy {

namespace {

struct Point2 {
    double i = 0, j = 0;
};

// A contour in index coordinates of one slice.
struct FlatContour {
    double plane = 0; // k of the contour's own plane, which may lie between slices
    int slice = 0;    // the nearest one
    std::vector<Point2> points;
};

constexpr double samePlane = 0.05; // slices
constexpr double rounding = 1e-3;  // slices; planes midway between two slices all go to the upper one

Error mismatch(const std::string& roi, const std::string& detail)
{
    return {ErrorCode::GeometryMismatch, roi, detail};
}

Result<FlatContour> flatContour(const RtContour& contour, const VolumeGeometry& grid, const std::string& roi)
{
    FlatContour flat;
    double least = HUGE_VAL, most = -HUGE_VAL, sum = 0;
    for (const Vec3& point : contour.points) {
        const Vec3 index = grid.indexFromPatient(point);
        if (!(std::abs(index[0]) < 1e6 && std::abs(index[1]) < 1e6 && std::abs(index[2]) < 1e6))
            return mismatch(roi, "a contour lies far outside the image");
        flat.points.push_back({index[0], index[1]});
        least = std::min(least, index[2]);
        most = std::max(most, index[2]);
        sum += index[2];
    }
    if (most - least > 1)
        return mismatch(roi, "a contour is not parallel to the image's slices");
    flat.plane = sum / static_cast<double>(contour.points.size());
    if (flat.plane < -0.5 - rounding || flat.plane > grid.size[2] - 0.5 + rounding)
        return mismatch(roi, "a contour lies more than half a slice off the image");
    flat.slice = std::clamp(static_cast<int>(std::floor(flat.plane + 0.5 + rounding)), 0, grid.size[2] - 1);
    return flat;
}

// Where the edges of the contours cross row j. An edge spans its lower end but not its upper one, so that
// every closed contour crosses every row an even number of times.
std::vector<double> crossings(const std::vector<const FlatContour*>& contours, int j)
{
    std::vector<double> at;
    for (const FlatContour* contour : contours) {
        const auto& points = contour->points;
        for (std::size_t n = 0; n < points.size(); ++n) {
            const Point2 &a = points[n], &b = points[(n + 1) % points.size()];
            if ((a.j <= j) == (b.j <= j))
                continue;
            at.push_back(a.i + (j - a.j) / (b.j - a.j) * (b.i - a.i));
        }
    }
    std::sort(at.begin(), at.end());
    return at;
}

// Even-odd: voxel centres in [first, second) crossing, [third, fourth) and so on are inside.
void fillRow(const std::vector<double>& at, std::span<std::uint8_t> row)
{
    const auto width = static_cast<double>(row.size());
    for (std::size_t n = 0; n + 1 < at.size(); n += 2) {
        const auto first = static_cast<std::size_t>(std::clamp(std::ceil(at[n]), 0.0, width));
        const auto last = static_cast<std::size_t>(std::clamp(std::ceil(at[n + 1]), 0.0, width));
        if (first < last)
            std::fill(row.begin() + static_cast<std::ptrdiff_t>(first),
                      row.begin() + static_cast<std::ptrdiff_t>(last), std::uint8_t{1});
    }
}

void fillSlice(const std::vector<const FlatContour*>& contours, const VolumeGeometry& grid, int slice,
               std::span<std::uint8_t> mask)
{
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (const FlatContour* contour : contours) {
        for (const Point2& point : contour->points) {
            least = std::min(least, point.j);
            most = std::max(most, point.j);
        }
    }
    const int first = std::max(0, static_cast<int>(std::ceil(least)));
    const int last = std::min(grid.size[1] - 1, static_cast<int>(std::floor(most)));
    for (int j = first; j <= last; ++j)
        fillRow(crossings(contours, j),
                mask.subspan(grid.offset({0, j, slice}), static_cast<std::size_t>(grid.size[0])));
}

// Of contours on several planes within one slice (drawn on thinner slices) those of the plane nearest to its
// centre: only contours of one plane cut holes into one another.
std::vector<const FlatContour*> onNearestPlane(const std::vector<const FlatContour*>& contours)
{
    const auto distance = [](const FlatContour* c) { return std::abs(c->plane - c->slice); };
    const FlatContour* nearest =
        *std::min_element(contours.begin(), contours.end(), [&](const FlatContour* a, const FlatContour* b) {
            return distance(a) < distance(b);
        });
    std::vector<const FlatContour*> kept;
    for (const FlatContour* contour : contours)
        if (std::abs(contour->plane - nearest->plane) < samePlane)
            kept.push_back(contour);
    return kept;
}

using FlatContours = std::vector<FlatContour>;

// Empty when none of the contours lies on the image: the ROI was drawn on another series.
Result<FlatContours> flatContours(const RtRoi& roi, const VolumeGeometry& grid)
{
    FlatContours flat;
    std::optional<Error> firstError;
    for (const RtContour& contour : roi.contours) {
        auto one = flatContour(contour, grid, roi.name);
        if (one)
            flat.push_back(std::move(*one));
        else if (!firstError)
            firstError = one.error();
    }
    if (firstError && !flat.empty())
        return *firstError;
    return flat;
}

std::vector<std::uint8_t> maskOf(const FlatContours& flat, const VolumeGeometry& grid)
{
    std::vector<std::vector<const FlatContour*>> bySlice(static_cast<std::size_t>(grid.size[2]));
    for (const FlatContour& contour : flat)
        bySlice[static_cast<std::size_t>(contour.slice)].push_back(&contour);
    std::vector<std::uint8_t> mask(grid.voxelCount(), 0);
    for (int slice = 0; slice < grid.size[2]; ++slice)
        if (const auto& here = bySlice[static_cast<std::size_t>(slice)]; !here.empty())
            fillSlice(onNearestPlane(here), grid, slice, mask);
    return mask;
}

// The first layer in which no voxel of the mask is taken.
int freeLayer(const LabelMap& labels, const std::vector<std::uint8_t>& mask)
{
    for (int layer = 0; layer < labels.layerCount(); ++layer) {
        const std::span<const std::uint8_t> taken = labels.layer(layer);
        bool overlaps = false;
        for (std::size_t v = 0; v < mask.size() && !overlaps; ++v)
            overlaps = mask[v] != 0 && taken[v] != 0;
        if (!overlaps)
            return layer;
    }
    return labels.layerCount();
}

void addRoi(const RtRoi& roi, const std::vector<std::uint8_t>& mask, LabelMap& labels)
{
    const int layer = freeLayer(labels, mask);
    labels.ensureLayers(layer + 1);
    Segment segment;
    segment.number = labels.segments().firstFreeNumber();
    segment.name = roi.name.empty() ? "ROI " + std::to_string(roi.number) : roi.name;
    segment.colour = roi.hasColour ? roi.colour : paletteColour(segment.number);
    segment.layer = layer;
    labels.segments().insert(segment);
    const std::span<std::uint8_t> voxels = labels.writableLayer(layer);
    for (std::size_t v = 0; v < mask.size(); ++v)
        if (mask[v])
            voxels[v] = segment.number;
}

} // namespace

Result<LabelMap> rasterised(const RtStructureSet& structures, const VolumeGeometry& grid,
                            std::stop_token stop, const ProgressReport& report)
{
    if (!isPlausible(grid))
        return Error{ErrorCode::InvalidArgument, {}, "no usable grid"};
    LabelMap labels(grid);
    labels.ensureLayers(1);
    std::optional<Error> elsewhere;
    bool anyOnImage = false;
    for (std::size_t n = 0; n < structures.rois.size(); ++n) {
        const RtRoi& roi = structures.rois[n];
        if (stop.stop_requested())
            return cancelledError();
        if (roi.contours.empty())
            continue;
        if (labels.segments().firstFreeNumber() == background)
            return Error{ErrorCode::TooManySegments, {}, "more than 255 ROIs"};
        const auto contours = flatContours(roi, grid);
        if (!contours)
            return contours.error();
        if (contours->empty() && !elsewhere)
            elsewhere = flatContour(roi.contours.front(), grid, roi.name).error();
        anyOnImage |= !contours->empty();
        addRoi(roi, maskOf(*contours, grid), labels);
        reportProgress(report, static_cast<double>(n + 1) / static_cast<double>(structures.rois.size()));
    }
    if (elsewhere && !anyOnImage)
        return *elsewhere;
    return labels;
}

} // namespace annotomy
