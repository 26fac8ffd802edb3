#include "core/io/dicom_pixels.h"

#include <algorithm>

namespace annotomy {

namespace {

unsigned byteAt(std::span<const std::byte> bytes, std::size_t at)
{
    return at < bytes.size() ? static_cast<unsigned>(bytes[at]) : 0;
}

unsigned shortAt(std::span<const std::byte> bytes, std::size_t at)
{
    return byteAt(bytes, at) << 8 | byteAt(bytes, at + 1);
}

std::size_t longAt(std::span<const std::byte> bytes, std::size_t at)
{
    return static_cast<std::size_t>(shortAt(bytes, at)) << 16 | shortAt(bytes, at + 2);
}

int asSize(std::size_t value)
{
    return value > 65535 ? -1 : static_cast<int>(value);
}

// ISO/IEC 15444-1 A.5.1: SIZ follows the start of the code stream.
std::optional<CodeStream> jpeg2000(std::span<const std::byte> bytes, std::size_t soc)
{
    const std::size_t siz = soc + 2;
    if (shortAt(bytes, siz) != 0xFF51 || siz + 42 > bytes.size())
        return std::nullopt;
    const std::size_t x1 = longAt(bytes, siz + 6), y1 = longAt(bytes, siz + 10), x0 = longAt(bytes, siz + 14),
                      y0 = longAt(bytes, siz + 18);
    if (x1 <= x0 || y1 <= y0)
        return std::nullopt;
    return CodeStream{asSize(x1 - x0), asSize(y1 - y0), static_cast<int>(shortAt(bytes, siz + 38)),
                      static_cast<int>((byteAt(bytes, siz + 40) & 0x7FU) + 1)};
}

bool isStartOfFrame(unsigned marker)
{
    const bool isTable = marker == 0xFFC4 || marker == 0xFFC8 || marker == 0xFFCC;
    return (marker >= 0xFFC0 && marker <= 0xFFCF && !isTable) || marker == 0xFFF7; // FFF7: JPEG-LS
}

std::optional<CodeStream> jpeg(std::span<const std::byte> bytes)
{
    std::size_t at = 2;
    while (at + 10 < bytes.size()) {
        const unsigned marker = shortAt(bytes, at);
        if (marker == 0xFFFF) { // fill byte
            ++at;
            continue;
        }
        if (marker < 0xFF01)
            return std::nullopt;
        if (isStartOfFrame(marker))
            return CodeStream{
                static_cast<int>(shortAt(bytes, at + 7)), static_cast<int>(shortAt(bytes, at + 5)),
                static_cast<int>(byteAt(bytes, at + 9)), static_cast<int>(byteAt(bytes, at + 4))};
        const unsigned length = shortAt(bytes, at + 2);
        if (length < 2 || marker == 0xFFDA)
            return std::nullopt;
        at += 2 + length;
    }
    return std::nullopt;
}

} // namespace

std::optional<CodeStream> codeStreamOf(std::span<const std::byte> encoded)
{
    if (shortAt(encoded, 0) == 0xFFD8)
        return jpeg(encoded);
    if (shortAt(encoded, 0) == 0xFF4F)
        return jpeg2000(encoded, 0);
    // Some writers keep the boxes of a .jp2 file around the code stream.
    const std::byte start[] = {std::byte{0xFF}, std::byte{0x4F}, std::byte{0xFF}, std::byte{0x51}};
    const auto head = encoded.first(std::min<std::size_t>(encoded.size(), 4096));
    const auto found = std::search(head.begin(), head.end(), std::begin(start), std::end(start));
    return found == head.end() ? std::nullopt
                               : jpeg2000(encoded, static_cast<std::size_t>(found - head.begin()));
}

} // namespace annotomy
