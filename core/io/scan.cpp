#include "core/base/parallel.h"
#include "core/io/byte_stream.h"
#include "core/io/dicom.h"
#include "core/io/dicom_data_set.h"
#include "core/io/dicomdir.h"
#include "core/io/foreign_file.h"
#include "core/io/metaimage.h"
#include "core/io/nifti.h"
#include "core/io/nrrd.h"
#include "core/io/series.h"
#include "core/io/zip_archive.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

enum class FileKind { Dicom, Nifti, Nrrd, MetaImage, Archive, Unknown };

constexpr std::string_view gzipMagic = "\x1f\x8b";

std::vector<std::byte> firstBytes(const std::string& path, Compression compression = Compression::None)
{
    auto reader = ByteReader::open(path, compression);
    if (!reader)
        return {};
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(reader->mostBytes(), 512)));
    if (auto got = reader->read(bytes); !got)
        bytes.clear();
    return bytes;
}

bool hasNiftiMagic(std::span<const std::byte> bytes)
{
    const auto isAt = [&](std::size_t at, const char* magic) {
        return bytes.size() >= at + 4 && std::memcmp(bytes.data() + at, magic, 4) == 0;
    };
    return isAt(344, "n+1") || isAt(344, "ni1") || isAt(4, "n+2") || isAt(4, "ni2");
}

