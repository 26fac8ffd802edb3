#include "core/io/dicom_pixels.h"

#include <algorithm>
#include <bit>

namespace annotomy {

namespace {

std::uint32_t littleAt(std::span<const std::byte> bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(bytes[at + i]) << (8 * i);
    return value;
}

// One PackBits segment into every `stride`-th byte of `out`. True when it filled all of them.
bool unpackSegment(std::span<const std::byte> segment, std::size_t stride, std::span<std::byte> out)
{
    std::size_t in = 0, to = 0;
    while (to < out.size() && in < segment.size()) {
        const auto control = static_cast<std::int8_t>(segment[in++]);
        if (control == -128)
            continue;
        const bool isLiteral = control >= 0;
        const std::size_t count =
            isLiteral ? static_cast<std::size_t>(control) + 1 : static_cast<std::size_t>(1 - control);
        if (in + (isLiteral ? count : 1) > segment.size())
            return false;
        for (std::size_t n = 0; n < count && to < out.size(); ++n, to += stride)
            out[to] = segment[in + (isLiteral ? n : 0)];
        in += isLiteral ? count : 1;
    }
    return to >= out.size();
}

} // namespace

bool decodeRle(std::span<const std::byte> encoded, std::size_t voxelBytes, std::span<std::byte> out)
{
    constexpr std::size_t headerBytes = 64;
    if (encoded.size() < headerBytes || littleAt(encoded, 0) != voxelBytes)
        return false;
    for (std::size_t s = 0; s < voxelBytes; ++s) {
        const std::size_t begin = littleAt(encoded, 4 + 4 * s);
        const std::size_t end = s + 1 < voxelBytes ? littleAt(encoded, 8 + 4 * s) : encoded.size();
        if (begin < headerBytes || begin > end || end > encoded.size())
            return false;
        // The first segment holds the most significant bytes.
        const std::size_t place = std::endian::native == std::endian::little ? voxelBytes - 1 - s : s;
        if (!unpackSegment(encoded.subspan(begin, end - begin), voxelBytes, out.subspan(place)))
            return false;
    }
    return true;
}

} // namespace annotomy
