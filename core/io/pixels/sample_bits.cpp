#include "core/io/pixels/sample_bits.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <type_traits>

namespace annotomy {

namespace {

template <class T>
void unpack(std::span<const std::byte> packed, std::size_t begin, int bits, std::span<std::byte> samples)
{
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    for (std::size_t s = 0; s < samples.size() / sizeof(T); ++s) {
        const std::size_t first = begin + s * static_cast<std::size_t>(bits), byte = first / 8;
        std::uint64_t window = 0;
        for (std::size_t b = 0; b < 5 && byte + b < packed.size(); ++b)
            window |= std::to_integer<std::uint64_t>(packed[byte + b]) << (8 * b);
        const T value = static_cast<T>(window >> (first % 8) & mask);
        std::memcpy(samples.data() + s * sizeof(T), &value, sizeof(T));
    }
}

template <class T>
void reverseEach(std::span<std::byte> bytes)
{
    for (std::size_t at = 0; at + sizeof(T) <= bytes.size(); at += sizeof(T)) {
        T value;
        std::memcpy(&value, bytes.data() + at, sizeof(T));
        if constexpr (sizeof(T) == 2)
            value = __builtin_bswap16(value);
        else if constexpr (sizeof(T) == 4)
            value = __builtin_bswap32(value);
        else
            value = __builtin_bswap64(value);
        std::memcpy(bytes.data() + at, &value, sizeof(T));
    }
}

template <class T>
void clear(const DicomPixelFormat& format, std::span<std::byte> samples)
{
    using Unsigned = std::make_unsigned_t<T>;
    constexpr int width = 8 * static_cast<int>(sizeof(T));
    const int left = width - 1 - format.highBit, right = width - format.bitsStored;
    for (std::size_t at = 0; at < samples.size(); at += sizeof(T)) {
        Unsigned raw;
        std::memcpy(&raw, samples.data() + at, sizeof raw);
        // Shifting the stored bits to the top and back down clears or sign-extends what lay above them.
        const T value = static_cast<T>(static_cast<T>(static_cast<Unsigned>(raw << left)) >> right);
        std::memcpy(samples.data() + at, &value, sizeof value);
    }
}

template <class From, class To>
void widenEach(std::span<const std::byte> narrow, std::span<std::byte> wide)
{
    for (std::size_t s = 0; s < narrow.size() / sizeof(From); ++s) {
        From value;
        std::memcpy(&value, narrow.data() + s * sizeof(From), sizeof(From));
        const To same = value;
        std::memcpy(wide.data() + s * sizeof(To), &same, sizeof(To));
    }
}

// The eight samples of one bit that a byte holds, the lowest first.
constexpr auto samplesOfByte = [] {
    std::array<std::array<std::byte, 8>, 256> samples{};
    for (std::size_t byte = 0; byte < samples.size(); ++byte)
        for (std::size_t bit = 0; bit < 8; ++bit)
            samples[byte][bit] = static_cast<std::byte>(byte >> bit & 1U);
    return samples;
}();

// Whole bytes of samples of one bit, as those of segmentations are. Returns how many samples these were.
std::size_t unpackBytes(std::span<const std::byte> packed, std::size_t begin, std::span<std::byte> samples)
{
    if (begin % 8 != 0 || begin / 8 > packed.size())
        return 0;
    const std::size_t bytes = std::min(samples.size() / 8, packed.size() - begin / 8);
    for (std::size_t n = 0; n < bytes; ++n)
        std::memcpy(samples.data() + 8 * n, samplesOfByte[std::to_integer<std::size_t>(packed[begin / 8 + n])].data(), 8);
    return 8 * bytes;
}

} // namespace

bool isPacked(const DicomPixelFormat& format)
{
    return static_cast<std::size_t>(format.bitsAllocated) != 8 * format.sampleBytes();
}

void unpackBits(std::span<const std::byte> packed, std::size_t begin, int bits, std::size_t sampleBytes,
                std::span<std::byte> samples)
{
    const std::size_t done = sampleBytes == 1 && bits == 1 ? unpackBytes(packed, begin, samples) : 0;
    if (sampleBytes == 1)
        unpack<std::uint8_t>(packed, begin + done, bits, samples.subspan(done));
    else if (sampleBytes == 2)
        unpack<std::uint16_t>(packed, begin, bits, samples);
    else
        unpack<std::uint32_t>(packed, begin, bits, samples);
}

void reverseBytes(std::span<std::byte> bytes, std::size_t size)
{
    if (size == 2)
        reverseEach<std::uint16_t>(bytes);
    else if (size == 4)
        reverseEach<std::uint32_t>(bytes);
    else if (size == 8)
        reverseEach<std::uint64_t>(bytes);
}

void clearUnusedBits(const DicomPixelFormat& format, std::span<std::byte> samples)
{
    if (format.isFloat || (static_cast<std::size_t>(format.bitsStored) == 8 * format.sampleBytes()))
        return;
    if (format.sampleBytes() == 1)
        format.isSigned ? clear<std::int8_t>(format, samples) : clear<std::uint8_t>(format, samples);
    else if (format.sampleBytes() == 2)
        format.isSigned ? clear<std::int16_t>(format, samples) : clear<std::uint16_t>(format, samples);
    else
        format.isSigned ? clear<std::int32_t>(format, samples) : clear<std::uint32_t>(format, samples);
}

void widen(std::span<const std::byte> narrow, std::size_t narrowBytes, std::size_t wideBytes,
           std::span<std::byte> wide)
{
    assert(narrow.size() / narrowBytes == wide.size() / wideBytes && narrowBytes < wideBytes);
    if (narrowBytes == 2)
        widenEach<std::uint16_t, std::uint32_t>(narrow, wide);
    else if (wideBytes == 2)
        widenEach<std::uint8_t, std::uint16_t>(narrow, wide);
    else
        widenEach<std::uint8_t, std::uint32_t>(narrow, wide);
}

} // namespace annotomy
