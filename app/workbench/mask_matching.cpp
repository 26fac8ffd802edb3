#include "app/workbench/mask_matching.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <set>
#include <string_view>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool removeEnding(std::string& text, std::string_view ending)
{
    if (text.size() <= ending.size() || !lowered(text).ends_with(ending))
        return false;
    text.resize(text.size() - ending.size());
    return true;
}

constexpr std::array<std::string_view, 15> maskEndings{"_segmentation", "_labels", "_label",    "_masks", "_mask",
                                                       "_seg",          "-labels", "-label",    "-masks", "-mask",
                                                       "-seg",          ".seg",    "_rtstruct", "_gt",    "-gt"};
constexpr std::array<std::string_view, 5> imageEndings{"_0000", "_image", "-image", "_img", "-img"};

template <std::size_t N>
std::string without(const std::array<std::string_view, N>& endings, std::string stem)
{
    for (const std::string_view ending : endings) {
        if (removeEnding(stem, ending))
            break;
    }
    return stem;
}

// Whether a word of the name says so: "labelsTr", "lung-masks", "seg"; not "unlabelled".
bool isMaskFolderName(const std::string& name)
{
    constexpr std::array<std::string_view, 5> beginnings{"label", "mask", "segmentation", "groundtruth", "annotation"};
    constexpr std::array<std::string_view, 3> words{"seg", "segs", "gt"};
    std::string word;
    for (const char c : lowered(name) + ' ') {
        if (std::isalnum(static_cast<unsigned char>(c))) {
            word += c;
            continue;
        }
        const auto begins = [&](std::string_view beginning) { return word.starts_with(beginning); };
        if (std::any_of(beginnings.begin(), beginnings.end(), begins) ||
            std::find(words.begin(), words.end(), word) != words.end())
            return true;
        word.clear();
    }
    return false;
}

bool isVolumeFile(const SeriesEntry& entry)
{
    return entry.format != "dicom" && entry.files.size() == 1;
}

} // namespace

std::string fileStem(const std::string& path)
{
    std::string stem = fs::path(path).filename().string();
    removeEnding(stem, ".gz");
    constexpr std::array<std::string_view, 8> suffixes{".nii", ".nrrd", ".nhdr", ".hdr", ".img", ".dcm", ".mha", ".mhd"};
    for (const std::string_view suffix : suffixes) {
        if (removeEnding(stem, suffix))
            break;
    }
    return stem;
}

bool liesIn(const std::string& path, const std::string& folder)
{
    const fs::path inner = fs::path(path).lexically_normal();
    fs::path outer = fs::path(folder).lexically_normal();
    if (outer.filename().empty())
        outer = outer.parent_path();
    const auto parts = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
    return parts.first == outer.end();
}

Result<std::string> resolveMasksFolder(const std::string& masksFolder, const std::vector<std::string>& importPaths)
{
    std::vector<fs::path> candidates{masksFolder};
    for (const std::string& path : importPaths) {
        candidates.push_back(fs::path(path) / masksFolder);
        candidates.push_back(fs::absolute(path).parent_path() / masksFolder);
    }
    for (const fs::path& candidate : candidates) {
        std::error_code error;
        if (fs::exists(candidate, error))
            return fs::canonical(candidate, error).string();
    }
    return Error{ErrorCode::NotFound, masksFolder, "the folder of masks"};
}

