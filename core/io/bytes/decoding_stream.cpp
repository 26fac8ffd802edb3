#include "core/io/bytes/decoding_stream.h"

#include <bzlib.h>
#include <zlib.h>

#include <cerrno>
#include <vector>

#include <unistd.h>

namespace annotomy {

namespace {

// The compressed bytes, a buffer at a time.
class Input {
public:
    explicit Input(int file) : m_file(file) {}

    // More bytes; empty at the end of the file, and where it cannot be read (what is missing shows as damage).
    std::span<std::byte> refill()
    {
        ssize_t got = 0;
        do
            got = ::read(m_file, m_buffer.data(), m_buffer.size());
        while (got < 0 && errno == EINTR);
        return std::span(m_buffer).first(got > 0 ? static_cast<std::size_t>(got) : 0);
    }

private:
    int m_file;
    std::vector<std::byte> m_buffer = std::vector<std::byte>(std::size_t{1} << 18);
};

class ZlibStream : public DecodingStream {
public:
    explicit ZlibStream(int file) : m_input(file) { isReady = inflateInit2(&m_stream, 32 + MAX_WBITS) == Z_OK; }
    ~ZlibStream() override { inflateEnd(&m_stream); }
    ZlibStream(const ZlibStream&) = delete;
    ZlibStream& operator=(const ZlibStream&) = delete;

    bool isReady = false;

    ssize_t read(std::span<std::byte> bytes) override
    {
        m_stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
        m_stream.avail_out = static_cast<uInt>(bytes.size());
        while (!m_ended && m_stream.avail_out > 0) {
            if (m_stream.avail_in == 0) {
                const auto more = m_input.refill();
                if (more.empty())
                    break;
                m_stream.next_in = reinterpret_cast<Bytef*>(more.data());
                m_stream.avail_in = static_cast<uInt>(more.size());
            }
            const int status = inflate(&m_stream, Z_NO_FLUSH);
            m_ended = status == Z_STREAM_END;
            if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
                return -1;
        }
        return static_cast<ssize_t>(bytes.size() - m_stream.avail_out);
    }

private:
    Input m_input;
    z_stream m_stream{};
    bool m_ended = false;
};

class Bzip2Stream : public DecodingStream {
public:
    explicit Bzip2Stream(int file) : m_input(file) { isReady = BZ2_bzDecompressInit(&m_stream, 0, 0) == BZ_OK; }
    ~Bzip2Stream() override { BZ2_bzDecompressEnd(&m_stream); }
    Bzip2Stream(const Bzip2Stream&) = delete;
    Bzip2Stream& operator=(const Bzip2Stream&) = delete;

    bool isReady = false;

    ssize_t read(std::span<std::byte> bytes) override
    {
        m_stream.next_out = reinterpret_cast<char*>(bytes.data());
        m_stream.avail_out = static_cast<unsigned>(bytes.size());
        while (!m_ended && m_stream.avail_out > 0) {
            if (m_stream.avail_in == 0) {
                const auto more = m_input.refill();
                if (more.empty())
                    break;
                m_stream.next_in = reinterpret_cast<char*>(more.data());
                m_stream.avail_in = static_cast<unsigned>(more.size());
            }
            const int status = BZ2_bzDecompress(&m_stream);
            if (status != BZ_OK && status != BZ_STREAM_END)
                return -1;
            m_ended = status == BZ_STREAM_END && !startsAnother();
        }
        return static_cast<ssize_t>(bytes.size() - m_stream.avail_out);
    }

private:
    // Parallel compressors write several streams one after the other.
    bool startsAnother()
    {
        bz_stream next{};
        next.next_in = m_stream.next_in;
        next.avail_in = m_stream.avail_in;
        next.next_out = m_stream.next_out;
        next.avail_out = m_stream.avail_out;
        if (next.avail_in == 0) {
            const auto more = m_input.refill();
            next.next_in = reinterpret_cast<char*>(more.data());
            next.avail_in = static_cast<unsigned>(more.size());
        }
        if (next.avail_in == 0 || *next.next_in != 'B')
            return false;
        BZ2_bzDecompressEnd(&m_stream);
        m_stream = next;
        return BZ2_bzDecompressInit(&m_stream, 0, 0) == BZ_OK;
    }

    Input m_input;
    bz_stream m_stream{};
    bool m_ended = false;
};

} // namespace

std::unique_ptr<DecodingStream> zlibStream(int file)
{
    auto stream = std::make_unique<ZlibStream>(file);
    return stream->isReady ? std::move(stream) : nullptr;
}

std::unique_ptr<DecodingStream> bzip2Stream(int file)
{
    auto stream = std::make_unique<Bzip2Stream>(file);
    return stream->isReady ? std::move(stream) : nullptr;
}

} // namespace annotomy
