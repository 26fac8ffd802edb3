#include "core/io/dicom_grouping.h"

#include "core/io/dicom_planes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

namespace annotomy {

namespace {

constexpr double axisTolerance = 1e-3;    // of direction cosines within a series
constexpr double spacingTolerance = 1e-3; // relative
constexpr double straightMm = 0.05;       // lateral drift over a whole stack that is rounding, not tilt

// Series without a UID are told apart by folder, study and number.
std::string seriesKey(const DicomImageFile& image)
{
    const ImageInfo& info = image.info;
    if (!info.seriesUid.empty())
        return info.seriesUid;
    return std::filesystem::path(image.slices.front().path).parent_path().string() + "|" + info.patientId +
           "|" + info.studyUid + "|" + info.seriesNumber + "|" + info.seriesDescription;
}

// What all files of one series have in common: some anonymisers give every series the same UID. (Others give
// every file a study of its own.)
std::string seriesIdentity(const DicomImageFile& image)
{
    const ImageInfo& info = image.info;
    return seriesKey(image) + "|" + info.patientId + "|" + info.modality + "|" + info.seriesNumber;
}

bool sameDirection(const Vec3& a, const Vec3& b)
{
    return length(a - b) < axisTolerance;
}

bool sameGridPlane(const DicomSlice& a, const DicomSlice& b)
{
    const auto near = [](double x, double y) { return std::abs(x - y) <= spacingTolerance * std::max(x, y); };
    return a.format.columns == b.format.columns && a.format.rows == b.format.rows &&
           a.isLocaliser == b.isLocaliser && sameDirection(a.rowAxis, b.rowAxis) &&
           sameDirection(a.columnAxis, b.columnAxis) && near(a.spacingI, b.spacingI) &&
           near(a.spacingJ, b.spacingJ);
}

Vec3 normalOf(const DicomSlice& slice)
{
    return cross(slice.rowAxis, slice.columnAxis);
}

// Planes of one series with one in-plane grid.
struct Group {
    std::string key;
    DicomPlanes planes;
    bool hasSiblings = false; // the series has images of another orientation or grid
};

void addToGroups(std::vector<Group>& groups, const DicomImageFile& image, const DicomSlice& slice)
{
    const auto belongs = [&](const Group& group) {
        const DicomPlane& first = group.planes.front();
        return first.image->info.frameOfReferenceUid == image.info.frameOfReferenceUid &&
               sameGridPlane(*first.slice, slice);
    };
    const auto it = std::find_if(groups.begin(), groups.end(), belongs);
    Group& group = it != groups.end() ? *it : groups.emplace_back();
    const Vec3 normal = group.planes.empty() ? normalOf(slice) : normalOf(*group.planes.front().slice);
    group.planes.push_back({&image, &slice, dot(normal, slice.position)});
}

std::vector<Group> groupsOf(const std::vector<DicomImageFile>& images)
{
    std::map<std::string, std::vector<Group>> bySeries;
    for (const DicomImageFile& image : images)
        for (const DicomSlice& slice : image.slices)
            addToGroups(bySeries[seriesIdentity(image)], image, slice);
    std::vector<Group> groups;
    for (auto& [identity, members] : bySeries) {
        for (Group& group : members) {
            group.key = seriesKey(*group.planes.front().image);
            group.hasSiblings = members.size() > 1;
            std::stable_sort(group.planes.begin(), group.planes.end(),
                             [](const DicomPlane& a, const DicomPlane& b) {
                                 return std::pair(a.along, a.slice->instanceNumber) <
                                        std::pair(b.along, b.slice->instanceNumber);
                             });
            groups.push_back(std::move(group));
        }
    }
    return groups;
}

std::vector<std::string> filesOf(const DicomPlanes& planes)
{
    std::vector<std::string> files;
    for (const DicomPlane& plane : planes)
        files.push_back(plane.slice->path);
    return files;
}

// The third axis follows the positions: along the normal, or sheared when the gantry was tilted.
VolumeGeometry geometryOf(const PlaneRun& run)
{
    const DicomSlice& first = *run.planes.front().slice;
    const Vec3 normal = normalOf(first);
    const int count = static_cast<int>(run.planes.size());
    Vec3 step = run.step;
    if (count == 1)
        step = (first.thickness > 0 ? first.thickness : 1.0) * normal;
    const double along = dot(step, normal);
    if (length(step - along * normal) * std::max(1, count - 1) < straightMm)
        step = along * normal;
    VolumeGeometry geometry;
    geometry.size = {first.format.columns, first.format.rows, count};
    geometry.spacing = {first.spacingI, first.spacingJ, length(step)};
    geometry.origin = first.position;
    geometry.direction = fromColumns(first.rowAxis, first.columnAxis, normalised(step));
    return geometry;
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
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

void warnOfPositions(const PlaneRun& run, const VolumeGeometry& geometry, std::vector<Warning>& warnings)
{
    const DicomSlice& first = *run.planes.front().slice;
    const double cosine = std::min(1.0, std::abs(dot(geometry.axis(2), normalOf(first))));
    const double degrees = std::acos(cosine) * 57.29577951308232;
    std::array<char, 16> angle{};
    std::snprintf(angle.data(), angle.size(), "%.1f", degrees);
    if (run.missing > 0)
        warnings.push_back({"missingSlice",
                            std::to_string(run.missing) + " of " + std::to_string(run.planes.size()) +
                                " slices are missing; their neighbours stand in for them.",
                            filesAroundGaps(run)});
    if (run.uneven)
        warnings.push_back({"unevenSpacing",
                            "The slices do not lie evenly; the mean spacing is used, so lengths and volumes "
                            "cannot be measured unless the grid is regularised.",
                            filesOf(run.planes)});
    if (degrees > 0.1)
        warnings.push_back({"gantryTilt",
                            std::string("The gantry was tilted by ") + angle.data() +
                                " degrees; the slices are shown sheared, as they lie.",
                            {first.path}});
    if (run.planes.size() == 1)
        warnings.push_back({"singleSlice",
                            "There is one slice only; its thickness is taken for the spacing.",
                            {first.path}});
    if (!first.spacingKnown)
        warnings.push_back(
            {"spacingUnknown", "The image does not give its pixel spacing; 1 mm is used.", {first.path}});
    if (first.format.inverted)
        warnings.push_back({"monochrome1",
                            "The image is stored inverted (MONOCHROME1): low values are bright.",
                            {first.path}});
}

std::string contentKey(const std::string& key, const VolumeGeometry& g, std::size_t occasion)
{
    std::array<char, 128> place{};
    std::snprintf(place.data(), place.size(), "|%dx%dx%d|%.2f,%.2f,%.2f|%zu", g.size[0], g.size[1], g.size[2],
                  g.origin[0], g.origin[1], g.origin[2], occasion);
    return key + place.data();
}

SeriesEntry entryOf(const Group& group, const PlaneRun& run, std::size_t occasion)
{
    const DicomPlane& first = run.planes.front();
    SeriesEntry entry;
    entry.info = first.image->info;
    entry.geometry = geometryOf(run);
    entry.files = filesOf(run.planes);
    entry.format = "dicom";
    entry.transferSyntaxUid = first.image->transferSyntaxUid;
    entry.contentKey = contentKey(group.key, entry.geometry, occasion);
    const bool hasFrames = std::any_of(run.planes.begin(), run.planes.end(),
                                       [](const DicomPlane& p) { return p.slice->frameCount > 1; });
    for (const DicomPlane& plane : run.planes)
        if (hasFrames)
            entry.frames.push_back(plane.slice->frame);
    warnOfPositions(run, entry.geometry, entry.info.warnings);
    return entry;
}

void warnOfGroup(const Group& group, std::size_t occasion, std::size_t occasions, std::size_t runs,
                 const std::vector<std::string>& copies, SeriesEntry& entry)
{
    auto& warnings = entry.info.warnings;
    if (occasions > 1)
        warnings.push_back({"severalTimePoints",
                            "The series holds " + std::to_string(occasions) +
                                " images of every position (time points or echoes); this is number " +
                                std::to_string(occasion + 1) + ".",
                            {}});
    if (runs > 1)
        warnings.push_back({"spacingChanges",
                            "The spacing or course of the slices changes within the series; its parts are "
                            "opened separately.",
                            {}});
    if (group.hasSiblings)
        warnings.push_back(
            {"mixedOrientation",
             "The series holds images of several orientations or grids; they are opened separately.",
             {}});
    if (!copies.empty())
        warnings.push_back({"duplicateSlice",
                            std::to_string(copies.size()) +
                                " files repeat a slice that is there already; they are left out.",
                            copies});
}

void appendEntries(const Group& group, std::vector<SeriesEntry>& entries)
{
    std::vector<std::string> copies;
    const DicomPlanes planes = withoutCopies(group.planes, copies);
    const auto occasions = occasionsOf(planes, copies);
    for (std::size_t occasion = 0; occasion < occasions.size(); ++occasion) {
        const auto runs = runsOf(occasions[occasion]);
        for (const PlaneRun& run : runs) {
            SeriesEntry entry = entryOf(group, run, occasion);
            warnOfGroup(group, occasion, occasions.size(), runs.size(), copies, entry);
            if (isPlausible(entry.geometry))
                entries.push_back(std::move(entry));
        }
    }
}

// Series that share a UID and a grid still need keys of their own.
void makeKeysUnique(std::vector<SeriesEntry>& entries)
{
    std::map<std::string, int> met;
    for (SeriesEntry& entry : entries)
        if (const int number = ++met[entry.contentKey]; number > 1)
            entry.contentKey += "|" + std::to_string(number);
}

} // namespace

std::string seriesKeyOf(const DicomImageFile& image)
{
    return seriesKey(image);
}

std::vector<SeriesEntry> groupedSeries(const std::vector<DicomImageFile>& images)
{
    std::vector<SeriesEntry> entries;
    for (const Group& group : groupsOf(images))
        appendEntries(group, entries);
    makeKeysUnique(entries);
    return entries;
}

} // namespace annotomy
