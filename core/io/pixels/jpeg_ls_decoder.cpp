#include "core/io/pixels/pixel_decoders.h"

#include <charls/charls.h>

#include <memory>

namespace annotomy {

namespace {

struct DestroyDecoder {
    void operator()(charls_jpegls_decoder* decoder) const { charls_jpegls_decoder_destroy(decoder); }
};

bool succeeded(charls_jpegls_errc status)
{
    return status == charls_jpegls_errc::success;
}

} // namespace

std::optional<SampleOrder> decodeJpegLs(std::span<const std::byte> encoded, const CodeStream& stream,
                                        std::span<std::byte> out)
{
    const std::unique_ptr<charls_jpegls_decoder, DestroyDecoder> owner(charls_jpegls_decoder_create());
    charls_jpegls_decoder* const decoder = owner.get();
    charls_interleave_mode interleave{};
    std::size_t wanted = 0;
    const bool isReady =
        decoder && succeeded(charls_jpegls_decoder_set_source_buffer(decoder, encoded.data(), encoded.size())) &&
        succeeded(charls_jpegls_decoder_read_header(decoder)) &&
        succeeded(charls_jpegls_decoder_get_interleave_mode(decoder, &interleave)) &&
        succeeded(charls_jpegls_decoder_get_destination_size(decoder, 0, &wanted));
    if (!isReady || wanted != out.size() ||
        !succeeded(charls_jpegls_decoder_decode_to_buffer(decoder, out.data(), out.size(), 0)))
        return std::nullopt;
    const bool isPlanar = stream.components > 1 && interleave == charls::interleave_mode::none;
    return isPlanar ? SampleOrder::ByPlane : SampleOrder::ByVoxel;
}

} // namespace annotomy
