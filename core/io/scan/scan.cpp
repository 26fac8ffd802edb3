#include "core/io/scan/scan.h"

#include "core/base/parallel.h"
#include "core/io/scan/dicomdir.h"
#include "core/io/scan/file_kind.h"
#include "core/io/scan/file_walk.h"
#include "core/io/scan/header_cache.h"
#include "core/io/scan/scan_groups.h"
#include "core/io/scan/zip_archive.h"
#include "core/io/series/dicom_grouping.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

constexpr std::size_t batchFiles = 2048;
constexpr double scannedFraction = 0.9; // of the progress; the rest is grouping

// Counts the files while they are scanned, so that progress is known before the end.
class FileCount {
public:
    explicit FileCount(const std::vector<std::string>& paths)
        : m_thread([this, paths](const std::stop_token& stop) { count(paths, stop); })
    {
    }

    std::int64_t found() const { return m_found; }
    bool isKnown() const { return m_known; }

private:
    void count(const std::vector<std::string>& paths, const std::stop_token& stop)
    {
        auto walk = FileWalk::begin(paths, [](SkippedFile) {});
        while (walk && !stop.stop_requested()) {
            const auto files = walk->next(batchFiles);
            if (files.empty())
                break;
            m_found += static_cast<std::int64_t>(files.size());
        }
        m_known = true;
    }

    std::atomic<std::int64_t> m_found{0};
    std::atomic<bool> m_known{false};
    std::jthread m_thread;
};

// One file on its way through the scan.
struct Item {
    std::string path;
    std::optional<HeaderCache::Found> known;
    std::optional<FileStamp> stamp; // as it was before it was read; of files that the cache may keep
    ScannedFile found;
    std::vector<std::byte> record;
};

bool isUnreadable(ErrorCode code)
{
    return code == ErrorCode::PermissionDenied || code == ErrorCode::IoFailure || code == ErrorCode::NotFound ||
           code == ErrorCode::OutOfMemory;
}

// Not of files whose meaning hangs on the file beside them, nor of one that is being written: its stamp would stay the
// same when more comes within the clock's step.
bool mayBeKept(const Item& item, std::int64_t settledNs)
{
    for (const char* ending : {".hdr", ".img", ".hdr.gz", ".img.gz", ".nhdr", ".mhd"})
        if (item.path.ends_with(ending))
            return false;
    const bool isSettled = std::max(item.stamp->modifiedNs, item.stamp->changedNs) < nowNs() - settledNs;
    return isSettled && !item.found.isArchive && !(item.found.skipped && isUnreadable(item.found.skipped->code));
}

// Messages between the programs are UTF-8; another name could not be told to the decoder.
bool isUtf8(const std::string& text)
{
    std::size_t expected = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool continues = (byte & 0xC0) == 0x80;
        if (continues != (expected > 0))
            return false;
        if (continues)
            --expected;
        else
            expected = byte < 0x80 ? 0 : byte < 0xC2 ? 9 : byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : byte < 0xF5 ? 3 : 9;
        if (expected == 9)
            return false;
    }
    return expected == 0;
}

std::uint64_t keyOf(const ScannedFile& file)
{
    return std::hash<std::string>()(file.image ? seriesKeyOf(*file.image) : file.entries.front().files.front());
}

bool isArchiveToOpen(const std::string& path, const std::vector<std::string>& named)
{
    std::string suffix = fs::path(path).extension().string();
    std::transform(suffix.begin(), suffix.end(), suffix.begin(), [](unsigned char c) { return std::tolower(c); });
    return suffix == ".zip" || std::find(named.begin(), named.end(), path) != named.end();
}

class Scan {
public:
    Scan(const std::vector<std::string>& paths, const ScanSettings& settings, const ScanSink& sink,
         const std::stop_token& stop, const std::function<void(const ScanProgress&)>& report)
        : m_paths(paths), m_settings(settings), m_sink(sink), m_stop(stop), m_report(report), m_count(paths),
          m_found(settings.scratchFolder, settings.memoryBytes)
    {
    }

    Result<ScanTotals> run(const std::vector<std::string>& missing);

private:
    Result<void> readBelow(const std::vector<std::string>& paths);
    Result<void> readAll(FileWalk& walk);
    Result<void> openArchives();
    void skip(SkippedFile file);
    Result<void> readBatch(std::vector<FileWalk::File> files, const FileWalk& walk);
    void openCache(const FileWalk& walk, std::size_t root);
    void closeCache(bool isFinished);
    void read(Item& item) const;
    Result<void> take(Item& item);
    void tell(double fraction);
    void tellScanned();
    std::string whatWasThere() const;
    Error nothingFound() const;

    const std::vector<std::string>& m_paths;
    const ScanSettings& m_settings;
    const ScanSink& m_sink;
    const std::stop_token& m_stop;
    const std::function<void(const ScanProgress&)>& m_report;
    FileCount m_count;
    ScanSpill m_found;
    std::optional<HeaderCache> m_cache;
    std::size_t m_cachedRoot = 0;
    SkipSummary m_skipped;
    std::vector<SkippedFile> m_archives; // to be unpacked
    std::map<std::string, std::int64_t> m_masks; // by format
    ScanTotals m_totals;
    std::atomic<std::int64_t> m_done{0};
    std::mutex m_telling;
    double m_fraction = 0; // guarded by m_telling
    std::chrono::steady_clock::time_point m_begun = std::chrono::steady_clock::now();
};