bool beginsWith(std::span<const std::byte> bytes, std::string_view magic)
{
    return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

// By content; a compressed file may be too short to show it, and has its name then.
FileKind kindOf(const std::string& path, std::span<const std::byte> bytes)
{
    if (beginsWith(bytes, "NRRD000"))
        return FileKind::Nrrd;
    if (hasNiftiMagic(bytes))
        return FileKind::Nifti;
    if (beginsWith(bytes, "ObjectType"))
        return FileKind::MetaImage;
    if (looksLikeDicom(bytes))
        return FileKind::Dicom;
    const bool isNamedNifti = path.ends_with(".nii.gz") || path.ends_with(".hdr.gz");
    if (beginsWith(bytes, gzipMagic) && (isNamedNifti || hasNiftiMagic(firstBytes(path, Compression::Gzip))))
        return FileKind::Nifti;
    return looksLikeZip(bytes) ? FileKind::Archive : FileKind::Unknown;
}

bool hasHeaderBeside(const std::string& path)
{
    std::error_code ignored;
    return path.ends_with(".img") && fs::exists(fs::path(path).replace_extension(".hdr"), ignored);
}

// The file that describes the image: for the voxels of a pair, the header beside them.
std::string headerOf(const std::string& path)
{
    return hasHeaderBeside(path) ? fs::path(path).replace_extension(".hdr").string() : path;
}

// Says of a file that is not read what it is, where that helps.
Error whyUnknown(const std::string& path, std::span<const std::byte> bytes)
{
    const std::string analyzeHeader("\x5c\x01\0\0", 4); // its size: 348
    const auto known = [&](const char* detail) { return Error{ErrorCode::Unsupported, path, detail}; };
    if (hasHeaderBeside(path))
        return known("the voxels of an image whose header is the .hdr file beside it");
    if (path.ends_with(".hdr") && beginsWith(bytes, analyzeHeader))
        return known("an Analyze header, which does not say how the image lies in the patient");
    if (beginsWith(bytes, gzipMagic) || looksLikeZip(bytes))
        return known("a compressed file or archive, to be unpacked");
    return {ErrorCode::Unrecognised, path, "not an image that is read"};
}

// Every regular file below `root`, links left alone. Folders that may not be entered are named in `skipped`.
Result<void> appendFiles(const fs::path& root, const std::stop_token& stop, std::vector<std::string>& files,
                         std::vector<SkippedFile>& skipped)
{
    std::error_code error;
    fs::recursive_directory_iterator at(root, error), end;
    if (error)
        return Error{ErrorCode::PermissionDenied, root.string(), error.message()};
    while (at != end) {
        if (stop.stop_requested())
            return cancelledError();
        const fs::directory_entry entry = *at;
        std::error_code ignored;
        const bool isLink = entry.is_symlink(ignored);
        if (!isLink && entry.is_regular_file(ignored))
            files.push_back(entry.path().string());
        if (!isLink && entry.is_directory(ignored)) {
            if (fs::directory_iterator probe(entry.path(), error); error) {
                skipped.push_back({entry.path().string(), ErrorCode::PermissionDenied, error.message()});
                at.disable_recursion_pending();
            }
        }
        at.increment(error);
        if (error)
            return Error{ErrorCode::IoFailure, root.string(), error.message()};
    }
    return {};
}

// A DICOMDIR that was named stands for the files that it lists. (One that lies in a folder that was named does
// not: the files are met there anyway.)
Result<void> appendListed(const std::string& dicomdir, std::vector<std::string>& files,
                          std::vector<SkippedFile>& skipped)
{
    const auto listing = readDicomdir(dicomdir);
    if (!listing)
        return listing.error();
    files.insert(files.end(), listing->files.begin(), listing->files.end());
    for (const std::string& missing : listing->missing)
        skipped.push_back({missing, ErrorCode::NotFound, "the DICOMDIR lists this file, but it is not there"});
    return {};
}

Result<std::vector<std::string>> filesBelow(const std::vector<std::string>& paths,
                                            const std::stop_token& stop, std::vector<SkippedFile>& skipped)
{
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        std::error_code error;
        const fs::file_status status = fs::status(path, error);
        if (!fs::exists(status))
            return Error{ErrorCode::NotFound, path, "there is no such file or folder"};
        if (!fs::is_directory(status) && isDicomdir(path)) {
            if (auto listed = appendListed(path, files, skipped); !listed)
                return listed.error();
        } else if (!fs::is_directory(status))
            files.push_back(headerOf(path));
        else if (auto appended = appendFiles(path, stop, files, skipped); !appended)
            return appended.error();
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

// What one file turned out to be, DICOM apart.
struct Scanned {
    FileKind kind = FileKind::Unknown;
    std::vector<SeriesEntry> entries;
    Error error;
    bool isOpened = false; // an archive whose files are scanned in its place
};

Result<std::vector<SeriesEntry>> entriesOf(FileKind kind, const std::string& path)
{
    if (kind == FileKind::Nifti)
        return scanNiftiVolumes(path);
    auto entry = kind == FileKind::Nrrd ? scanNrrd(path) : scanMetaImage(path);
    return entry ? Result(std::vector{std::move(*entry)}) : entry.error();
}

Scanned scanned(const std::string& path)
{
    const ForeignFile current(path);
    Scanned result;
    const std::vector<std::byte> bytes = firstBytes(path);
    result.kind = kindOf(path, bytes);
    if (result.kind == FileKind::Unknown || result.kind == FileKind::Archive)
        result.error = whyUnknown(path, bytes);
    if (result.kind == FileKind::Unknown || result.kind == FileKind::Archive || result.kind == FileKind::Dicom)
        return result;
    auto entries = entriesOf(result.kind, path);
    if (entries)
        result.entries = std::move(*entries);
    else
        result.error = entries.error();
    return result;
}

std::vector<Scanned> scanEach(const std::vector<std::string>& files, const std::stop_token& stop,
                              const ProgressReport& report)
{
    std::vector<Scanned> results(files.size());
    std::atomic<std::size_t> done{0};
    std::mutex reporting;
    parallelRanges(files.size(), 16, [&](std::size_t begin, std::size_t end) {
        for (std::size_t f = begin; f < end && !stop.stop_requested(); ++f)
            results[f] = scanned(files[f]);
        const std::size_t sofar = done += end - begin;
        const std::lock_guard lock(reporting);
        reportProgress(report, static_cast<double>(sofar) / static_cast<double>(files.size()));
    });
    return results;
}

bool isArchiveToOpen(const std::string& path, const std::vector<std::string>& named)
{
    std::string suffix = fs::path(path).extension().string();
    std::transform(suffix.begin(), suffix.end(), suffix.begin(), [](unsigned char c) { return std::tolower(c); });
    return suffix == ".zip" || std::find(named.begin(), named.end(), path) != named.end();
}

// Archives that were named, or are called .zip, are unpacked into the folder that the request names; their
// files are appended to `files` and `results`, and so are scanned like the rest. Other archives (documents
// of office programs are some) stay files that are not read.
Result<void> openArchives(const std::vector<std::string>& named, const std::string& folder,
                          std::vector<std::string>& files, std::vector<Scanned>& results,
                          std::vector<SkippedFile>& skipped, const std::stop_token& stop)
{
    std::vector<std::string> unpacked;
    for (std::size_t f = 0; f < files.size(); ++f) {
        if (results[f].kind != FileKind::Archive || !isArchiveToOpen(files[f], named))
            continue;
        auto archive = unpackZipBelow(files[f], folder, stop);
        if (!archive && (archive.error().code == ErrorCode::Cancelled || archive.error().code == ErrorCode::DiskFull))
            return archive.error();
        if (!archive) {
            results[f].error = archive.error();
            continue;
        }
        results[f].isOpened = true;
        std::move(archive->skipped.begin(), archive->skipped.end(), std::back_inserter(skipped));
        for (const std::string& file : archive->files)
            if (!hasHeaderBeside(file))
                unpacked.push_back(file);
    }
    std::vector<Scanned> more = scanEach(unpacked, stop, {});
    std::move(unpacked.begin(), unpacked.end(), std::back_inserter(files));
    std::move(more.begin(), more.end(), std::back_inserter(results));
    return {};
}

bool bySeriesOrder(const SeriesEntry& a, const SeriesEntry& b)
{
    const auto number = [](const SeriesEntry& e) {
        return std::strtol(e.info.seriesNumber.c_str(), nullptr, 10);
    };
    const auto key = [&](const SeriesEntry& e) {
        return std::tuple(e.format != "dicom", e.info.patientId, e.info.patientName, e.info.studyDate,
                          e.info.studyUid, number(e), e.contentKey);
    };
    return key(a) < key(b);
}

// What was there instead of images: reasons and how many files each.
std::string summary(const ScanReport& report)
{
    std::map<std::string, int> counts;
    for (const SkippedFile& file : report.skipped)
        ++counts[file.detail];
    for (const MaskFile& mask : report.masks)
        ++counts["mask of format " + mask.format];
    std::string text = std::to_string(report.filesSeen) + " files";
    for (const auto& [reason, count] : counts)
        text += "; " + std::to_string(count) + ": " + reason;
    return text;
}

Error nothingFound(const std::vector<std::string>& paths, const ScanReport& report)
{
    std::error_code error;
    const bool isOneFile = paths.size() == 1 && !fs::is_directory(paths.front(), error);
    if (isOneFile && report.skipped.size() == 1)
        return {report.skipped.front().code, paths.front(), report.skipped.front().detail};
    if (isOneFile && report.masks.size() == 1)
        return {ErrorCode::EmptyFolder, paths.front(),
                "it is a mask of format " + report.masks.front().format + ": attach it to the case of its image"};
    return {ErrorCode::EmptyFolder, paths.empty() ? std::string() : paths.front(), summary(report)};
}

} // namespace

Result<ScanReport> scanPaths(const std::vector<std::string>& paths, const std::string& archiveFolder,
                             std::stop_token stop, const ProgressReport& report)
{
    ScanReport scan;
    auto files = filesBelow(paths, stop, scan.skipped);
    if (!files)
        return files.error();
    std::vector<Scanned> results = scanEach(*files, stop, subProgress(report, 0, 0.5));
    if (!archiveFolder.empty())
        if (auto opened = openArchives(paths, archiveFolder, *files, results, scan.skipped, stop); !opened)
            return opened.error();
    scan.filesSeen = static_cast<std::int64_t>(files->size());
    if (stop.stop_requested())
        return cancelledError();
    std::vector<std::string> dicomFiles;
    for (std::size_t f = 0; f < files->size(); ++f) {
        if (results[f].kind == FileKind::Dicom)
            dicomFiles.push_back((*files)[f]);
        else if (!results[f].entries.empty())
            std::move(results[f].entries.begin(), results[f].entries.end(), std::back_inserter(scan.series));
        else if (!results[f].isOpened)
            scan.skipped.push_back({(*files)[f], results[f].error.code, results[f].error.detail});
    }
    auto dicom = scanDicomFiles(dicomFiles, stop, subProgress(report, 0.5, 1));
    if (!dicom)
        return dicom.error();
    std::move(dicom->series.begin(), dicom->series.end(), std::back_inserter(scan.series));
    std::move(dicom->skipped.begin(), dicom->skipped.end(), std::back_inserter(scan.skipped));
    scan.masks = std::move(dicom->masks);
    std::stable_sort(scan.series.begin(), scan.series.end(), bySeriesOrder);
    if (scan.series.empty())
        return nothingFound(paths, scan);
    return scan;
}

} // namespace annotomy
