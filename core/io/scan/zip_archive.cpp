#include "core/io/scan/zip_archive.h"

#include "core/base/sha256.h"
#include "core/io/bytes/atomic_file.h"
#include "core/io/bytes/byte_stream.h"
#include "core/io/bytes/foreign_file.h"
#include "core/io/scan/zip_names.h"

#include <zip.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

struct ZipCloser {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct EntryCloser {
    void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Zip = std::unique_ptr<zip_t, ZipCloser>;
using ZipEntry = std::unique_ptr<zip_file_t, EntryCloser>;

std::uint64_t littleEndian(const std::byte* at, std::size_t size)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value |= std::to_integer<std::uint64_t>(at[i]) << (8 * i);
    return value;
}

std::size_t lastPlaceOf(std::span<const std::byte> bytes, std::string_view magic)
{
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return text.rfind(magic);
}

Result<Zip> openedZip(const std::string& path)
{
    int code = 0;
    Zip archive(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
    if (!archive) // small inconsistencies are forgiven: the bytes themselves are checked when they are read
        archive.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
    if (archive)
        return archive;
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string detail = zip_error_strerror(&error);
    zip_error_fini(&error);
    return Error{code == ZIP_ER_NOZIP ? ErrorCode::Unrecognised : ErrorCode::Malformed, path, detail};
}

// What an entry is: a regular file may be written, anything else may not.
enum class EntryKind { File, Folder, Link, Other };

EntryKind kindOf(zip_t* archive, zip_uint64_t index, const std::string& name)
{
    if (name.ends_with('/') || name.ends_with('\\'))
        return EntryKind::Folder;
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(archive, index, 0, &system, &attributes) != 0 ||
        system != ZIP_OPSYS_UNIX)
        return EntryKind::File;
    const zip_uint32_t type = attributes >> 16 & 0170000U;
    if (type == 0120000U)
        return EntryKind::Link;
    if (type == 0040000U)
        return EntryKind::Folder;
    return type == 0 || type == 0100000U ? EntryKind::File : EntryKind::Other;
}

// A file that must be new: no link that another entry left behind is followed.
class NewFile {
public:
    explicit NewFile(const std::string& path)
        : m_path(path),
          m_file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644))
    {
    }
    ~NewFile() { close(); }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    bool isOpen() const { return m_file >= 0; }

    Result<void> write(std::span<const std::byte> bytes)
    {
        while (!bytes.empty()) {
            const ssize_t written = ::write(m_file, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return systemError(errno, m_path);
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        }
        return {};
    }

    void remove()
    {
        close();
        ::unlink(m_path.c_str());
    }

private:
    void close()
    {
        if (m_file >= 0)
            ::close(m_file);
        m_file = -1;
    }

    std::string m_path;
    int m_file = -1;
};

class Unpacker {
public:
    Unpacker(std::string path, fs::path folder, const ZipLimits& limits, std::stop_token stop)
        : m_path(std::move(path)), m_folder(std::move(folder)), m_limits(limits), m_stop(std::move(stop))
    {
    }

    Result<UnpackedZip> run(const ProgressReport& report);

private:
    Result<void> entry(zip_uint64_t index);
    Result<void> bytesOf(zip_uint64_t index, const std::string& name, const std::string& target);
    Result<void> copied(zip_file_t* source, NewFile& file, const std::string& name);
    Result<void> counted(std::uint64_t entryBytes);
    void skip(const std::string& name, ErrorCode code, const std::string& detail)
    {
        m_outcome.skipped.push_back({archiveEntryPath(m_path, name), code, detail});
    }
    Error refused(const std::string& detail) const { return {ErrorCode::Unsupported, m_path, detail}; }

    std::string m_path;
    fs::path m_folder;
    ZipLimits m_limits;
    std::stop_token m_stop;
    Zip m_archive;
    std::uint64_t m_packedBytes = 0, m_unpackedBytes = 0;
    std::size_t m_encrypted = 0;
    std::vector<std::byte> m_piece = std::vector<std::byte>(std::size_t{1} << 18);
    UnpackedZip m_outcome;
};

Result<UnpackedZip> Unpacker::run(const ProgressReport& report)
{
    const auto promised = promisedEntries(m_path);
    if (!promised)
        return promised.error();
    if (*promised > m_limits.mostEntries)
        return refused("an archive of more than " + std::to_string(m_limits.mostEntries) + " files");
    auto archive = openedZip(m_path);
    if (!archive)
        return archive.error();
    m_archive = std::move(*archive);
    std::error_code error;
    m_packedBytes = fs::file_size(m_path, error);
    const zip_int64_t count = zip_get_num_entries(m_archive.get(), 0);
    if (count > static_cast<zip_int64_t>(m_limits.mostEntries))
        return refused("an archive of more than " + std::to_string(m_limits.mostEntries) + " files");
    for (zip_int64_t index = 0; index < count; ++index) {
        if (m_stop.stop_requested())
            return cancelledError();
        if (auto done = entry(static_cast<zip_uint64_t>(index)); !done)
            return done.error();
        reportProgress(report, static_cast<double>(index + 1) / static_cast<double>(count));
    }
    if (m_outcome.files.empty() && m_encrypted > 0)
        return refused("the archive is encrypted: unpack it with its password first");
    return std::move(m_outcome);
}

