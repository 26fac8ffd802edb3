#include "core/io/masks/rtstruct.h"

#include "core/io/masks/segment_layers.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

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
    flat.slice = static_cast<int>(std::floor(flat.plane + 0.5 + rounding));
    if (flat.plane >= -0.5 - rounding && flat.plane <= grid.size[2] - 0.5 + rounding)
        flat.slice = std::clamp(flat.slice, 0, grid.size[2] - 1);
    return flat;
}

bool isOnImage(const FlatContour& contour, const VolumeGeometry& grid)
{
    return contour.slice >= 0 && contour.slice < grid.size[2];
}

// Whether some of a contour on the image's slices lies beyond its rows or columns.
bool isCut(const FlatContour& contour, const VolumeGeometry& grid)
{
    return std::any_of(contour.points.begin(), contour.points.end(), [&](const Point2& p) {
        return p.i < -0.5 - rounding || p.j < -0.5 - rounding || p.i > grid.size[0] - 0.5 + rounding ||
               p.j > grid.size[1] - 0.5 + rounding;
    });
}

// Even-odd: voxel centres in [first, second) crossing, [third, fourth) and so on are inside.
void fillRow(const std::vector<double>& at, std::size_t rowBegin, int columns, std::vector<StridedRun>& runs)
{
    const double width = columns;
    for (std::size_t n = 0; n + 1 < at.size(); n += 2) {
        const auto first = static_cast<std::size_t>(std::clamp(std::ceil(at[n]), 0.0, width));
        const auto last = static_cast<std::size_t>(std::clamp(std::ceil(at[n + 1]), 0.0, width));
        if (first < last)
            runs.push_back({rowBegin + first, 1, last - first});
    }
}

// Where the edges of the contours cross each of the rows `first` to `last`. An edge spans its lower end but not its
// upper one, so that every closed contour crosses every row an even number of times.
std::vector<std::vector<double>> crossings(const std::vector<const FlatContour*>& contours, int first, int last)
{
    std::vector<std::vector<double>> at(static_cast<std::size_t>(last - first + 1));
    for (const FlatContour* contour : contours) {
        const auto& points = contour->points;
        for (std::size_t n = 0; n < points.size(); ++n) {
            const Point2 &a = points[n], &b = points[(n + 1) % points.size()];
            const double low = std::min(a.j, b.j), high = std::max(a.j, b.j);
            const int from = static_cast<int>(std::max<double>(first, std::ceil(low)));
            for (int j = from; j <= last && j < high; ++j)
                at[static_cast<std::size_t>(j - first)].push_back(a.i + (j - a.j) / (b.j - a.j) * (b.i - a.i));
        }
    }
    return at;
}

