#include "core/io/dicom/dicom_planes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace annotomy {

namespace {

// From one plane to the next.
struct Gap {
    double along = 0; // mm along the normal
    Vec3 aside{};     // mm within the plane; constant per mm of `along` where the gantry was tilted
};
using Gaps = std::vector<Gap>;

Gaps gapsOf(const DicomPlanes& sorted)
{
    Gaps gaps;
    for (std::size_t p = 1; p < sorted.size(); ++p) {
        const DicomSlice &before = *sorted[p - 1].slice, &here = *sorted[p].slice;
        const double along = sorted[p].along - sorted[p - 1].along;
        gaps.push_back(
            {along, here.position - before.position - along * cross(before.rowAxis, before.columnAxis)});
    }
    return gaps;
}

double medianAlong(Gaps gaps)
{
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>((gaps.size() - 1) / 2);
    std::nth_element(gaps.begin(), middle, gaps.end(),
                     [](const Gap& a, const Gap& b) { return a.along < b.along; });
    return middle->along;
}

// Positions are written with few digits: a hundredth of the spacing is rounding, not irregularity.
double gapTolerance(double gap)
{
    return std::max(0.02, 0.01 * gap);
}

bool sameAside(const Vec3& a, const Vec3& b, double along)
{
    return length(a - b) <= std::max(0.1, 2 * gapTolerance(along));
}

// Whether the first voxels lie on one line: no plane is shifted against its neighbours.
bool isStraight(const Gaps& gaps)
{
    Vec3 aside{};
    double along = 0;
    for (const Gap& gap : gaps) {
        aside = aside + gap.aside;
        along += gap.along;
    }
    return std::all_of(gaps.begin(), gaps.end(), [&](const Gap& gap) {
        return sameAside(gap.aside, (gap.along / along) * aside, gap.along);
    });
}

bool isEven(const Gaps& gaps)
{
    const auto [least, most] = std::minmax_element(
        gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) { return a.along < b.along; });
    return gaps.empty() || (most->along - least->along <= 2 * gapTolerance(least->along) && isStraight(gaps));
}

constexpr int mostMissing = 3; // slices in a row that their neighbours may stand in for

PlaneRun evenRun(DicomPlanes planes)
{
    PlaneRun run;
    if (planes.size() > 1)
        run.step = (1.0 / static_cast<double>(planes.size() - 1)) *
                   (planes.back().slice->position - planes.front().slice->position);
    run.planes = std::move(planes);
    return run;
}

// A run with single slices missing, when every gap is a whole multiple of the usual one.
std::optional<PlaneRun> runWithMissing(const DicomPlanes& sorted, const Gaps& gaps)
{
    const double usual = medianAlong(gaps);
    DicomPlanes filled{sorted.front()};
    for (std::size_t g = 0; g < gaps.size(); ++g) {
        const double multiple = std::round(gaps[g].along / usual);
        if (multiple < 1 || multiple > mostMissing + 1 ||
            std::abs(gaps[g].along - multiple * usual) > multiple * gapTolerance(usual))
            return std::nullopt;
        for (int standIn = 1; standIn < static_cast<int>(multiple); ++standIn)
            filled.push_back(sorted[g]);
        filled.push_back(sorted[g + 1]);
    }
    const std::size_t missing = filled.size() - sorted.size();
    if (missing * 4 > sorted.size() || !isStraight(gaps))
        return std::nullopt;
    PlaneRun run = evenRun(std::move(filled));
    run.missing = static_cast<int>(missing);
    return run;
}

// Cut where more is missing than stand-ins may fill; one part when there is no such gap, or are too many.
std::vector<DicomPlanes> partsBetweenWideGaps(const DicomPlanes& sorted, const Gaps& gaps)
{
    constexpr std::size_t mostParts = 4;
    const double wide = (mostMissing + 1.5) * medianAlong(gaps);
    std::vector<DicomPlanes> parts{{sorted.front()}};
    for (std::size_t g = 0; g < gaps.size(); ++g) {
        if (gaps[g].along > wide)
            parts.emplace_back();
        parts.back().push_back(sorted[g + 1]);
    }
    return parts.size() <= mostParts ? parts : std::vector<DicomPlanes>{sorted};
}

bool continues(const Gap& first, const Gap& next)
{
    return std::abs(next.along - first.along) <= gapTolerance(first.along) &&
           sameAside(first.aside, next.aside, first.along);
}

// Stretches of constant spacing, when there are few of them and none is short.
std::vector<PlaneRun> longRuns(const DicomPlanes& sorted, const Gaps& gaps)
{
    constexpr std::size_t fewestPlanes = 4, mostRuns = 4;
    std::vector<PlaneRun> runs;
    std::size_t first = 0;
    for (std::size_t p = 1; p <= sorted.size(); ++p) {
        if (p < sorted.size() && (p == first + 1 || continues(gaps[first], gaps[p - 1])))
            continue;
        if (p - first < fewestPlanes || runs.size() == mostRuns)
            return {};
        runs.push_back(evenRun({sorted.begin() + static_cast<std::ptrdiff_t>(first),
                                sorted.begin() + static_cast<std::ptrdiff_t>(p)}));
        first = p;
    }
    return runs;
}

} // namespace

bool isBetterCopy(const DicomPlane& a, const DicomPlane& b)
{
    const auto rank = [](const DicomImageFile& image) { return std::pair(image.damage.has_value(), image.losses); };
    return rank(*a.image) < rank(*b.image);
}

DicomPlanes withoutCopies(const DicomPlanes& planes, std::vector<std::string>& copies)
{
    DicomPlanes kept;
    std::map<std::pair<std::string, long>, std::size_t> places; // in `kept`
    for (const DicomPlane& plane : planes) {
        const std::string& uid = plane.slice->sopInstanceUid;
        const long along = std::lround(plane.along / samePositionMm);
        const bool isKnown = !uid.empty() && uid.front() != '#';
        const auto [place, isNew] = isKnown ? places.try_emplace({uid, along}, kept.size()) : std::pair(places.end(), true);
        if (isNew) {
            kept.push_back(plane);
            continue;
        }
        DicomPlane& former = kept[place->second];
        copies.push_back((isBetterCopy(plane, former) ? std::exchange(former, plane) : plane).slice->path);
    }
    return kept;
}

std::vector<PlaneRun> runsOf(const DicomPlanes& sorted)
{
    const auto gaps = gapsOf(sorted);
    if (isEven(gaps))
        return {evenRun(sorted)};
    if (auto run = runWithMissing(sorted, gaps))
        return {*run};
    if (const auto parts = partsBetweenWideGaps(sorted, gaps); parts.size() > 1) {
        std::vector<PlaneRun> runs;
        for (const DicomPlanes& part : parts)
            for (PlaneRun& run : runsOf(part))
                runs.push_back(std::move(run));
        return runs;
    }
    if (auto runs = longRuns(sorted, gaps); !runs.empty()) {
        for (PlaneRun& run : runs)
            run.isPart = true;
        return runs;
    }
    PlaneRun run = evenRun(sorted);
    run.uneven = true;
    return {run};
}

} // namespace annotomy