std::vector<std::string> maskFilesIn(const std::string& folder)
{
    std::vector<std::string> files;
    std::error_code error;
    if (fs::is_regular_file(folder, error))
        return {folder};
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator it(folder, options, error), end; !error && it != end; it.increment(error)) {
        std::error_code entryError;
        const std::string name = it->path().filename().string();
        if (it->is_regular_file(entryError) && !name.starts_with('.') && fileStem(name) != name)
            files.push_back(it->path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

bool maskBelongsTo(const std::string& maskPath, const SeriesEntry& entry)
{
    const std::string exact = fileStem(maskPath);
    const std::string bare = without(maskEndings, exact);
    const auto names = [&](const std::string& text) { return !text.empty() && (text == exact || text == bare); };
    if (isVolumeFile(entry)) {
        const std::string image = fileStem(entry.files.front());
        return names(image) || names(without(imageEndings, image));
    }
    return names(entry.info.patientId) || names(entry.info.patientName) || names(entry.info.seriesUid)
        || (!entry.files.empty() && names(fs::path(entry.files.front()).parent_path().filename().string()));
}

namespace {

constexpr double planeTolerance = 0.05; // voxels, as when a segmentation is placed

bool isWhole(double index)
{
    return std::abs(index - std::round(index)) <= planeTolerance;
}

// Whether all pixels of a plane are voxels of the grid.
bool isPlaneOf(const VolumeGeometry& plane, const VolumeGeometry& grid)
{
    const double columns = plane.size[0] - 1, rows = plane.size[1] - 1;
    const auto at = [&](double i, double j) { return grid.indexFromPatient(plane.patientFromIndex({i, j, 0})); };
    const Vec3 first = at(0, 0);
    for (const Vec3& neighbour : {at(1, 0) - first, at(0, 1) - first}) // of one voxel, along one axis
        if (std::abs(length(neighbour) - 1) > planeTolerance ||
            std::max({std::abs(neighbour[0]), std::abs(neighbour[1]), std::abs(neighbour[2])}) < 1 - planeTolerance)
            return false;
    for (const Vec3& corner : {first, at(columns, 0), at(0, rows), at(columns, rows)})
        for (std::size_t a = 0; a < 3; ++a)
            if (!isWhole(corner[a]) || corner[a] < -planeTolerance || corner[a] > grid.size[a] - 1 + planeTolerance)
                return false;
    return true;
}

} // namespace

MaskLink linkOf(const MaskFile& mask, const SeriesEntry& image)
{
    const ImageInfo& info = image.info;
    if (!mask.referencedSeriesUid.empty())
        return info.seriesUid == mask.referencedSeriesUid ? MaskLink::Series : MaskLink::None;
    const bool lies = mask.firstPlane && isPlaneOf(*mask.firstPlane, image.geometry);
    const bool isPlaced = !mask.frameOfReferenceUid.empty() && !info.frameOfReferenceUid.empty();
    if (isPlaced && mask.frameOfReferenceUid != info.frameOfReferenceUid)
        return MaskLink::None;
    if (isPlaced && (lies || !mask.firstPlane))
        return MaskLink::FrameOfReference;
    const bool isOthers = !mask.patientId.empty() && !info.patientId.empty() && mask.patientId != info.patientId;
    if (lies && !isOthers)
        return MaskLink::Grid;
    return maskBelongsTo(mask.path, image) ? MaskLink::Name : MaskLink::None;
}

namespace {

fs::path folderOf(const SeriesEntry& entry)
{
    return fs::path(entry.files.front()).parent_path();
}

bool liesInMaskFolder(const SeriesEntry& entry)
{
    return isVolumeFile(entry) && isMaskFolderName(folderOf(entry).filename().string());
}

bool isNamedAsMask(const SeriesEntry& entry)
{
    const std::string stem = fileStem(entry.files.front());
    return isVolumeFile(entry) && without(maskEndings, stem) != stem;
}

bool isMaskOf(const SeriesEntry& mask, const SeriesEntry& image)
{
    const bool sameName = maskBelongsTo(mask.files.front(), image);
    if (!liesInMaskFolder(mask))
        return sameName && folderOf(mask) == folderOf(image) && sameGrid(mask.geometry, image.geometry);
    const std::string beside = folderOf(mask).parent_path().string();
    return sameName || (liesIn(image.files.front(), beside) && sameGrid(mask.geometry, image.geometry));
}

} // namespace

bool MaskSorter::mayBeMask(const SeriesEntry& entry)
{
    return !entry.files.empty() && (liesInMaskFolder(entry) || isNamedAsMask(entry));
}

void MaskSorter::add(const SeriesEntry& entry)
{
    SeriesEntry& kept = m_candidates.emplace_back();
    kept.geometry = entry.geometry;
    kept.files = entry.files;
    kept.format = entry.format;
    const std::size_t n = m_candidates.size() - 1;
    const std::string exact = fileStem(entry.files.front());
    m_byName.emplace(exact, n);
    m_byName.emplace(without(maskEndings, exact), n);
    if (liesInMaskFolder(entry))
        m_byFolder[folderOf(entry).parent_path().string()].push_back(n);
}

void MaskSorter::decide(std::size_t candidate, const SeriesEntry& image)
{
    const SeriesEntry& mask = m_candidates[candidate];
    if (!m_masks.contains(mask.files.front()) && isMaskOf(mask, image))
        m_masks.insert(mask.files.front());
}

void MaskSorter::meet(const SeriesEntry& image)
{
    std::vector<std::string> names{image.info.patientId, image.info.patientName, image.info.seriesUid};
    if (isVolumeFile(image)) {
        const std::string stem = fileStem(image.files.front());
        names = {stem, without(imageEndings, stem)};
    } else {
        names.push_back(folderOf(image).filename().string());
    }
    for (const std::string& name : names)
        for (auto [at, end] = m_byName.equal_range(name); at != end; ++at)
            decide(at->second, image);
    for (fs::path folder = folderOf(image); !m_byFolder.empty(); folder = folder.parent_path()) {
        if (const auto beside = m_byFolder.find(folder.string()); beside != m_byFolder.end()) {
            for (const std::size_t n : beside->second)
                decide(n, image);
            std::erase_if(beside->second, [&](std::size_t n) { return isMask(m_candidates[n]); });
        }
        if (folder == folder.parent_path())
            break;
    }
}

bool MaskSorter::isMask(const SeriesEntry& entry) const
{
    return !entry.files.empty() && m_masks.contains(entry.files.front());
}

std::vector<bool> masksBesideImages(const std::vector<SeriesEntry>& series)
{
    MaskSorter sorter;
    for (const SeriesEntry& entry : series)
        if (MaskSorter::mayBeMask(entry))
            sorter.add(entry);
    for (const SeriesEntry& entry : series)
        if (!MaskSorter::mayBeMask(entry) && !entry.files.empty())
            sorter.meet(entry);
    std::vector<bool> isMask;
    for (const SeriesEntry& entry : series)
        isMask.push_back(MaskSorter::mayBeMask(entry) && sorter.isMask(entry));
    return isMask;
}

} // namespace annotomy
