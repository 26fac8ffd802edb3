#include "core/io/scan/header_cache.h"

#include "core/io/bytes/atomic_file.h"
#include "core/io/bytes/byte_stream.h"
#include "core/io/scan/file_walk.h"

#include <zlib.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>

#include <sys/stat.h>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

// A file is a sequence of blocks: length, CRC-32, that many bytes. The first says what the cache is of; the others hold
// records: path below the folder, stamp, what was found; texts and records with their lengths before them.
constexpr std::uint32_t formatVersion = 1;
constexpr std::size_t blockBytes = std::size_t{1} << 16, mostBlockBytes = std::size_t{1} << 26;

std::int64_t nanoseconds(const timespec& time)
{
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// The parser is part of the program: another build may understand headers otherwise.
const std::string& programStamp()
{
    static const std::string stamp = [] {
        const auto file = fileStamp("/proc/self/exe");
        return file ? std::to_string(file->size) + "-" + std::to_string(file->modifiedNs) : std::string();
    }();
    return stamp;
}

std::uint32_t checksum(std::span<const std::byte> bytes)
{
    return static_cast<std::uint32_t>(
        ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

class BlockWriter {
public:
    explicit BlockWriter(AtomicFile file) : m_file(std::move(file)) { m_block.reserve(2 * blockBytes); }

    void number(std::int64_t value) { append(std::as_bytes(std::span(&value, 1))); }
    void bytes(std::span<const std::byte> value)
    {
        number(static_cast<std::int64_t>(value.size()));
        append(value);
    }
    void text(std::string_view value) { bytes(std::as_bytes(std::span(value))); }
    // Between two records. False when the disk takes no more.
    bool endRecord(bool always = false)
    {
        if (m_block.empty() || (!always && m_block.size() < blockBytes))
            return true;
        const std::uint32_t head[] = {static_cast<std::uint32_t>(m_block.size()), checksum(m_block)};
        const bool written = m_file.write(std::as_bytes(std::span(head))).has_value() && m_file.write(m_block).has_value();
        m_block.clear();
        return written;
    }
    void commit() { (void)m_file.commit(); }

private:
    void append(std::span<const std::byte> value) { m_block.insert(m_block.end(), value.begin(), value.end()); }

    AtomicFile m_file;
    std::vector<std::byte> m_block;
};

class BlockReader {
public:
    explicit BlockReader(ByteReader file) : m_file(std::move(file)) {}

    // Whether there is another block that is sound.
    bool nextBlock()
    {
        std::uint32_t head[2] = {};
        m_block.clear();
        m_at = 0;
        if (!m_file.read(std::as_writable_bytes(std::span(head))) || head[0] > mostBlockBytes ||
            head[0] > m_file.mostBytes())
            return false;
        m_block.resize(head[0]);
        return m_file.read(m_block).has_value() && checksum(m_block) == head[1];
    }
    bool atEndOfBlock() const { return m_at == m_block.size(); }

    bool number(std::int64_t& value)
    {
        if (sizeof value > m_block.size() - m_at)
            return false;
        std::memcpy(&value, m_block.data() + m_at, sizeof value);
        m_at += sizeof value;
        return true;
    }
    bool bytes(std::span<const std::byte>& value)
    {
        std::int64_t size = 0;
        if (!number(size) || size < 0 || static_cast<std::uint64_t>(size) > m_block.size() - m_at)
            return false;
        value = std::span(m_block).subspan(m_at, static_cast<std::size_t>(size));
        m_at += value.size();
        return true;
    }
    bool text(std::string& value)
    {
        std::span<const std::byte> content;
        if (!bytes(content))
            return false;
        value.assign(reinterpret_cast<const char*>(content.data()), content.size());
        return true;
    }

private:
    ByteReader m_file;
    std::vector<std::byte> m_block;
    std::size_t m_at = 0;
};

std::string cachePath(const std::string& cacheFolder, const std::string& scannedFolder)
{
    const auto text = std::as_bytes(std::span(scannedFolder));
    char name[40];
    std::snprintf(name, sizeof name, "%08x-%zx.headers", checksum(text), scannedFolder.size());
    return cacheFolder + "/" + name;
}

} // namespace

std::optional<FileStamp> fileStamp(const std::string& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
        return std::nullopt;
    return FileStamp{status.st_size, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

std::int64_t nowNs()
{
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return nanoseconds(now);
}

struct HeaderCache::State {
    std::string folder; // with a slash at its end
    std::optional<BlockReader> former;
    std::optional<BlockWriter> next;
    std::string formerPath; // of the record that was read last and not yet given away; empty: none
    Found formerRecord;
    std::string lastKept;

    void begin(const std::string& path, const std::string& scannedFolder)
    {
        if (auto file = ByteReader::open(path, Compression::None)) {
            former.emplace(std::move(*file));
            std::int64_t version = 0;
            std::string program, of;
            const bool isOurs = former->nextBlock() && former->number(version) && former->text(program) &&
                                former->text(of) && version == formatVersion && program == programStamp() &&
                                of == scannedFolder;
            if (!isOurs || program.empty())
                former.reset();
        }
        auto file = AtomicFile::create(path);
        if (!file)
            return;
        next.emplace(std::move(*file));
        next->number(formatVersion);
        next->text(programStamp());
        next->text(scannedFolder);
        if (!next->endRecord(true))
            next.reset();
    }

    bool readRecord()
    {
        std::string below;
        std::span<const std::byte> record;
        FileStamp& stamp = formerRecord.stamp;
        const bool isThere = former && (!former->atEndOfBlock() || former->nextBlock()) && former->text(below) &&
                             former->number(stamp.size) && former->number(stamp.modifiedNs) &&
                             former->number(stamp.changedNs) && former->bytes(record);
        if (!isThere) {
            former.reset();
            formerPath.clear();
            return false;
        }
        formerPath = folder + below;
        formerRecord.record.assign(record.begin(), record.end());
        return true;
    }

    void write(const std::string& path, const FileStamp& stamp, std::span<const std::byte> record)
    {
        next->text(std::string_view(path).substr(folder.size()));
        next->number(stamp.size);
        next->number(stamp.modifiedNs);
        next->number(stamp.changedNs);
        next->bytes(record);
        if (!next->endRecord())
            next.reset();
    }
};

HeaderCache::HeaderCache(const std::string& cacheFolder, const std::string& scannedFolder)
    : m_state(std::make_unique<State>())
{
    m_state->folder = scannedFolder.ends_with('/') ? scannedFolder : scannedFolder + "/";
    std::error_code error;
    if (cacheFolder.empty() || (fs::create_directories(cacheFolder, error), error))
        return;
    m_state->begin(cachePath(cacheFolder, scannedFolder), scannedFolder);
}

HeaderCache::HeaderCache(HeaderCache&&) noexcept = default;
HeaderCache::~HeaderCache() = default;

std::optional<HeaderCache::Found> HeaderCache::find(const std::string& path)
{
    State& state = *m_state;
    while (state.former || !state.formerPath.empty()) {
        if (state.formerPath.empty() && !state.readRecord())
            break;
        if (precedesInWalk(path, state.formerPath))
            return std::nullopt;
        const bool isIt = state.formerPath == path;
        state.formerPath.clear();
        if (isIt)
            return std::move(state.formerRecord);
    }
    return std::nullopt;
}

void HeaderCache::keep(const std::string& path, const FileStamp& stamp, std::span<const std::byte> record)
{
    if (m_state->next && path.starts_with(m_state->folder)) {
        m_state->write(path, stamp, record);
        m_state->lastKept = path;
    }
}

void HeaderCache::commit(bool isFinished)
{
    State& state = *m_state;
    while (!isFinished && state.next && (!state.formerPath.empty() || state.readRecord())) {
        if (state.lastKept.empty() || precedesInWalk(state.lastKept, state.formerPath))
            state.write(state.formerPath, state.formerRecord.stamp, state.formerRecord.record);
        state.formerPath.clear();
    }
    if (state.next && state.next->endRecord(true) && state.next)
        state.next->commit();
    state.next.reset();
}

} // namespace annotomy
