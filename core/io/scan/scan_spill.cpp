#include "core/io/scan/scan_spill.h"

#include "core/io/bytes/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>

#include <fcntl.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

void append(std::vector<std::byte>& bytes, std::span<const std::byte> more)
{
    const auto size = static_cast<std::uint32_t>(more.size());
    const auto head = std::as_bytes(std::span(&size, 1));
    bytes.insert(bytes.end(), head.begin(), head.end());
    bytes.insert(bytes.end(), more.begin(), more.end());
}

// The next length-prefixed piece; nothing at the end.
std::optional<std::span<const std::byte>> taken(std::span<const std::byte>& rest)
{
    std::uint32_t size = 0;
    if (rest.size() < sizeof size)
        return std::nullopt;
    std::memcpy(&size, rest.data(), sizeof size);
    if (size > rest.size() - sizeof size)
        return std::nullopt;
    const auto piece = rest.subspan(sizeof size, size);
    rest = rest.subspan(sizeof size + size);
    return piece;
}

struct Record {
    std::string path;
    std::span<const std::byte> bytes;
};

void appendRecords(std::span<const std::byte> part, std::vector<Record>& records)
{
    while (const auto path = taken(part)) {
        const auto bytes = taken(part);
        if (!bytes)
            return;
        records.push_back({{reinterpret_cast<const char*>(path->data()), path->size()}, *bytes});
    }
}

Result<void> appendToFile(const std::string& path, std::span<const std::byte> bytes)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0)
        return systemError(errno, path);
    int failure = 0;
    while (!bytes.empty() && failure == 0) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written >= 0)
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            failure = errno;
    }
    if (::close(file) != 0 && failure == 0)
        failure = errno;
    return failure == 0 ? Result<void>() : systemError(failure, path);
}

} // namespace

ScanSpill::ScanSpill(std::string scratchFolder, std::size_t memoryBytes)
    : m_parent(std::move(scratchFolder)), m_memoryBytes(memoryBytes)
{
}

ScanSpill::~ScanSpill()
{
    std::error_code ignored;
    if (!m_folder.empty())
        fs::remove_all(m_folder, ignored);
}

Result<void> ScanSpill::makeFolder()
{
    if (!m_folder.empty())
        return {};
    std::error_code error;
    const fs::path parent = m_parent.empty() ? fs::temp_directory_path(error) : fs::path(m_parent);
    fs::create_directories(parent, error);
    std::string folder = (parent / "scan-XXXXXX").string();
    if (!::mkdtemp(folder.data()))
        return systemError(errno, parent.string());
    m_folder = folder;
    return {};
}

Result<std::string> ScanSpill::newFile()
{
    if (auto made = makeFolder(); !made)
        return made.error();
    return m_folder + "/" + std::to_string(m_files++);
}

std::string ScanSpill::partPath(std::size_t part) const
{
    return m_folder + "/part-" + std::to_string(part);
}

Result<void> ScanSpill::flush()
{
    if (auto made = makeFolder(); !made)
        return made;
    m_spilled = true;
    for (std::size_t part = 0; part < partCount; ++part) {
        if (m_parts[part].empty())
            continue;
        if (auto written = appendToFile(partPath(part), m_parts[part]); !written)
            return written;
        m_parts[part] = {};
    }
    m_bytes = 0;
    return {};
}

Result<void> ScanSpill::add(std::uint64_t key, const std::string& path, std::span<const std::byte> record)
{
    std::vector<std::byte>& part = m_parts[key % partCount];
    append(part, std::as_bytes(std::span(path)));
    append(part, record);
    m_bytes += path.size() + record.size() + 8;
    return m_bytes > m_memoryBytes ? flush() : Result<void>();
}

std::size_t ScanSpill::parts() const
{
    return m_spilled ? partCount : 1;
}

Result<std::vector<ScannedFile>> ScanSpill::load(std::size_t part)
{
    std::vector<std::byte> written;
    std::vector<Record> records;
    if (m_spilled) {
        std::error_code error;
        if (fs::exists(partPath(part), error)) {
            auto bytes = readWholeFile(partPath(part), std::numeric_limits<std::size_t>::max());
            if (!bytes)
                return bytes.error();
            written = std::move(*bytes);
        }
        written.insert(written.end(), m_parts[part].begin(), m_parts[part].end());
        m_parts[part] = {};
        appendRecords(written, records);
    } else {
        for (const auto& held : m_parts)
            appendRecords(held, records);
    }
    std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) { return a.path < b.path; });
    std::vector<ScannedFile> files;
    files.reserve(records.size());
    for (const Record& record : records) {
        auto file = decodeScannedFile(record.bytes, record.path);
        if (!file)
            return Error{ErrorCode::IoFailure, m_folder, "what the scan had written aside was changed"};
        files.push_back(std::move(*file));
    }
    if (!m_spilled)
        for (auto& held : m_parts)
            held = {};
    return files;
}

} // namespace annotomy
