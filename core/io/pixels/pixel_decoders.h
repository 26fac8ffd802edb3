#pragma once

#include "core/io/pixels/code_stream.h"
#include "core/io/pixels/colour.h"

#include <optional>
#include <span>

namespace annotomy {

// The coders of DICOM's pixel data, each into samples of this machine's byte order. Internal to core/io. None
// of them writes beyond `out` or trusts its input; false or nothing when that does not fill `out`, is damaged
// or is cut.

// DICOM RLE of one frame (PS3.5, Annex G) into `planes` planes of samples of `sampleBytes` bytes, each from
// that many segments.
bool decodeRle(std::span<const std::byte> encoded, std::size_t planes, std::size_t sampleBytes,
               std::span<std::byte> out);

// As above, of one plane.
inline bool decodeRle(std::span<const std::byte> encoded, std::size_t sampleBytes, std::span<std::byte> out)
{
    return decodeRle(encoded, 1, sampleBytes, out);
}

// A raw deflate stream; what follows it is padding.
bool decodeDeflated(std::span<const std::byte> encoded, std::span<std::byte> out);

// The decoders of code streams require what codeStreamOf(encoded) says, with out.size() of all its samples.
// Samples have one byte up to 8 bits of precision, else two.
inline std::size_t codedBytes(const CodeStream& stream)
{
    return stream.precision <= 8 ? 1 : 2;
}

// Sequential and lossless JPEG of up to 16 bits, by voxel; colours are left as they are coded.
bool decodeJpeg(std::span<const std::byte> encoded, const CodeStream& stream, std::span<std::byte> out);

std::optional<SampleOrder> decodeJpegLs(std::span<const std::byte> encoded, const CodeStream& stream,
                                        std::span<std::byte> out);

// JPEG 2000, also high-throughput, by plane, into samples of `sampleBytes` bytes. Values beyond `bits` bits
// are cut off when the code stream is signed as the samples are, and when it is lossy: there, they are
// overshoots.
struct SampleRange {
    int bits = 16;
    bool isSigned = false;
};
bool decodeJpeg2000(std::span<const std::byte> encoded, const CodeStream& stream, const SampleRange& range,
                    std::size_t sampleBytes, std::span<std::byte> out);

} // namespace annotomy
