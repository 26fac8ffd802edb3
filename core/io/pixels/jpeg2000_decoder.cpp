#include "core/io/pixels/pixel_decoders.h"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>

namespace annotomy {

namespace {

struct Input {
    std::span<const std::byte> bytes;
    std::size_t at = 0;
};

OPJ_SIZE_T readInput(void* to, OPJ_SIZE_T count, void* user)
{
    auto& input = *static_cast<Input*>(user);
    const std::size_t got = std::min<std::size_t>(count, input.bytes.size() - input.at);
    if (got == 0)
        return static_cast<OPJ_SIZE_T>(-1);
    std::memcpy(to, input.bytes.data() + input.at, got);
    input.at += got;
    return got;
}

OPJ_OFF_T skipInput(OPJ_OFF_T count, void* user)
{
    auto& input = *static_cast<Input*>(user);
    if (count < 0 || static_cast<std::uint64_t>(count) > input.bytes.size() - input.at)
        return -1;
    input.at += static_cast<std::size_t>(count);
    return count;
}

OPJ_BOOL seekInput(OPJ_OFF_T place, void* user)
{
    auto& input = *static_cast<Input*>(user);
    if (place < 0 || static_cast<std::uint64_t>(place) > input.bytes.size())
        return OPJ_FALSE;
    input.at = static_cast<std::size_t>(place);
    return OPJ_TRUE;
}

using Stream = std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)>;
using Codec = std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)>;
using Image = std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)>;

Stream streamOn(Input& input)
{
    Stream stream(opj_stream_create(std::max<std::size_t>(input.bytes.size(), 1), OPJ_TRUE),
                  &opj_stream_destroy);
    if (!stream)
        return stream;
    opj_stream_set_user_data(stream.get(), &input, nullptr);
    opj_stream_set_user_data_length(stream.get(), input.bytes.size());
    opj_stream_set_read_function(stream.get(), readInput);
    opj_stream_set_skip_function(stream.get(), skipInput);
    opj_stream_set_seek_function(stream.get(), seekInput);
    return stream;
}

Image decodedImage(std::span<const std::byte> bytes)
{
    Input input{bytes, 0};
    const Stream stream = streamOn(input);
    const Codec codec(opj_create_decompress(OPJ_CODEC_J2K), &opj_destroy_codec);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    opj_image_t* opened = nullptr;
    const bool isOpen = stream && codec && opj_setup_decoder(codec.get(), &parameters) &&
                        opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE) &&
                        opj_read_header(stream.get(), codec.get(), &opened);
    Image image(opened, &opj_image_destroy);
    if (!isOpen || !opj_decode(codec.get(), stream.get(), image.get()))
        return {nullptr, &opj_image_destroy};
    return image;
}

template <class T>
void copyComponent(const opj_image_comp_t& component, std::int32_t lowest, std::int32_t highest,
                   std::span<std::byte> out)
{
    for (std::size_t v = 0; v < out.size() / sizeof(T); ++v) {
        const T value = static_cast<T>(std::clamp(component.data[v], lowest, highest));
        std::memcpy(out.data() + v * sizeof(T), &value, sizeof(T));
    }
}

void copyComponent(const opj_image_comp_t& component, const CodeStream& stream, const SampleRange& range,
                   std::size_t sampleBytes, std::span<std::byte> out)
{
    std::int32_t lowest = std::numeric_limits<std::int32_t>::min(),
                 highest = std::numeric_limits<std::int32_t>::max();
    const bool isCut = stream.isSigned == range.isSigned && (stream.isSigned || !stream.isReversible);
    if (isCut && range.bits < 32) {
        const int bits = range.bits - (range.isSigned ? 1 : 0);
        highest = static_cast<std::int32_t>((std::int64_t{1} << bits) - 1);
        lowest = range.isSigned ? -highest - 1 : 0;
    }
    if (sampleBytes == 1)
        copyComponent<std::uint8_t>(component, lowest, highest, out);
    else if (sampleBytes == 2)
        copyComponent<std::uint16_t>(component, lowest, highest, out);
    else
        copyComponent<std::uint32_t>(component, lowest, highest, out);
}

} // namespace

bool decodeJpeg2000(std::span<const std::byte> encoded, const CodeStream& stream, const SampleRange& range,
                    std::size_t sampleBytes, std::span<std::byte> out)
{
    const Image image = decodedImage(encoded.subspan(stream.start));
    if (!image || image->numcomps != static_cast<OPJ_UINT32>(stream.components))
        return false;
    const std::size_t plane = out.size() / image->numcomps;
    for (OPJ_UINT32 c = 0; c < image->numcomps; ++c) {
        const opj_image_comp_t& component = image->comps[c];
        if (!component.data || std::size_t{component.w} * component.h * sampleBytes != plane)
            return false;
        copyComponent(component, stream, range, sampleBytes, out.subspan(c * plane, plane));
    }
    return true;
}

} // namespace annotomy
