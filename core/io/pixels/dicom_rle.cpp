#include "core/io/pixels/pixel_decoders.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>

namespace annotomy {

namespace {

std::uint32_t littleAt(std::span<const std::byte> bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(bytes[at + i]) << (8 * i);
    return value;
}

// One PackBits segment. True when it fills `out`; runs that would go further are cut.
bool unpackSegment(std::span<const std::byte> segment, std::span<std::byte> out)
{
    const std::byte* in = segment.data();
    const std::byte* const end = in + segment.size();
    std::byte* to = out.data();
    std::byte* const last = to + out.size();
    while (to < last && in < end) {
        const auto control = static_cast<std::int8_t>(*in++);
        if (control == -128)
            continue;
        const std::size_t count =
            control >= 0 ? static_cast<std::size_t>(control) + 1 : static_cast<std::size_t>(1 - control);
        const std::size_t taken = control >= 0 ? count : 1;
        if (taken > static_cast<std::size_t>(end - in))
            return false;
        const std::size_t kept = std::min(count, static_cast<std::size_t>(last - to));
        if (control >= 0)
            std::memcpy(to, in, kept);
        else
            std::memset(to, std::to_integer<int>(*in), kept);
        to += kept;
        in += taken;
    }
    return to == last;
}

// Puts the bytes of samples, most significant plane first, beside one another.
template <class T>
void joinBytes(const std::byte* planes, std::size_t count, std::byte* out)
{
    for (std::size_t v = 0; v < count; ++v) {
        T value = 0;
        for (std::size_t b = 0; b < sizeof(T); ++b)
            value = static_cast<T>(value << 8 | std::to_integer<T>(planes[b * count + v]));
        std::memcpy(out + v * sizeof(T), &value, sizeof(T));
    }
}

} // namespace

bool decodeRle(std::span<const std::byte> encoded, std::size_t planes, std::size_t sampleBytes,
               std::span<std::byte> out)
{
    constexpr std::size_t headerBytes = 64, mostSegments = 15;
    const std::size_t segments = planes * sampleBytes, count = out.size() / segments;
    if (encoded.size() < headerBytes || segments > mostSegments || littleAt(encoded, 0) != segments)
        return false;
    std::unique_ptr<std::byte[]> apart;
    if (sampleBytes > 1)
        apart = std::make_unique_for_overwrite<std::byte[]>(sampleBytes * count);
    for (std::size_t s = 0; s < segments; ++s) {
        const std::size_t begin = littleAt(encoded, 4 + 4 * s);
        const std::size_t end = s + 1 < segments ? littleAt(encoded, 8 + 4 * s) : encoded.size();
        if (begin < headerBytes || begin > end || end > encoded.size())
            return false;
        const auto segment = encoded.subspan(begin, end - begin);
        const std::size_t plane = s / sampleBytes, byte = s % sampleBytes;
        const std::span<std::byte> own = out.subspan(plane * sampleBytes * count, sampleBytes * count);
        if (!unpackSegment(segment, apart ? std::span(apart.get() + byte * count, count) : own))
            return false;
        if (byte + 1 < sampleBytes)
            continue;
        if (sampleBytes == 2)
            joinBytes<std::uint16_t>(apart.get(), count, own.data());
        else if (sampleBytes == 4)
            joinBytes<std::uint32_t>(apart.get(), count, own.data());
    }
    return true;
}

} // namespace annotomy
