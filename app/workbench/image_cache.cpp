#include "app/workbench/image_cache.h"

#include "core/io/bytes/atomic_file.h"
#include "core/io/volume_file.h"
#include "storage/workspace.h"

#include <filesystem>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

std::string hashOf(const std::string& text)
{
    return sha256Hex(std::as_bytes(std::span<const char>(text)));
}

// Sizes and times of the source files; nullopt when one is missing.
std::optional<std::string> stampOf(const SeriesEntry& series)
{
    // Volumes that were kept before their colours were, are made anew.
    std::string text = hasWarning(series.info, "colour") ? "with colours\n" : "";
    for (const std::string& file : series.files) {
        std::error_code error;
        const auto size = fs::file_size(file, error);
        if (error)
            return std::nullopt;
        const auto time = fs::last_write_time(file, error).time_since_epoch().count();
        text += file + '\n' + std::to_string(size) + '\n' + std::to_string(time) + '\n';
    }
    return hashOf(text);
}

std::string missingFile(const SeriesEntry& series)
{
    for (const std::string& file : series.files) {
        std::error_code error;
        if (!fs::exists(file, error))
            return file;
    }
    return series.files.empty() ? series.contentKey : series.files.front();
}

std::string stampPath(const std::string& imagePath)
{
    return imagePath + ".stamp";
}

// The stamp of the source files in the first line; in the second, where there are any, the warnings as JSON.
struct Stamp {
    std::string files;
    std::vector<Warning> warnings;
};

Stamp storedStamp(const std::string& imagePath)
{
    constexpr std::size_t mostBytes = std::size_t{32} << 20;
    const auto bytes = readWholeFile(stampPath(imagePath), mostBytes);
    if (!bytes)
        return {};
    const std::string text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    const std::size_t line = text.find('\n');
    if (line == std::string::npos)
        return {text, {}};
    auto warnings = warningsFromJsonText(text.substr(line + 1));
    return warnings ? Stamp{text.substr(0, line), std::move(*warnings)} : Stamp{};
}

Result<void> storeStamp(const Stamp& stamp, const std::string& imagePath)
{
    const std::string text = stamp.warnings.empty() ? stamp.files : stamp.files + '\n' + toJsonText(stamp.warnings);
    return writeFileAtomically(stampPath(imagePath), std::as_bytes(std::span<const char>(text)));
}

// One slice of a series as a series of its own.
SeriesEntry sliceOf(const SeriesEntry& series, std::size_t slice)
{
    SeriesEntry one = asStored(series);
    one.geometry.size[2] = 1;
    one.files = {series.files[slice]};
    if (!series.frames.empty())
        one.frames = {series.frames[slice]};
    one.irregular.reset();
    return one;
}

} // namespace

ImageCache::ImageCache(std::string workspaceFolder, ReaderClient& reader)
    : m_folder(std::move(workspaceFolder) + "/cache"), m_reader(reader)
{
}

std::string ImageCache::pathFor(const SeriesEntry& series) const
{
    return m_folder + '/' + hashOf(series.contentKey).substr(0, 32) + ".avol";
}

std::optional<CachedImage> ImageCache::find(const SeriesEntry& series) const
{
    const std::string path = pathFor(series);
    std::error_code error;
    if (!fs::exists(path, error))
        return std::nullopt;
    const std::optional<std::string> stamp = stampOf(series);
    Stamp stored = storedStamp(path);
    if (stamp && *stamp != stored.files)
        return std::nullopt;
    Result<Volume> volume = mapVolumeFile(path);
    if (!volume || !sameGrid(volume->geometry(), series.geometry))
        return std::nullopt;
    if (stored.files.empty()) // nothing says how it was decoded: what is known of it stays
        stored.warnings = series.info.warnings;
    return CachedImage{*std::move(volume), std::move(stored.warnings)};
}

Result<CachedImage> ImageCache::fetch(const SeriesEntry& series, std::stop_token stop, const ProgressReport& report)
{
    if (std::optional<CachedImage> cached = find(series))
        return *std::move(cached);
    const std::optional<std::string> stamp = stampOf(series);
    if (!stamp)
        return Error{ErrorCode::NotFound, missingFile(series), "the study was moved or deleted"};
    std::error_code error;
    fs::create_directories(m_folder, error);
    const std::string path = pathFor(series);
    auto found = m_reader.decode(series, path, stop, report);
    if (!found)
        return found.error();
    Result<Volume> volume = mapVolumeFile(path);
    if (!volume)
        return volume.error();
    if (!sameGrid(volume->geometry(), series.geometry))
        return Error{ErrorCode::GeometryMismatch, series.files.front(), "the files changed since they were imported"};
    if (const auto kept = storeStamp({*stamp, *found}, path); !kept)
        return kept.error();
    return CachedImage{*std::move(volume), *std::move(found)};
}

Result<void> ImageCache::probe(const SeriesEntry& series, std::stop_token stop)
{
    const std::size_t last = series.files.size() - 1;
    if (series.format != "dicom" || series.mosaic > 0 || find(series))
        return {};
    std::error_code error;
    fs::create_directories(m_folder, error);
    const std::string path = pathFor(series) + ".probe";
    std::optional<Error> first;
    for (const std::size_t slice : {last / 2, std::size_t{0}, last}) {
        const auto decoded = m_reader.decode(sliceOf(series, slice), path, stop, {});
        fs::remove(path, error);
        if (decoded)
            return {};
        const ErrorCode code = decoded.error().code;
        if (code != ErrorCode::Malformed && code != ErrorCode::Truncated && code != ErrorCode::Unsupported)
            return decoded.error(); // no damage of one slice
        if (!first)
            first = decoded.error();
    }
    return *first;
}

} // namespace annotomy
