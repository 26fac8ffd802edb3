#include "core/io/bytes/byte_stream.h"

#include "core/io/bytes/decoding_stream.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace annotomy {

namespace {

constexpr std::size_t pieceBytes = std::size_t{4} << 20;

std::uint64_t mostDecoded(std::uint64_t bytes, Compression compression)
{
    switch (compression) {
    case Compression::None:
        return bytes;
    case Compression::Gzip:
    case Compression::Zlib:
        return bytes * 1032 + 4096;
    case Compression::Bzip2:
        break;
    }
    return bytes * 32768 + 900000;
}

} // namespace

bool looksGzipped(const std::string& path)
{
    auto reader = ByteReader::open(path, Compression::None);
    std::array<std::byte, 2> magic{};
    return reader && reader->read(magic) && magic[0] == std::byte{0x1f} && magic[1] == std::byte{0x8b};
}

struct ByteReader::State {
    std::string path;
    int file = -1;
    gzFile inflater = nullptr; // of Gzip; owns `file` when set
    Compression compression = Compression::None;
    std::unique_ptr<DecodingStream> decoder; // of the other compressions
    std::uint64_t fileBytes = 0;
    std::uint64_t taken = 0; // since the start offset, after inflation

    ~State()
    {
        if (inflater)
            gzclose_r(inflater);
        else if (file >= 0)
            ::close(file);
    }
};

