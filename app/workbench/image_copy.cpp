#include "app/workbench/image_copy.h"

#include "core/io/bytes/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <fcntl.h>
#include <unistd.h>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

Error copyError(const std::error_code& error, const std::string& path)
{
    return systemError(error.value() != 0 ? error.value() : EIO, path);
}

// The names in the copy: the files' own where they are distinct, else numbered. A file that holds several slices has
// one name.
std::vector<std::string> namesFor(const std::vector<std::string>& files)
{
    const std::set<std::string> sources(files.begin(), files.end());
    std::set<std::string> distinct;
    for (const std::string& source : sources)
        distinct.insert(fs::path(source).filename().string());
    const bool isNumbered = distinct.size() < sources.size();
    std::map<std::string, std::string> nameOf;
    std::vector<std::string> names;
    for (const std::string& file : files) {
        const auto [name, isNew] = nameOf.try_emplace(file, fs::path(file).filename().string());
        if (isNew && isNumbered) {
            char number[24];
            std::snprintf(number, sizeof number, "%06zu_", nameOf.size());
            name->second = number + name->second;
        }
        names.push_back(name->second);
    }
    return names;
}

// A source that is still being written, or a disk that lies, must not pass for a copy.
Result<void> sameContent(const fs::path& from, const fs::path& to)
{
    std::ifstream source(from, std::ios::binary), copy(to, std::ios::binary);
    std::vector<char> a(std::size_t{1} << 20), b(a.size());
    while (source && copy) {
        source.read(a.data(), static_cast<std::streamsize>(a.size()));
        copy.read(b.data(), static_cast<std::streamsize>(b.size()));
        if (source.gcount() != copy.gcount() || !std::equal(a.begin(), a.begin() + source.gcount(), b.begin()))
            return Error{ErrorCode::IoFailure, from.string(), "the copy differs from the file, which may have changed"};
    }
    return source.eof() && copy.eof() ? Result<void>()
                                      : Error{ErrorCode::IoFailure, from.string(), "the copy could not be compared"};
}

// A former copy that lost a file, or part of one, is none.
bool isWhole(const SeriesEntry& entry, const SeriesEntry& copy)
{
    for (std::size_t n = 0; n < entry.files.size(); ++n) {
        std::error_code error;
        const auto wanted = fs::file_size(entry.files[n], error);
        if (error)
            continue; // the source is gone: the copy is all there is
        const auto size = fs::file_size(copy.files[n], error);
        if (error || size != wanted)
            return false;
    }
    return true;
}

Result<void> copyFile(const fs::path& from, const fs::path& to)
{
    std::error_code error;
    if (!fs::copy_file(from, to, fs::copy_options::overwrite_existing, error))
        return copyError(error, to.string());
    return sameContent(from, to);
}

// The voxels of an Analyze-style pair lie beside its header.
Result<void> copyCompanion(const fs::path& header, const fs::path& target)
{
    if (header.extension() != ".hdr")
        return {};
    for (const char* suffix : {".img", ".img.gz"}) {
        const fs::path data = fs::path(header).replace_extension(suffix);
        std::error_code error;
        if (fs::exists(data, error))
            return copyFile(data, target / data.filename());
    }
    return Error{ErrorCode::NotFound, header.string(), "its .img file is missing"};
}

// The bytes of a copy are on the disk before the database names it: its source may be deleted then.
Result<void> syncDiskOf(const fs::path& folder)
{
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int failure = file < 0 || ::syncfs(file) != 0 ? errno : 0;
    if (file >= 0)
        ::close(file);
    return failure == 0 ? Result<void>() : systemError(failure, folder.string());
}

} // namespace

Result<SeriesEntry> copySeries(const SeriesEntry& entry, const std::string& imagesFolder, const std::string& name,
                               std::stop_token stop, const ProgressReport& report)
{
    const std::string ending = entry.files.empty() ? std::string() : fs::path(entry.files.front()).extension().string();
    if (ending == ".nhdr" || ending == ".mhd")
        return Error{ErrorCode::Unsupported, entry.files.front(), "an image whose voxels are in another file is linked, not copied"};
    const std::vector<std::string> names = namesFor(entry.files);
    const fs::path target = fs::path(imagesFolder) / name;
    SeriesEntry copy = entry;
    for (std::size_t n = 0; n < names.size(); ++n)
        copy.files[n] = (target / names[n]).string();
    std::error_code error;
    if (fs::exists(target, error)) {
        if (isWhole(entry, copy))
            return copy;
        fs::remove_all(target, error);
    }

    const fs::path aside = target.string() + ".part";
    fs::remove_all(aside, error);
    fs::create_directories(aside, error);
    for (std::size_t n = 0; !error && n < names.size(); ++n) {
        if (stop.stop_requested()) {
            fs::remove_all(aside, error);
            return cancelledError();
        }
        if (n > 0 && entry.files[n] == entry.files[n - 1])
            continue; // another slice of the same file
        Result<void> copied = copyFile(entry.files[n], aside / names[n]);
        if (copied)
            copied = copyCompanion(entry.files[n], aside);
        if (!copied) {
            fs::remove_all(aside, error);
            return copied.error();
        }
        reportProgress(report, static_cast<double>(n + 1) / static_cast<double>(names.size()));
    }
    if (error)
        return copyError(error, target.string());
    if (const auto synced = syncDiskOf(aside); !synced)
        return synced.error();
    fs::rename(aside, target, error);
    if (error)
        return copyError(error, target.string());
    return copy;
}

} // namespace annotomy