Result<void> Unpacker::entry(zip_uint64_t index)
{
    const char* raw =
        zip_get_name(m_archive.get(), index, ZIP_FL_ENC_GUESS); // UTF-8, from code page 437 if need be
    const std::string name = raw ? raw : "";
    const std::string number = "entry " + std::to_string(index + 1);
    const auto safe = safeEntryPath(name);
    const EntryKind kind = kindOf(m_archive.get(), index, name);
    if (kind == EntryKind::Folder && safe)
        return {};
    if (!safe) {
        skip(number, ErrorCode::Malformed, "its name leads out of the archive's folder or is no file name");
        return {};
    }
    if (kind != EntryKind::File) {
        skip(*safe, ErrorCode::Unsupported, kind == EntryKind::Link ? "a link" : "no regular file");
        return {};
    }
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(m_archive.get(), index, 0, &stat) != 0) {
        skip(*safe, ErrorCode::Malformed, zip_strerror(m_archive.get()));
        return {};
    }
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE) {
        ++m_encrypted;
        skip(*safe, ErrorCode::Unsupported, "it is encrypted");
        return {};
    }
    const fs::path target = m_folder / *safe;
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    if (error == std::errc::no_space_on_device)
        return Error{ErrorCode::DiskFull, m_folder.string(), error.message()};
    return bytesOf(index, *safe, target.string());
}

Result<void> Unpacker::bytesOf(zip_uint64_t index, const std::string& name, const std::string& target)
{
    const ZipEntry source(zip_fopen_index(m_archive.get(), index, 0));
    if (!source) {
        skip(name, ErrorCode::Unsupported, zip_strerror(m_archive.get()));
        return {};
    }
    NewFile file(target);
    if (!file.isOpen()) {
        const int reason = errno;
        if (reason != EEXIST && reason != EISDIR && reason != ENOTDIR && reason != ENOENT)
            return systemError(reason, target);
        skip(name, ErrorCode::Malformed, "its name occurs twice in the archive");
        return {};
    }
    const std::size_t skippedBefore = m_outcome.skipped.size();
    if (auto done = copied(source.get(), file, name); !done)
        return done;
    if (m_outcome.skipped.size() == skippedBefore)
        m_outcome.files.push_back(target);
    else
        file.remove();
    return {};
}

Result<void> Unpacker::copied(zip_file_t* source, NewFile& file, const std::string& name)
{
    std::uint64_t entryBytes = 0;
    while (true) {
        if (m_stop.stop_requested())
            return cancelledError();
        const zip_int64_t got = zip_fread(source, m_piece.data(), m_piece.size());
        if (got < 0) {
            skip(name, ErrorCode::Malformed,
                 std::string("it is damaged (") + zip_file_strerror(source) + ")");
            return {};
        }
        if (got == 0)
            return {};
        const auto bytes = std::span<const std::byte>(m_piece).first(static_cast<std::size_t>(got));
        if (entryBytes == 0 && looksLikeZip(bytes)) {
            skip(name, ErrorCode::Unsupported, "an archive within the archive, to be unpacked first");
            return {};
        }
        entryBytes += bytes.size();
        m_unpackedBytes += bytes.size();
        if (auto within = counted(entryBytes); !within)
            return within;
        if (auto written = file.write(bytes); !written)
            return written;
    }
}

// Counts what really came out: the sizes that an archive promises may lie.
Result<void> Unpacker::counted(std::uint64_t entryBytes)
{
    if (entryBytes > m_limits.mostEntryBytes)
        return refused("a file in the archive is larger than " + std::to_string(m_limits.mostEntryBytes) +
                       " bytes");
    if (m_unpackedBytes > m_limits.mostBytes)
        return refused("the archive holds more than " + std::to_string(m_limits.mostBytes) + " bytes");
    const double ratio =
        static_cast<double>(m_unpackedBytes) / static_cast<double>(std::max<std::uint64_t>(m_packedBytes, 1));
    if (m_unpackedBytes > m_limits.freeBytes && ratio > m_limits.mostRatio)
        return refused("the archive grows more than " + std::to_string(static_cast<int>(m_limits.mostRatio)) +
                       " times when it is unpacked");
    return {};
}

constexpr std::size_t mostListed = 100'000; // of the entries left out
constexpr std::uint64_t mostListBytes = std::uint64_t{64} << 20;

std::string listPath(const fs::path& folder)
{
    return folder.string() + ".left-out.json";
}

