#include "core/io/pixels/code_stream.h"

#include <algorithm>
#include <cstring>

namespace annotomy {

namespace {

using Bytes = std::span<const std::byte>;

unsigned byteAt(Bytes bytes, std::size_t at)
{
    return at < bytes.size() ? static_cast<unsigned>(bytes[at]) : 0;
}

unsigned shortAt(Bytes bytes, std::size_t at)
{
    return byteAt(bytes, at) << 8 | byteAt(bytes, at + 1);
}

std::size_t longAt(Bytes bytes, std::size_t at)
{
    return static_cast<std::size_t>(shortAt(bytes, at)) << 16 | shortAt(bytes, at + 2);
}

int asSize(std::size_t value)
{
    return value > 65535 ? -1 : static_cast<int>(value);
}

// ISO/IEC 15444-1 A.6.1: the coding style of the whole image, one of the markers behind SIZ.
void readCodingStyle(Bytes bytes, std::size_t at, CodeStream& stream)
{
    while (at + 4 <= bytes.size()) {
        const unsigned marker = shortAt(bytes, at);
        if (marker == 0xFF52) {
            stream.mixesColours = byteAt(bytes, at + 8) == 1;
            stream.isReversible = byteAt(bytes, at + 13) == 1;
        }
        if (marker < 0xFF01 || marker == 0xFF52 || marker == 0xFF90 || shortAt(bytes, at + 2) < 2)
            return;
        at += 2 + shortAt(bytes, at + 2);
    }
}

// ISO/IEC 15444-1 A.5.1: SIZ follows the start of the code stream.
std::optional<CodeStream> jpeg2000(Bytes bytes, std::size_t soc)
{
    const std::size_t siz = soc + 2;
    if (shortAt(bytes, siz) != 0xFF51 || siz + 42 > bytes.size())
        return std::nullopt;
    const std::size_t x1 = longAt(bytes, siz + 6), y1 = longAt(bytes, siz + 10), x0 = longAt(bytes, siz + 14),
                      y0 = longAt(bytes, siz + 18), tileWidth = longAt(bytes, siz + 22),
                      tileHeight = longAt(bytes, siz + 26);
    const std::size_t components = shortAt(bytes, siz + 38);
    if (x1 <= x0 || y1 <= y0 || tileWidth == 0 || tileHeight == 0 || siz + 40 + 3 * components > bytes.size())
        return std::nullopt;
    CodeStream stream;
    stream.kind = CodeStream::Kind::Jpeg2000;
    stream.start = soc;
    stream.columns = asSize(x1 - x0);
    stream.rows = asSize(y1 - y0);
    stream.components = static_cast<int>(components);
    stream.precision = static_cast<int>((byteAt(bytes, siz + 40) & 0x7FU) + 1);
    stream.isSigned = byteAt(bytes, siz + 40) & 0x80U;
    for (std::size_t c = 0; c < components; ++c) {
        const std::size_t at = siz + 40 + 3 * c;
        stream.isSubsampled = stream.isSubsampled || byteAt(bytes, at + 1) != 1 ||
                              byteAt(bytes, at + 2) != 1 || byteAt(bytes, at) != byteAt(bytes, siz + 40);
    }
    stream.tiles = (x1 / tileWidth + 1) * (y1 / tileHeight + 1);
    readCodingStyle(bytes, siz + 2 + shortAt(bytes, siz + 2), stream);
    return stream;
}

CodeStream::Kind kindOf(unsigned startOfFrame)
{
    switch (startOfFrame) {
    case 0xFFC0:
    case 0xFFC1:
        return CodeStream::Kind::JpegSequential;
    case 0xFFC3:
        return CodeStream::Kind::JpegLossless;
    case 0xFFF7:
        return CodeStream::Kind::JpegLs;
    default:
        return CodeStream::Kind::JpegOther;
    }
}

bool isStartOfFrame(unsigned marker)
{
    const bool isTable = marker == 0xFFC4 || marker == 0xFFC8 || marker == 0xFFCC;
    return (marker >= 0xFFC0 && marker <= 0xFFCF && !isTable) || marker == 0xFFF7; // FFF7: JPEG-LS
}

bool holdsText(Bytes bytes, std::size_t at, const char* text)
{
    const std::size_t length = std::strlen(text);
    return at + length <= bytes.size() && std::memcmp(bytes.data() + at, text, length) == 0;
}

// What an application marker says of the colours: Adobe's (APP14) outweighs JFIF's (APP0).
void readApplicationMarker(Bytes bytes, std::size_t at, CodeStream& stream)
{
    if (shortAt(bytes, at) == 0xFFE0 && holdsText(bytes, at + 4, "JFIF") &&
        stream.colour == CodeStream::Colour::Unknown)
        stream.colour = CodeStream::Colour::Ybr;
    if (shortAt(bytes, at) == 0xFFEE && holdsText(bytes, at + 4, "Adobe") && shortAt(bytes, at + 2) >= 14)
        stream.colour =
            byteAt(bytes, at + 15) == 0 ? CodeStream::Colour::Rgb : CodeStream::Colour::Ybr;
}

void readStartOfFrame(Bytes bytes, std::size_t at, CodeStream& stream)
{
    stream.kind = kindOf(shortAt(bytes, at));
    stream.precision = static_cast<int>(byteAt(bytes, at + 4));
    stream.rows = static_cast<int>(shortAt(bytes, at + 5));
    stream.columns = static_cast<int>(shortAt(bytes, at + 7));
    stream.components = static_cast<int>(byteAt(bytes, at + 9));
    const bool isNamedRgb = byteAt(bytes, at + 10) == 'R' && byteAt(bytes, at + 13) == 'G' &&
                            byteAt(bytes, at + 16) == 'B';
    if (stream.components == 3 && isNamedRgb)
        stream.colour = CodeStream::Colour::Rgb;
}

std::optional<CodeStream> jpeg(Bytes bytes)
{
    CodeStream stream;
    std::size_t at = 2;
    while (at + 10 < bytes.size()) {
        const unsigned marker = shortAt(bytes, at);
        if (marker == 0xFFFF) { // fill byte
            ++at;
            continue;
        }
        if (marker < 0xFF01)
            return std::nullopt;
        if (isStartOfFrame(marker)) {
            readStartOfFrame(bytes, at, stream);
            return stream;
        }
        const unsigned length = shortAt(bytes, at + 2);
        if (length < 2 || marker == 0xFFDA)
            return std::nullopt;
        readApplicationMarker(bytes, at, stream);
        at += 2 + length;
    }
    return std::nullopt;
}

} // namespace

std::optional<CodeStream> codeStreamOf(Bytes encoded)
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
