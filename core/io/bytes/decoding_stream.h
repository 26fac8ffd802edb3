#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <sys/types.h>

namespace annotomy {

// The bytes of an open file, decompressed as they are asked for: zlib's framing (MetaImage) and bzip2 (NRRD). The file
// stays the caller's. Internal to core/io.
class DecodingStream {
public:
    virtual ~DecodingStream() = default;
    // How many bytes came, at most as many as there is room for; 0 at the end of the data, -1 where it is damaged.
    virtual ssize_t read(std::span<std::byte> bytes) = 0;
};

// Null when there is no memory for it.
std::unique_ptr<DecodingStream> zlibStream(int file);
std::unique_ptr<DecodingStream> bzip2Stream(int file);

} // namespace annotomy