// A list that cannot be written or read costs no more than its sentences.
void keepList(const UnpackedZip& unpacked)
{
    ScanReport list;
    list.skipped.assign(unpacked.skipped.begin(),
                        unpacked.skipped.begin() + static_cast<std::ptrdiff_t>(std::min(unpacked.skipped.size(), mostListed)));
    const std::string text = toJsonText(list);
    if (!list.skipped.empty())
        (void)writeFileAtomically(listPath(unpacked.folder), std::as_bytes(std::span(text)));
}

std::vector<SkippedFile> keptList(const fs::path& folder)
{
    const auto bytes = readWholeFile(listPath(folder), mostListBytes);
    auto list = bytes ? scanReportFromJson(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()))
                      : Result<ScanReport>(bytes.error());
    return list ? std::move(list->skipped) : std::vector<SkippedFile>();
}

// What was unpacked before.
UnpackedZip found(const fs::path& folder)
{
    UnpackedZip outcome;
    outcome.folder = folder.string();
    outcome.skipped = keptList(folder);
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (std::error_code ignored; at->is_regular_file(ignored))
            outcome.files.push_back(at->path().string());
    std::sort(outcome.files.begin(), outcome.files.end());
    return outcome;
}

} // namespace

// A directory needs 46 bytes an entry.
Result<std::uint64_t> promisedEntries(const std::string& path)
{
    constexpr std::uint64_t mostTail =
        65557 + 76; // end record with the longest comment, zip64 records before it
    std::error_code error;
    const std::uint64_t size = fs::file_size(path, error);
    if (error)
        return Error{ErrorCode::NotFound, path, error.message()};
    const std::uint64_t tailSize = std::min(size, mostTail);
    auto reader = ByteReader::open(path, Compression::None, size - tailSize);
    if (!reader)
        return reader.error();
    std::vector<std::byte> tail(static_cast<std::size_t>(tailSize));
    if (auto got = reader->read(tail); !got)
        return got.error();
    const std::size_t end = lastPlaceOf(tail, "PK\x05\x06");
    if (end == std::string::npos || end + 22 > tail.size())
        return Error{ErrorCode::Truncated, path, "the archive's table of contents is missing"};
    const std::uint64_t entries = littleEndian(&tail[end + 10], 2);
    const std::size_t wide = lastPlaceOf(tail, "PK\x06\x06");
    if (wide == std::string::npos || wide + 40 > tail.size())
        return entries;
    return std::max(entries, std::min(littleEndian(&tail[wide + 32], 8), size / 46 + 1));
}

std::string archiveEntryPath(const std::string& archive, const std::string& entry)
{
    return archive + "!/" + entry;
}

bool looksLikeZip(std::span<const std::byte> bytes)
{
    const auto isAt = [&](const char* magic) {
        return bytes.size() >= 4 && std::memcmp(bytes.data(), magic, 4) == 0;
    };
    return isAt("PK\x03\x04") || isAt("PK\x05\x06") || isAt("PK\x07\x08");
}

Result<UnpackedZip> unpackZip(const std::string& path, const std::string& folder, const ZipLimits& limits,
                              std::stop_token stop, const ProgressReport& report)
{
    const ForeignFile current(path);
    std::error_code error;
    if (fs::exists(fs::symlink_status(folder, error)))
        return Error{ErrorCode::Conflict, folder, "the folder to unpack into is there already"};
    const fs::path aside = folder + ".part-" + std::to_string(::getpid());
    fs::remove_all(aside, error);
    fs::create_directories(aside, error);
    if (error)
        return Error{ErrorCode::IoFailure, folder, error.message()};
    auto outcome = Unpacker(path, aside, limits, std::move(stop)).run(report);
    if (outcome)
        fs::rename(aside, folder, error);
    if (!outcome || error) {
        std::error_code ignored;
        fs::remove_all(aside, ignored);
        return outcome ? Error{ErrorCode::IoFailure, folder, error.message()} : outcome.error();
    }
    outcome->folder = folder;
    for (std::string& file : outcome->files)
        file = (fs::path(folder) / fs::path(file).lexically_relative(aside)).string();
    return outcome;
}

Result<UnpackedZip> unpackZipBelow(const std::string& path, const std::string& root, std::stop_token stop,
                                   const ProgressReport& report)
{
    std::error_code error;
    const fs::path full = fs::weakly_canonical(path, error);
    const auto time = fs::last_write_time(path, error).time_since_epoch().count();
    const auto size = fs::file_size(path, error);
    if (error)
        return Error{ErrorCode::NotFound, path, error.message()};
    Sha256 hash;
    hash.update(full.string() + "|" + std::to_string(size) + "|" + std::to_string(time));
    const fs::path folder =
        fs::path(root) / (full.stem().string().substr(0, 80) + "-" + hexText(hash.digest()).substr(0, 12));
    if (fs::is_directory(folder, error))
        return found(folder);
    auto unpacked = unpackZip(path, folder.string(), {}, std::move(stop), report);
    if (unpacked)
        keepList(*unpacked);
    return unpacked;
}

} // namespace annotomy
