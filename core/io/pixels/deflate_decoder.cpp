#include "core/io/pixels/pixel_decoders.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

namespace annotomy {

bool decodeDeflated(std::span<const std::byte> encoded, std::span<std::byte> out)
{
    constexpr std::size_t most = 0xFFFFFFFF;
    z_stream stream{};
    if (encoded.size() > most || out.size() > most || inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return false;
    const std::unique_ptr<z_stream, int (*)(z_stream*)> owner(&stream,
                                                              [](z_stream* s) { return inflateEnd(s); });
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(encoded.data()));
    stream.avail_in = static_cast<uInt>(encoded.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    inflate(&stream, Z_FINISH);
    return stream.avail_out == 0;
}

} // namespace annotomy
