#pragma once

#include "core/base/result.h"
#include "core/image/segment_table.h"
#include "core/image/volume_geometry.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace annotomy {

// The container of encoded edits and masks: four bytes of magic, one byte of version, one zstd frame with checksum.
// Within the frame: unsigned LEB128 numbers, zigzag for signed ones, little-endian IEEE doubles, strings as length
// and UTF-8 bytes.

class CodecWriter {
public:
    void byte(std::uint8_t value) { m_bytes.push_back(static_cast<std::byte>(value)); }
    void number(std::uint64_t value);
    void signedNumber(std::int64_t value);
    void real(double value);
    void text(std::string_view value);
    void code(const CodedConcept& value);
    void table(const SegmentTable& table);

    std::vector<std::byte> compressed(std::string_view magic, std::uint8_t version) const;

private:
    std::vector<std::byte> m_bytes;
};

// Reads what CodecWriter wrote from bytes that may be anything. It decompresses as it goes, so that a small hostile input
// cannot claim much memory. The first failure sticks: every later read gives 0 or an empty string.
class CodecReader {
public:
    CodecReader(std::span<const std::byte> bytes, std::string_view magic, std::uint8_t version);
    ~CodecReader();

    std::uint8_t byte();
    std::uint64_t number(std::uint64_t max); // fails when larger
    std::int64_t signedNumber();
    double real();
    std::string text();
    CodedConcept code();
    SegmentTable table();

    bool failed() const;
    void fail(std::string why); // Malformed
    // Verifies that everything was read and that the frame's checksum is right.
    Result<void> finish();
    const Error& error() const; // requires failed()

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace annotomy