ByteReader::ByteReader(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ByteReader::ByteReader(ByteReader&&) noexcept = default;
ByteReader::~ByteReader() = default;

Result<ByteReader> ByteReader::open(const std::string& path, Compression compression, std::uint64_t offset)
{
    auto state = std::make_unique<State>();
    state->path = path;
    state->file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status {};
    if (state->file < 0 || ::fstat(state->file, &status) != 0)
        return systemError(errno, path);
    if (!S_ISREG(status.st_mode))
        return Error{ErrorCode::Unrecognised, path, "not a regular file"};
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (offset > size)
        return Error{ErrorCode::Truncated, path, "the file ends before its voxels"};
    state->fileBytes = size - offset;
    if (offset > 0 && ::lseek(state->file, static_cast<off_t>(offset), SEEK_SET) < 0)
        return systemError(errno, path);
    if (compression == Compression::Gzip) {
        state->inflater = gzdopen(state->file, "rb");
        if (!state->inflater)
            return Error{ErrorCode::OutOfMemory, path, "no memory to inflate"};
        gzbuffer(state->inflater, 1U << 18);
    }
    state->compression = compression;
    if (compression == Compression::Zlib || compression == Compression::Bzip2) {
        state->decoder = compression == Compression::Zlib ? zlibStream(state->file) : bzip2Stream(state->file);
        if (!state->decoder)
            return Error{ErrorCode::OutOfMemory, path, "no memory to decompress"};
    }
    return ByteReader(std::move(state));
}

Result<void> ByteReader::read(std::span<std::byte> bytes)
{
    State& state = *m_state;
    while (!bytes.empty()) {
        const std::size_t piece = std::min(bytes.size(), pieceBytes);
        ssize_t got = 0;
        if (state.compression != Compression::None) {
            got = state.decoder ? state.decoder->read(bytes.first(piece))
                                : gzread(state.inflater, bytes.data(), static_cast<unsigned>(piece));
            if (got < 0)
                return Error{ErrorCode::Malformed, state.path, "the compressed data is damaged"};
        } else {
            got = ::read(state.file, bytes.data(), piece);
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                return systemError(errno, state.path);
        }
        if (got == 0)
            return Error{ErrorCode::Truncated, state.path, "the file ends too early"};
        state.taken += static_cast<std::uint64_t>(got);
        bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
    return {};
}

Result<void> ByteReader::readLarge(std::span<std::byte> bytes, const std::stop_token& stop,
                                   const ProgressReport& report)
{
    for (std::size_t done = 0; done < bytes.size(); done += pieceBytes) {
        if (stop.stop_requested())
            return cancelledError();
        if (auto got = read(bytes.subspan(done, std::min(pieceBytes, bytes.size() - done))); !got)
            return got;
        reportProgress(report, static_cast<double>(done) / static_cast<double>(bytes.size()));
    }
    return {};
}

Result<void> ByteReader::skip(std::uint64_t count)
{
    State& state = *m_state;
    if (state.compression == Compression::None && count <= state.fileBytes - state.taken) {
        if (::lseek(state.file, static_cast<off_t>(count), SEEK_CUR) < 0)
            return systemError(errno, state.path);
        state.taken += count;
        return {};
    }
    std::array<std::byte, 4096> scrap{};
    while (count > 0) {
        const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(count, scrap.size()));
        if (auto got = read(std::span(scrap).first(piece)); !got)
            return got;
        count -= piece;
    }
    return {};
}

std::uint64_t ByteReader::mostBytes() const
{
    const std::uint64_t most = mostDecoded(m_state->fileBytes, m_state->compression);
    return most - std::min(most, m_state->taken);
}

struct ByteWriter::Deflater {
    z_stream stream{};
    std::vector<std::byte> buffer = std::vector<std::byte>(std::size_t{1} << 18);
    bool ready = false;

    Deflater()
    {
        constexpr int gzipFraming = 16 + MAX_WBITS;
        ready = deflateInit2(&stream, 4, Z_DEFLATED, gzipFraming, 8, Z_DEFAULT_STRATEGY) == Z_OK;
    }
    ~Deflater() { deflateEnd(&stream); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
};

ByteWriter::ByteWriter(AtomicFile& file, Compression compression) : m_file(file)
{
    if (compression == Compression::Gzip)
        m_deflater = std::make_unique<Deflater>();
}

ByteWriter::~ByteWriter() = default;

Result<void> ByteWriter::deflated(std::span<const std::byte> bytes, int flush)
{
    if (!m_deflater->ready)
        return Error{ErrorCode::OutOfMemory, {}, "no memory to compress"};
    z_stream& stream = m_deflater->stream;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    do {
        stream.next_out = reinterpret_cast<Bytef*>(m_deflater->buffer.data());
        stream.avail_out = static_cast<uInt>(m_deflater->buffer.size());
        deflate(&stream, flush);
        const std::size_t made = m_deflater->buffer.size() - stream.avail_out;
        if (auto written = m_file.write(std::span(m_deflater->buffer).first(made)); !written)
            return written;
    } while (stream.avail_out == 0);
    return {};
}

Result<void> ByteWriter::write(std::span<const std::byte> bytes)
{
    return writeLarge(bytes, {}, {});
}

Result<void> ByteWriter::writeLarge(std::span<const std::byte> bytes, const std::stop_token& stop,
                                    const ProgressReport& report)
{
    for (std::size_t done = 0; done < bytes.size(); done += pieceBytes) {
        if (stop.stop_requested())
            return cancelledError();
        const auto piece = bytes.subspan(done, std::min(pieceBytes, bytes.size() - done));
        if (auto written = m_deflater ? deflated(piece, Z_NO_FLUSH) : m_file.write(piece); !written)
            return written;
        reportProgress(report, static_cast<double>(done) / static_cast<double>(bytes.size()));
    }
    return {};
}

Result<void> ByteWriter::finish()
{
    return m_deflater ? deflated({}, Z_FINISH) : Result<void>();
}

Result<std::vector<std::byte>> zlibDeflated(std::span<const std::byte> bytes, const std::stop_token& stop,
                                            const ProgressReport& report)
{
    z_stream stream{};
    if (deflateInit(&stream, 4) != Z_OK)
        return Error{ErrorCode::OutOfMemory, {}, "no memory to compress"};
    std::vector<std::byte> result, buffer(std::size_t{1} << 18);
    std::size_t done = 0;
    int status = Z_OK;
    while (status == Z_OK && !stop.stop_requested()) {
        if (stream.avail_in == 0) {
            const auto piece = bytes.subspan(done, std::min(pieceBytes, bytes.size() - done));
            stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(piece.data()));
            stream.avail_in = static_cast<uInt>(piece.size());
            done += piece.size();
            reportProgress(report, static_cast<double>(done) / static_cast<double>(bytes.size()));
        }
        stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        status = deflate(&stream, done == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
        result.insert(result.end(), buffer.begin(), buffer.end() - stream.avail_out);
    }
    deflateEnd(&stream);
    if (status != Z_STREAM_END)
        return stop.stop_requested() ? cancelledError() : Error{ErrorCode::IoFailure, {}, "zlib failed"};
    return result;
}

} // namespace annotomy