void fillSlice(const std::vector<const FlatContour*>& contours, const VolumeGeometry& grid, int slice,
               std::vector<StridedRun>& runs)
{
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (const FlatContour* contour : contours) {
        for (const Point2& point : contour->points) {
            least = std::min(least, point.j);
            most = std::max(most, point.j);
        }
    }
    const int first = static_cast<int>(std::max(0.0, std::ceil(least)));
    const int last = static_cast<int>(std::min(grid.size[1] - 1.0, std::floor(most)));
    if (first > last)
        return;
    auto rows = crossings(contours, first, last);
    for (int j = first; j <= last; ++j) {
        std::vector<double>& at = rows[static_cast<std::size_t>(j - first)];
        std::sort(at.begin(), at.end());
        fillRow(at, grid.offset({0, j, slice}), grid.size[0], runs);
    }
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

// An ROI's contours on the image, and what became of the others.
struct RoiContours {
    FlatContours onImage;
    int outside = 0; // off the image's slices
    int cut = 0;     // in part beyond its rows or columns
    std::optional<Error> steep;
};

RoiContours flatContours(const RtRoi& roi, const VolumeGeometry& grid)
{
    RoiContours result;
    for (const RtContour& contour : roi.contours) {
        auto one = flatContour(contour, grid, roi.name);
        if (!one) {
            result.steep = result.steep ? result.steep : one.error();
        } else if (!isOnImage(*one, grid)) {
            ++result.outside;
        } else {
            result.cut += isCut(*one, grid);
            result.onImage.push_back(std::move(*one));
        }
    }
    return result;
}

using Runs = std::vector<StridedRun>;

Runs runsOf(const FlatContours& flat, const VolumeGeometry& grid)
{
    std::vector<std::vector<const FlatContour*>> bySlice(static_cast<std::size_t>(grid.size[2]));
    for (const FlatContour& contour : flat)
        bySlice[static_cast<std::size_t>(contour.slice)].push_back(&contour);
    Runs runs;
    for (int slice = 0; slice < grid.size[2]; ++slice)
        if (const auto& here = bySlice[static_cast<std::size_t>(slice)]; !here.empty())
            fillSlice(onNearestPlane(here), grid, slice, runs);
    return runs;
}

void addRoi(const RtRoi& roi, const Runs& runs, LabelMap& labels)
{
    Segment segment;
    segment.number = labels.segments().firstFreeNumber();
    segment.name = roi.name.empty() ? "ROI " + std::to_string(roi.number) : roi.name;
    segment.colour = roi.hasColour ? roi.colour : paletteColour(segment.number);
    segment.type = roi.type;
    segment.algorithmType = roi.algorithmType;
    addSegment(labels, segment, runs);
}

// The slices between two drawn ones that no contour reaches: contours drawn on a thicker series leave them empty.
int emptyBetween(const FlatContours& flat)
{
    std::set<int> slices;
    for (const FlatContour& contour : flat)
        slices.insert(contour.slice);
    return slices.empty() ? 0 : *slices.rbegin() - *slices.begin() + 1 - static_cast<int>(slices.size());
}

std::string count(int n, const char* what)
{
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

void appendNotes(const RtRoi& roi, const RoiContours& contours, std::vector<std::string>& notes)
{
    const std::string name = "ROI \"" + roi.name + "\": ";
    if (contours.onImage.empty()) {
        notes.push_back(name + (roi.contours.empty() ? "no closed contour" : "drawn wholly outside of the image") +
                        ", so its segment is empty");
        return;
    }
    if (contours.outside > 0)
        notes.push_back(name + count(contours.outside, "contour") + " of " + std::to_string(roi.contours.size()) +
                        " outside of the image's slices left out");
    if (contours.cut > 0)
        notes.push_back(name + count(contours.cut, "contour") + " clipped at the image's border");
    if (const int empty = emptyBetween(contours.onImage); empty > 0)
        notes.push_back(name + count(empty, "slice") + " between its contours without one stay empty");
}

} // namespace

Result<LabelMap> rasterised(const RtStructureSet& structures, const VolumeGeometry& grid,
                            std::stop_token stop, const ProgressReport& report, std::vector<std::string>* notes)
{
    if (!isPlausible(grid))
        return Error{ErrorCode::InvalidArgument, {}, "no usable grid"};
    if (structures.rois.size() > 255)
        return Error{ErrorCode::TooManySegments, {}, "more than 255 ROIs"};
    LabelMap labels(grid);
    labels.ensureLayers(1);
    std::vector<std::string> ownNotes = structures.skipped;
    std::optional<Error> elsewhere;
    bool anyOnImage = false, anyWithin = false; // within: a contour not cut by the image's border, or a voxel
    for (std::size_t n = 0; n < structures.rois.size(); ++n) {
        const RtRoi& roi = structures.rois[n];
        if (stop.stop_requested())
            return cancelledError();
        const RoiContours contours = flatContours(roi, grid);
        if (contours.steep && !contours.onImage.empty())
            return *contours.steep;
        if (contours.onImage.empty() && !roi.contours.empty() && !elsewhere)
            elsewhere = contours.steep.value_or(mismatch(roi.name, "its contours lie more than half a slice off the image"));
        const Runs runs = runsOf(contours.onImage, grid);
        anyOnImage |= !contours.onImage.empty();
        anyWithin |= !runs.empty() || contours.cut < static_cast<int>(contours.onImage.size());
        if (!contours.onImage.empty() && !anyWithin && !elsewhere)
            elsewhere = mismatch(roi.name, "its contours lie beyond the image's rows and columns");
        appendNotes(roi, contours, ownNotes);
        addRoi(roi, runs, labels);
        reportProgress(report, static_cast<double>(n + 1) / static_cast<double>(structures.rois.size()));
    }
    if (elsewhere && !(anyOnImage && anyWithin))
        return *elsewhere;
    if (notes)
        notes->insert(notes->end(), ownNotes.begin(), ownNotes.end());
    return labels;
}

} // namespace annotomy
