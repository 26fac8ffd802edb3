#include "core/io/series/dicom_grouping.h"

#include "core/io/dicom/dicom_planes.h"
#include "core/io/series/dicom_sequence.h"
#include "core/io/series/dicom_warnings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <filesystem>
#include <map>

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
    const DicomSlice& first = image.slices.front();
    const std::string own = first.isWholeStack ? "|" + first.sopInstanceUid + "|" + first.path : "";
    return seriesKey(image) + "|" + info.patientId + "|" + info.modality + "|" + info.seriesNumber + own;
}

// A mosaic's slices, as if each were an image of its own.
DicomImageFile tilesOf(const DicomImageFile& image)
{
    DicomImageFile tiles = image;
    DicomSlice tile = image.slices.front();
    const DicomMosaic mosaic = *tile.mosaic;
    const Vec3 ownNormal = cross(tile.rowAxis, tile.columnAxis);
    const bool isAlong = std::abs(dot(mosaic.normal, ownNormal)) > 0.99;
    tile.stackSpacingKnown = mosaic.spacing > 0 || tile.thickness > 0;
    const double spacing = mosaic.spacing > 0 ? mosaic.spacing : tile.thickness > 0 ? tile.thickness : 1;
    const Vec3 step = spacing * (isAlong ? mosaic.normal : ownNormal);
    const Vec3 first = firstTilePosition(mosaic, tile.position, tile.format.columns, tile.format.rows,
                                         tile.spacingI * tile.rowAxis, tile.spacingJ * tile.columnAxis);
    tile.format.columns /= mosaic.across;
    tile.format.rows /= mosaic.across;
    tiles.slices.clear();
    for (tile.frame = 0; tile.frame < mosaic.count; ++tile.frame) {
        tile.position = first + static_cast<double>(tile.frame) * step;
        tiles.slices.push_back(tile);
    }
    return tiles;
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
    bool isLocaliser = false;
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

// Few images in several directions: they show where other series lie.
bool areLocalisers(const std::vector<Group>& groups)
{
    constexpr std::size_t few = 15;
    const Vec3 normal = normalOf(*groups.front().planes.front().slice);
    const bool turned = std::any_of(groups.begin(), groups.end(), [&](const Group& group) {
        return std::abs(dot(normal, normalOf(*group.planes.front().slice))) < 0.9;
    });
    return turned && std::all_of(groups.begin(), groups.end(),
                                 [](const Group& group) { return group.planes.size() <= few; });
}

std::vector<Group> groupsOf(const std::vector<const DicomImageFile*>& images)
{
    std::map<std::string, std::vector<Group>> bySeries;
    for (const DicomImageFile* image : images) {
        std::vector<Group>& members = bySeries[seriesIdentity(*image)];
        for (const DicomSlice& slice : image->slices)
            addToGroups(members, *image, slice);
    }
    std::vector<Group> groups;
    for (auto& [identity, members] : bySeries) {
        const bool localisers = areLocalisers(members);
        for (Group& group : members) {
            group.isLocaliser = localisers || group.planes.front().slice->isLocaliser;
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

std::string contentKey(const std::string& key, const VolumeGeometry& g, std::size_t occasion)
{
    std::array<char, 128> place{};
    std::snprintf(place.data(), place.size(), "|%dx%dx%d|%.2f,%.2f,%.2f|%zu", g.size[0], g.size[1], g.size[2],
                  g.origin[0], g.origin[1], g.origin[2], occasion);
    return key + place.data();
}

// Where the slices lie, when that is no even, untilted grid.
std::optional<SlicePositions> irregularPositions(const PlaneRun& run, const VolumeGeometry& geometry)
{
    if (run.missing == 0 && !run.uneven && tiltDegrees(geometry) < leastTilt)
        return std::nullopt;
    SlicePositions slices{geometry, {}};
    for (const DicomPlane& plane : run.planes)
        slices.positions.push_back(plane.slice->position);
    return slices;
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
    entry.irregular = irregularPositions(run, entry.geometry);
    entry.mosaic = first.slice->mosaic ? first.slice->mosaic->across : 0;
    const bool hasFrames = std::any_of(run.planes.begin(), run.planes.end(), [](const DicomPlane& p) {
        return p.slice->frameCount > 1 || p.slice->frame > 0;
    });
    for (const DicomPlane& plane : run.planes)
        if (hasFrames)
            entry.frames.push_back(plane.slice->frame);
    warnOfSlices(run, entry.geometry, entry.info.warnings);
    return entry;
}

// The stretches of one volume; they know that they belong together when they follow one another.
std::vector<SeriesEntry> entriesOf(const Group& group, const DicomPlanes& planes, std::size_t occasion)
{
    const auto runs = runsOf(planes);
    std::vector<SeriesEntry> entries;
    for (const PlaneRun& run : runs) {
        SeriesEntry entry = entryOf(group, run, occasion);
        if (runs.size() > 1)
            entry.info.warnings.push_back(spacingChanges(runs));
        if (run.isPart)
            entry.partOf = contentKey(group.key, geometryOf(runs.front()), occasion) + "|stack";
        entries.push_back(std::move(entry));
    }
    return entries;
}

// Volumes of the same grid are one sequence.
void placeInSequences(const std::string& key, const std::vector<DicomVolumePlanes>& volumes,
                      const std::vector<std::size_t>& volumeOfEntry, std::vector<SeriesEntry>& entries)
{
    std::vector<std::vector<std::size_t>> sequences;
    for (std::size_t e = 0; e < entries.size(); ++e) {
        const auto it = std::find_if(sequences.begin(), sequences.end(), [&](const auto& members) {
            return sameGrid(entries[members.front()].geometry, entries[e].geometry);
        });
        (it != sequences.end() ? *it : sequences.emplace_back()).push_back(e);
    }
    for (const auto& members : sequences) {
        const std::string sequenceKey = contentKey(key, entries[members.front()].geometry, members.front());
        for (std::size_t m = 0; members.size() > 1 && m < members.size(); ++m) {
            SeriesEntry& entry = entries[members[m]];
            const DicomVolumePlanes& volume = volumes[volumeOfEntry[members[m]]];
            entry.sequence = {sequenceKey + "|sequence",        volume.kind,  static_cast<int>(m),
                              static_cast<int>(members.size()), volume.value, volume.unit};
            entry.info.warnings.push_back(sequenceNotice(entry.sequence));
        }
    }
}

std::vector<SeriesEntry> volumesIn(const Group& group)
{
    if (group.planes.empty())
        return {};
    std::vector<std::string> copies;
    const auto volumes = volumesOf(withoutCopies(group.planes, copies), copies);
    std::vector<SeriesEntry> made;
    std::vector<std::size_t> volumeOfEntry;
    for (std::size_t v = 0; v < volumes.size(); ++v) {
        auto stacks = interleavedStacks(volumes[v].planes);
        if (stacks.empty())
            stacks.push_back(volumes[v].planes);
        for (const DicomPlanes& stack : stacks)
            for (SeriesEntry& entry : entriesOf(group, stack, v)) {
                if (!isPlausible(entry.geometry))
                    continue;
                warnOfGroup({group.hasSiblings, group.isLocaliser, copies}, entry);
                made.push_back(std::move(entry));
                volumeOfEntry.push_back(v);
            }
    }
    placeInSequences(group.key, volumes, volumeOfEntry, made);
    return made;
}

bool isTooDamaged(const SeriesEntry& entry)
{
    std::size_t damaged = 0;
    for (const Warning& warning : entry.info.warnings)
        for (const std::string& file : entry.files)
            damaged += warning.code == damagedSliceCode && std::count(warning.files.begin(), warning.files.end(), file);
    return !mayStandIn(damaged, entry.files.size());
}

// Damaged slices keep their place, so that they do not change the grid; where they are too many, they are left out.
void appendEntries(Group group, std::vector<SeriesEntry>& entries)
{
    std::vector<SeriesEntry> made = volumesIn(group);
    if (std::any_of(made.begin(), made.end(), isTooDamaged)) {
        std::erase_if(group.planes, [](const DicomPlane& plane) { return plane.image->damage.has_value(); });
        made = volumesIn(group);
    }
    std::move(made.begin(), made.end(), std::back_inserter(entries));
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
    std::deque<DicomImageFile> mosaics;
    std::vector<const DicomImageFile*> members;
    for (const DicomImageFile& image : images)
        members.push_back(image.slices.front().mosaic ? &mosaics.emplace_back(tilesOf(image)) : &image);
    std::vector<SeriesEntry> entries;
    for (Group& group : groupsOf(members))
        appendEntries(std::move(group), entries);
    makeKeysUnique(entries);
    return entries;
}

} // namespace annotomy