void Scan::tell(double fraction)
{
    if (!m_report)
        return;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - m_begun;
    const std::int64_t done = m_done;
    m_report({fraction, std::max(m_count.found(), done), done, static_cast<double>(done) / std::max(seconds.count(), 1e-3)});
}

// From whichever thread has finished some files; one at a time, and never backwards.
void Scan::tellScanned()
{
    const std::unique_lock lock(m_telling, std::try_to_lock);
    if (!lock || !m_report)
        return;
    const auto found = static_cast<double>(std::max<std::int64_t>(m_count.found(), m_done));
    const double part = std::min(1.0, static_cast<double>(m_done) / std::max(found, 1.0));
    m_fraction = std::max(m_fraction, m_count.isKnown() ? part : 0.5 * part);
    tell(scannedFraction * m_fraction);
}

void Scan::openCache(const FileWalk& walk, std::size_t root)
{
    if (m_settings.headerCacheFolder.empty() || !walk.isFolder(root))
        return closeCache(true);
    if (m_cache && m_cachedRoot == root)
        return;
    closeCache(true);
    m_cache.emplace(m_settings.headerCacheFolder, walk.roots()[root]);
    m_cachedRoot = root;
}

void Scan::closeCache(bool isFinished)
{
    if (m_cache)
        m_cache->commit(isFinished);
    m_cache.reset();
}

void Scan::read(Item& item) const
{
    if (m_cache)
        item.stamp = fileStamp(item.path);
    if (item.known && item.stamp && item.known->stamp == *item.stamp) {
        if (auto found = decodeScannedFile(item.known->record, item.path)) {
            item.found = std::move(*found);
            item.record = std::move(item.known->record);
            return;
        }
    }
    if (!isUtf8(item.path))
        item.found.skipped = SkippedFile{item.path, ErrorCode::Unsupported, "its name is no UTF-8: rename it"};
    else
        item.found = scanFile(item.path);
    item.record = encodeScannedFile(item.found);
    if (item.stamp && !mayBeKept(item, m_settings.settledNs))
        item.stamp.reset();
}

Result<void> Scan::take(Item& item)
{
    if (m_cache && item.stamp)
        m_cache->keep(item.path, *item.stamp, item.record);
    if (item.found.isArchive && !m_settings.archiveFolder.empty() && isArchiveToOpen(item.path, m_paths)) {
        m_archives.push_back(std::move(*item.found.skipped));
        return {};
    }
    if (item.found.skipped) {
        m_skipped.add(std::move(*item.found.skipped));
        return {};
    }
    if (!item.found.mask)
        return m_found.add(keyOf(item.found), item.path, item.record);
    ++m_masks[item.found.mask->format];
    ++m_totals.filesInMasks;
    return m_sink.mask ? m_sink.mask(std::move(*item.found.mask)) : Result<void>();
}

Result<void> Scan::readBatch(std::vector<FileWalk::File> files, const FileWalk& walk)
{
    std::vector<Item> items;
    for (FileWalk::File& file : files) {
        ++m_totals.filesSeen;
        openCache(walk, file.root);
        if (std::binary_search(m_settings.leaveOut.begin(), m_settings.leaveOut.end(), file.path)) {
            m_skipped.add({file.path, ErrorCode::ReaderDied, "the reader ended while it parsed this file"});
            continue;
        }
        Item& item = items.emplace_back();
        if (m_cache)
            item.known = m_cache->find(file.path);
        item.path = std::move(file.path);
    }
    parallelRanges(items.size(), 16, [&](std::size_t begin, std::size_t end) {
        for (std::size_t n = begin; n < end && !m_stop.stop_requested(); ++n)
            read(items[n]);
        m_done += static_cast<std::int64_t>(end - begin);
        tellScanned();
    });
    if (m_stop.stop_requested())
        return cancelledError();
    for (Item& item : items)
        if (auto taken = take(item); !taken)
            return taken;
    return {};
}

Result<void> Scan::readAll(FileWalk& walk)
{
    while (true) {
        std::vector<FileWalk::File> files = walk.next(batchFiles);
        if (files.empty())
            return {};
        if (auto read = readBatch(std::move(files), walk); !read)
            return read;
    }
}

// What was there instead of images: reasons and how many files each.
std::string Scan::whatWasThere() const
{
    ScanTotals totals;
    m_skipped.appendTo(totals);
    std::string text = std::to_string(m_totals.filesSeen) + " files";
    for (const auto& [format, count] : m_masks)
        text += "; " + std::to_string(count) + ": mask of format " + format;
    for (const SkippedCount& reason : totals.skippedCounts)
        text += "; " + std::to_string(reason.count) + ": " + reason.detail;
    return text;
}

