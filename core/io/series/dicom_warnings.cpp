#include "core/io/series/dicom_warnings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>

namespace annotomy {

namespace {

std::string number(double value, const char* format = "%.4g")
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

std::vector<std::string> distinct(std::vector<std::string> files)
{
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

std::vector<std::string> filesOf(const DicomPlanes& planes)
{
    std::vector<std::string> files;
    for (const DicomPlane& plane : planes)
        files.push_back(plane.slice->path);
    return distinct(std::move(files));
}

// The files on both sides of every gap that stand-ins fill.
std::vector<std::string> filesAroundGaps(const PlaneRun& run)
{
    std::vector<std::string> files;
    for (std::size_t p = 1; p + 1 < run.planes.size(); ++p) {
        if (run.planes[p].slice != run.planes[p - 1].slice)
            continue;
        files.push_back(run.planes[p - 1].slice->path);
        files.push_back(run.planes[p + 1].slice->path);
    }
    return distinct(std::move(files));
}

// The slices that lie off the even grid by more than rounding, and the smallest and largest distance between slices.
struct Unevenness {
    std::vector<std::string> files;
    double least = 0, most = 0;
};

Unevenness unevennessOf(const PlaneRun& run)
{
    Unevenness uneven;
    const DicomPlanes& planes = run.planes;
    for (std::size_t p = 1; p < planes.size(); ++p) {
        const double gap = planes[p].along - planes[p - 1].along;
        uneven.least = p == 1 ? gap : std::min(uneven.least, gap);
        uneven.most = std::max(uneven.most, gap);
        const Vec3 expected = planes.front().slice->position + static_cast<double>(p) * run.step;
        if (length(planes[p].slice->position - expected) > std::max(0.02, 0.01 * length(run.step)))
            uneven.files.push_back(planes[p].slice->path);
    }
    uneven.files = distinct(std::move(uneven.files));
    return uneven;
}

void warnOfSpacing(const PlaneRun& run, const VolumeGeometry& geometry, std::vector<Warning>& warnings)
{
    if (run.missing > 0)
        warnings.push_back({"missingSlice",
                            std::to_string(run.missing) + " of " + std::to_string(run.planes.size()) +
                                " slices are missing; their neighbours stand in for them.",
                            filesAroundGaps(run)});
    if (run.uneven) {
        Unevenness uneven = unevennessOf(run);
        warnings.push_back({"unevenSpacing",
                            "The slices do not lie evenly (" + number(uneven.least) + " to " + number(uneven.most) +
                                " mm apart); the mean spacing is used, so lengths and volumes cannot be measured "
                                "unless the grid is regularised.",
                            std::move(uneven.files)});
    }
    if (const double degrees = tiltDegrees(geometry); degrees >= leastTilt)
        warnings.push_back({"gantryTilt",
                            "The gantry was tilted by " + number(degrees, "%.1f") +
                                " degrees; unless they are regularised, the slices are shown sheared, as they lie.",
                            {run.planes.front().slice->path}});
}

// The first image's own warnings are those of the series, but any image may carry overlays.
void warnOfOverlays(const DicomPlanes& planes, std::vector<Warning>& warnings)
{
    const auto isOverlay = [](const Warning& warning) { return warning.code == "overlay"; };
    Warning ofAll;
    const DicomImageFile* last = nullptr;
    for (const DicomPlane& plane : planes) {
        if (plane.image == last)
            continue;
        last = plane.image;
        const auto& own = last->info.warnings;
        const auto it = std::find_if(own.begin(), own.end(), isOverlay);
        if (it == own.end())
            continue;
        ofAll.code = it->code;
        ofAll.text = it->text;
        ofAll.files.insert(ofAll.files.end(), it->files.begin(), it->files.end());
    }
    std::erase_if(warnings, isOverlay);
    if (ofAll.files.empty())
        return;
    ofAll.files = distinct(std::move(ofAll.files));
    warnings.push_back(std::move(ofAll));
}

void warnOfDamage(const PlaneRun& run, std::vector<Warning>& warnings)
{
    std::vector<std::string> damaged;
    for (const DicomPlane& plane : run.planes)
        if (plane.image->damage)
            damaged.push_back(plane.slice->path);
    if (!damaged.empty())
        warnings.push_back(damagedSlices(std::move(damaged), run.planes.size()));
}

// Of X-ray and other images that say little of where they lie.
void warnOfPlace(const PlaneRun& run, std::vector<Warning>& warnings)
{
    const DicomSlice& first = *run.planes.front().slice;
    if (!first.placeKnown)
        warnings.push_back({"placeUnknown",
                            "The image does not say where it lies in the patient; its axes are made up.",
                            {first.path}});
    if (!first.spacingKnown)
        warnings.push_back(
            {"spacingUnknown", "The image does not give its pixel spacing; 1 mm is used.", {first.path}});
    else if (!first.stackSpacingKnown && run.planes.size() > 1)
        warnings.push_back({"spacingUnknown",
                            "The images do not say how far apart they lie; 1 mm is used.",
                            filesOf(run.planes)});
    if (first.detectorSpacing)
        warnings.push_back({"detectorSpacing",
                            "The pixel spacing is that of the detector: the patient, who lies before it, is smaller.",
                            {first.path}});
}

} // namespace

double tiltDegrees(const VolumeGeometry& geometry)
{
    const Vec3 normal = normalised(cross(geometry.axis(0), geometry.axis(1)));
    return std::acos(std::min(1.0, std::abs(dot(geometry.axis(2), normal)))) * 57.29577951308232;
}

void warnOfSlices(const PlaneRun& run, const VolumeGeometry& geometry, std::vector<Warning>& warnings)
{
    const DicomSlice& first = *run.planes.front().slice;
    warnOfOverlays(run.planes, warnings);
    warnOfSpacing(run, geometry, warnings);
    warnOfDamage(run, warnings);
    if (run.planes.size() == 1)
        warnings.push_back({"singleSlice",
                            "There is one slice only; its thickness is taken for the spacing.",
                            {first.path}});
    warnOfPlace(run, warnings);
    if (first.format.inverted)
        warnings.push_back({"monochrome1",
                            "The image is stored inverted (MONOCHROME1): low values are bright.",
                            {first.path}});
}

Warning damagedSlices(std::vector<std::string> files, std::size_t slices)
{
    constexpr std::size_t mostNamed = 3;
    const std::size_t damaged = files.size();
    files = distinct(std::move(files));
    std::string names;
    for (std::size_t f = 0; f < std::min(files.size(), mostNamed); ++f)
        names += (f > 0 ? ", " : "") + std::filesystem::path(files[f]).filename().string();
    if (files.size() > mostNamed)
        names += ", ...";
    return {std::string(damagedSliceCode),
            std::to_string(damaged) + " of " + std::to_string(slices) +
                " slices cannot be decoded; their neighbours stand in for them (" + names + ").",
            std::move(files)};
}

Warning spacingChanges(const std::vector<PlaneRun>& runs)
{
    Warning warning{"spacingChanges",
                    "The spacing or course of the slices changes within the series; its parts are opened separately.",
                    {}};
    for (std::size_t r = 1; r < runs.size(); ++r) {
        warning.files.push_back(runs[r - 1].planes.back().slice->path);
        warning.files.push_back(runs[r].planes.front().slice->path);
    }
    warning.files = distinct(std::move(warning.files));
    return warning;
}

Warning sequenceNotice(const SequencePlace& place)
{
    static constexpr std::array<std::pair<const char*, const char*>, 5> names{
        {{"time", "time"}, {"trigger", "trigger delay"}, {"echo", "echo time"}, {"bValue", "b-value"}, {"component", "component"}}};
    const auto name = std::find_if(names.begin(), names.end(), [&](const auto& n) { return place.kind == n.first; });
    std::string text = "The series holds " + std::to_string(place.count) +
                       " images of every position (a sequence); this is number " + std::to_string(place.index + 1);
    if (name != names.end() && !place.unit.empty())
        text += ", " + std::string(name->second) + " " + number(place.value) + " " + place.unit;
    return {"severalTimePoints", text + ".", {}};
}

void warnOfGroup(const GroupFindings& findings, SeriesEntry& entry)
{
    auto& warnings = entry.info.warnings;
    if (findings.isLocaliser)
        warnings.push_back({"localiser", "This series is a localiser: it shows where others lie.", {entry.files.front()}});
    if (findings.hasSiblings)
        warnings.push_back({"mixedOrientation",
                            "The series holds images of several orientations or grids; they are opened separately.",
                            distinct(entry.files)});
    if (auto copies = distinct(findings.copies); !copies.empty()) {
        const std::string count = std::to_string(copies.size()) + (copies.size() == 1 ? " file repeats" : " files repeat");
        warnings.push_back({"duplicateSlice",
                            count + " slices that are there already; the copies are left out.",
                            std::move(copies)});
    }
}

} // namespace annotomy
