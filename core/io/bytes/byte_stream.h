#pragma once

#include "core/base/progress.h"
#include "core/io/bytes/atomic_file.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace annotomy {

enum class Compression { None, Gzip, Zlib, Bzip2 };

// True when the file begins with gzip's two magic bytes.
bool looksGzipped(const std::string& path);

// Sequential bytes of a regular file, inflated on the way when it is compressed. Internal to core/io.
class ByteReader {
public:
    // Starts at byte `offset` of the file.
    static Result<ByteReader> open(const std::string& path, Compression compression,
                                   std::uint64_t offset = 0);
    ByteReader(ByteReader&&) noexcept;
    ~ByteReader();

    // Fills the whole span. Errors: Truncated when the data ends earlier, Malformed when it does not inflate.
    Result<void> read(std::span<std::byte> bytes);
    // As read, in pieces that honour `stop` and `report`.
    Result<void> readLarge(std::span<std::byte> bytes, const std::stop_token& stop,
                           const ProgressReport& report);
    Result<void> skip(std::uint64_t count);

    // An upper bound on the bytes that can still come: deflate expands 1032-fold at most, bzip2 900 kB from some 40 bytes.
    std::uint64_t mostBytes() const;

private:
    struct State;
    explicit ByteReader(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// The bytes in zlib's framing, for formats whose header tells their number. Errors: Cancelled, OutOfMemory.
Result<std::vector<std::byte>> zlibDeflated(std::span<const std::byte> bytes, const std::stop_token& stop,
                                            const ProgressReport& report);

// Bytes into an AtomicFile, deflated on the way when wanted. Internal to core/io.
class ByteWriter {
public:
    // Requires None or Gzip.
    ByteWriter(AtomicFile& file, Compression compression);
    ~ByteWriter();
    ByteWriter(const ByteWriter&) = delete;
    ByteWriter& operator=(const ByteWriter&) = delete;

    Result<void> write(std::span<const std::byte> bytes);
    Result<void> writeLarge(std::span<const std::byte> bytes, const std::stop_token& stop,
                            const ProgressReport& report);
    Result<void> finish(); // required once, after the last byte

private:
    Result<void> deflated(std::span<const std::byte> bytes, int flush);

    struct Deflater;
    AtomicFile& m_file;
    std::unique_ptr<Deflater> m_deflater;
};

} // namespace annotomy