Error Scan::nothingFound() const
{
    std::error_code error;
    const bool isOneFile = m_paths.size() == 1 && !fs::is_directory(m_paths.front(), error);
    if (isOneFile && m_totals.skipped.size() == 1)
        return {m_totals.skipped.front().code, m_paths.front(), m_totals.skipped.front().detail};
    if (isOneFile && m_masks.size() == 1)
        return {ErrorCode::EmptyFolder, m_paths.front(),
                "it is a mask of format " + m_masks.begin()->first + ": attach it to the case of its image"};
    return {ErrorCode::EmptyFolder, m_paths.empty() ? std::string() : m_paths.front(), whatWasThere()};
}

void Scan::skip(SkippedFile file)
{
    ++m_totals.filesSeen;
    m_skipped.add(std::move(file));
}

Result<void> Scan::readBelow(const std::vector<std::string>& paths)
{
    // What a folder holds that cannot be entered is not known: it counts as one file.
    auto walk = FileWalk::begin(paths, [this](SkippedFile folder) { skip(std::move(folder)); });
    if (!walk)
        return walk.error();
    const Result<void> read = readAll(*walk);
    closeCache(read.has_value()); // what was read before a cancel need not be read again
    return read;
}

// Archives that were named, or are called .zip, are unpacked and stand for the files that they hold. Other archives
// (documents of office programs are some) stay files that are not read, and so do archives within archives.
Result<void> Scan::openArchives()
{
    for (SkippedFile& file : std::exchange(m_archives, {})) {
        --m_totals.filesSeen;
        auto archive = unpackZipBelow(file.path, m_settings.archiveFolder, m_stop);
        if (!archive && (archive.error().code == ErrorCode::Cancelled || archive.error().code == ErrorCode::DiskFull))
            return archive.error();
        if (!archive) {
            skip({file.path, archive.error().code, archive.error().detail});
            continue;
        }
        m_skipped.unpackedBelow(archive->folder, file.path);
        for (SkippedFile& member : archive->skipped)
            skip(std::move(member));
        std::erase_if(archive->files, hasHeaderBeside);
        if (auto read = archive->files.empty() ? Result<void>() : readBelow(archive->files); !read)
            return read;
    }
    for (SkippedFile& nested : m_archives)
        m_skipped.add(std::move(nested));
    return {};
}

Result<ScanTotals> Scan::run(const std::vector<std::string>& missing)
{
    for (const std::string& path : missing)
        skip({path, ErrorCode::NotFound, "the DICOMDIR lists this file, but it is not there"});
    if (auto read = readBelow(m_paths); !read)
        return read.error();
    if (auto opened = openArchives(); !opened)
        return opened.error();
    std::int64_t given = 0;
    const auto take = [&](SeriesEntry entry) {
        ++given;
        return m_sink.series ? m_sink.series(std::move(entry)) : Result<void>();
    };
    const auto grouped = giveSeries(m_found, take, m_skipped, m_totals, m_stop, [this](double part) {
        tell(scannedFraction + (1 - scannedFraction) * part);
    });
    if (!grouped)
        return grouped.error();
    m_skipped.appendTo(m_totals);
    if (given == 0)
        return nothingFound();
    return std::move(m_totals);
}

// A DICOMDIR that was named stands for the files that it lists. (One that lies in a folder that was named does
// not: the files are met there anyway.)
Result<std::vector<std::string>> withListed(const std::vector<std::string>& paths, std::vector<std::string>& missing)
{
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        std::error_code error;
        if (!fs::is_regular_file(path, error) || !isDicomdir(path)) {
            files.push_back(path);
            continue;
        }
        auto listing = readDicomdir(path);
        if (!listing)
            return listing.error();
        std::move(listing->files.begin(), listing->files.end(), std::back_inserter(files));
        std::move(listing->missing.begin(), listing->missing.end(), std::back_inserter(missing));
    }
    return files;
}

} // namespace

Result<ScanTotals> scanInto(const std::vector<std::string>& paths, const ScanSettings& settings, const ScanSink& sink,
                            std::stop_token stop, const std::function<void(const ScanProgress&)>& report)
{
    std::vector<std::string> missing;
    const auto all = withListed(paths, missing);
    if (!all)
        return all.error();
    return Scan(*all, settings, sink, stop, report).run(missing);
}

Result<ScanReport> scanPaths(const std::vector<std::string>& paths, const std::string& archiveFolder,
                             std::stop_token stop, const ProgressReport& report)
{
    ScanSettings settings;
    settings.archiveFolder = archiveFolder;
    ScanReport scan;
    ScanSink sink;
    sink.series = [&scan](SeriesEntry entry) {
        scan.series.push_back(std::move(entry));
        return Result<void>();
    };
    sink.mask = [&scan](MaskFile mask) {
        scan.masks.push_back(std::move(mask));
        return Result<void>();
    };
    const auto tell = [&report](const ScanProgress& progress) { reportProgress(report, progress.fraction); };
    auto totals = scanInto(paths, settings, sink, std::move(stop), tell);
    if (!totals)
        return totals.error();
    static_cast<ScanTotals&>(scan) = std::move(*totals);
    return scan;
}

} // namespace annotomy
