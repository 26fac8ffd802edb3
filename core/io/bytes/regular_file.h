#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace annotomy {

// A regular file, open for reading at any place by any thread. Internal to core/io.
class RegularFile {
public:
    // Errors: NotFound, PermissionDenied, Unrecognised when it is no regular file, IoFailure.
    static Result<std::shared_ptr<const RegularFile>> open(const std::string& path);
    RegularFile(int file, std::uint64_t size, std::string path);
    ~RegularFile();
    RegularFile(const RegularFile&) = delete;
    RegularFile& operator=(const RegularFile&) = delete;

    std::uint64_t size() const { return m_size; } // when it was opened

    // Fills the whole span. Errors: Truncated when the file ends earlier, IoFailure.
    Result<void> readAt(std::uint64_t offset, std::span<std::byte> bytes) const;

private:
    int m_file;
    std::uint64_t m_size;
    std::string m_path;
};

// Bytes of known number that are not cleared before they are filled. Internal to core/io.
class ByteBlock {
public:
    ByteBlock() = default;
    explicit ByteBlock(std::size_t size)
        : m_data(std::make_unique_for_overwrite<std::byte[]>(size)), m_size(size)
    {
    }

    std::byte* data() { return m_data.get(); }
    const std::byte* data() const { return m_data.get(); }
    std::size_t size() const { return m_size; }
    const std::byte* begin() const { return m_data.get(); }
    const std::byte* end() const { return m_data.get() + m_size; }
    operator std::span<std::byte>() { return {m_data.get(), m_size}; }
    operator std::span<const std::byte>() const { return {m_data.get(), m_size}; }

private:
    std::unique_ptr<std::byte[]> m_data;
    std::size_t m_size = 0;
};

} // namespace annotomy
