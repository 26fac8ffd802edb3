#include "core/io/atomic_file.h"
#include "core/io/byte_stream.h"
#include "core/io/dicom_data_set.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace annotomy {

namespace {

constexpr std::uint32_t undefinedLength = 0xFFFFFFFF;
constexpr DicomTag itemTag = 0xFFFEE000, itemEndTag = 0xFFFEE00D, sequenceEndTag = 0xFFFEE0DD;
constexpr DicomTag pixelDataTag = 0x7FE00010, transferSyntaxTag = 0x00020010;
constexpr int maxDepth = 24;
constexpr std::size_t maxElements = 20'000'000;
constexpr std::size_t maxFileBytes = std::size_t{8} << 30;
constexpr std::size_t maxInflatedBytes = std::size_t{2} << 30;
constexpr std::string_view implicitLittle = "1.2.840.10008.1.2", explicitBig = "1.2.840.10008.1.2.2",
                           deflatedLittle = "1.2.840.10008.1.2.1.99",
                           implicitBigPixels =
                               "1.2.840.113619.5.2"; // GE's own: only the voxels are big endian

struct Encoding {
    bool explicitVr = true;
    bool bigEndian = false;
};

enum class ParseEnd { Done, PastTheEnd, Malformed };

// Walks elements in a buffer. `PastTheEnd` means that a length points behind the buffer.
class Parser {
public:
    Parser(std::span<const std::byte> bytes, std::size_t at, Encoding encoding)
        : m_bytes(bytes), m_at(at), m_encoding(encoding)
    {
    }

    std::size_t position() const { return m_at; }
    const std::optional<DicomPixelData>& pixels() const { return m_pixels; }

    // Only the file meta group, which is always explicit little endian.
    ParseEnd parseMeta(DicomDataSet& set)
    {
        while (m_at + 8 <= m_bytes.size() && peekTag() >> 16 == 0x0002)
            if (const ParseEnd end = parseElement(set, 0); end != ParseEnd::Done)
                return end;
        return ParseEnd::Done;
    }

    ParseEnd parseTopLevel(DicomDataSet& set)
    {
        while (m_at + 8 <= m_bytes.size()) {
            if (const ParseEnd end = parseElement(set, 0); end != ParseEnd::Done)
                return end;
            if (m_pixels)
                return ParseEnd::Done;
        }
        return ParseEnd::Done;
    }

private:
    struct Head {
        DicomTag tag = 0;
        std::string vr;
        std::uint32_t length = 0;
    };

    std::uint32_t integerAt(std::size_t at, std::size_t size) const
    {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t shift = 8 * (m_encoding.bigEndian ? size - 1 - i : i);
            value |= static_cast<std::uint32_t>(m_bytes[at + i]) << shift;
        }
        return value;
    }

    DicomTag peekTag() const { return integerAt(m_at, 2) << 16 | integerAt(m_at + 2, 2); }
    bool holds(std::size_t count) const { return count <= m_bytes.size() - m_at; }

    static bool hasLongLength(const std::string& vr)
    {
        static constexpr std::string_view longs[] = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ",
                                                     "SV", "UC", "UN", "UR", "UT", "UV"};
        return std::find(std::begin(longs), std::end(longs), vr) != std::end(longs);
    }

    // Reads tag, VR and length; an element of an explicit data set without VR letters is read as an implicit
    // one.
    bool readHead(Head& head)
    {
        if (!holds(8))
            return false;
        head.tag = peekTag();
        const bool isDelimiter = head.tag >> 16 == 0xFFFE;
        const auto letter = [&](std::size_t i) { return static_cast<char>(m_bytes[m_at + i]); };
        const auto isLetter = [](char c) { return c >= 'A' && c <= 'Z'; };
        if (isDelimiter || !m_encoding.explicitVr || !isLetter(letter(4)) || !isLetter(letter(5))) {
            head.length = integerAt(m_at + 4, 4);
            m_at += 8;
            return true;
        }
        head.vr = {letter(4), letter(5)};
        if (!hasLongLength(head.vr)) {
            head.length = integerAt(m_at + 6, 2);
            m_at += 8;
            return true;
        }
        if (!holds(12))
            return false;
        head.length = integerAt(m_at + 8, 4);
        m_at += 12;
        return true;
    }

    ParseEnd parseElement(DicomDataSet& set, int depth)
    {
        if (++m_elements > maxElements || depth > maxDepth)
            return ParseEnd::Malformed;
        Head head;
        if (!readHead(head))
            return ParseEnd::PastTheEnd;
        if (head.tag == pixelDataTag && depth == 0)
            return parsePixels(head);
        DicomElement element{head.vr, {}, m_encoding.bigEndian, {}};
        const bool isCompressedIcon = head.vr == "OB" || head.vr == "OW";
        if (head.length == undefinedLength) {
            const ParseEnd end =
                isCompressedIcon ? passFragments() : parseUndefinedSequence(element, head, depth);
            if (end != ParseEnd::Done)
                return end;
        } else {
            if (!holds(head.length))
                return ParseEnd::PastTheEnd;
            element.value = m_bytes.subspan(m_at, head.length);
            if (const ParseEnd end = parseDefinedSequence(element, head, depth); end != ParseEnd::Done)
                return end;
            m_at += head.length;
        }
        set.insert(head.tag, std::move(element));
        return ParseEnd::Done;
    }

    // Encapsulated pixels that are not the image's own (of an icon): nothing of them is read.
    ParseEnd passFragments()
    {
        while (true) {
            Head fragment;
            if (!readHead(fragment))
                return ParseEnd::PastTheEnd;
            if (fragment.tag == sequenceEndTag)
                return ParseEnd::Done;
            if (fragment.tag != itemTag)
                return ParseEnd::Malformed;
            if (!holds(fragment.length))
                return ParseEnd::PastTheEnd;
            m_at += fragment.length;
        }
    }

    // UN of undefined length holds an implicit little endian sequence (PS3.5, 6.2.2).
    ParseEnd parseUndefinedSequence(DicomElement& element, const Head& head, int depth)
    {
        const Encoding outer = m_encoding;
        if (head.vr == "UN")
            m_encoding = {false, false};
        const ParseEnd end = parseItems(element, depth, m_bytes.size());
        m_encoding = outer;
        return end;
    }

    // A private sequence is passed over: nothing of it is read.
    ParseEnd parseDefinedSequence(DicomElement& element, const Head& head, int depth)
    {
        const bool isPrivate = (head.tag >> 16) & 1U;
        const bool beginsLikeItem =
            head.length >= 8 && m_encoding.explicitVr == false && peekTag() == itemTag;
        if (isPrivate || !(head.vr == "SQ" || (head.vr.empty() && beginsLikeItem)))
            return ParseEnd::Done;
        Parser inner(m_bytes.first(m_at + head.length), m_at, m_encoding);
        inner.m_elements = m_elements;
        const ParseEnd end = inner.parseItems(element, depth, m_at + head.length);
        m_elements = inner.m_elements;
        // A length that points out of its own sequence is a contradiction, not a cut file.
        return end == ParseEnd::PastTheEnd ? ParseEnd::Malformed : end;
    }

    ParseEnd parseItems(DicomElement& sequence, int depth, std::size_t limit)
    {
        while (m_at + 8 <= limit) {
            Head head;
            if (!readHead(head))
                return ParseEnd::PastTheEnd;
            if (head.tag == sequenceEndTag)
                return ParseEnd::Done;
            if (head.tag != itemTag)
                return ParseEnd::Malformed;
            DicomDataSet item;
            if (const ParseEnd end = parseItem(item, head, depth); end != ParseEnd::Done)
                return end;
            sequence.items.push_back(std::move(item));
        }
        return limit == m_bytes.size() && m_at < limit ? ParseEnd::PastTheEnd : ParseEnd::Done;
    }

    ParseEnd parseItem(DicomDataSet& item, const Head& head, int depth)
    {
        if (++m_elements > maxElements || depth > maxDepth)
            return ParseEnd::Malformed;
        if (head.length != undefinedLength && !holds(head.length))
            return ParseEnd::PastTheEnd;
        const bool isOpen = head.length == undefinedLength;
        const std::size_t end = isOpen ? m_bytes.size() : m_at + head.length;
        while (m_at + 8 <= end) {
            if (isOpen && peekTag() == itemEndTag) {
                m_at += 8;
                return ParseEnd::Done;
            }
            if (const ParseEnd parsed = parseElement(item, depth + 1); parsed != ParseEnd::Done)
                return parsed;
            if (m_at > end)
                return ParseEnd::Malformed;
        }
        if (isOpen)
            return ParseEnd::PastTheEnd;
        m_at = end;
        return ParseEnd::Done;
    }

    ParseEnd parsePixels(const Head& head)
    {
        DicomPixelData pixels;
        pixels.offset = m_at;
        pixels.length = head.length;
        pixels.encapsulated = head.length == undefinedLength;
        pixels.fragmentsEnd = m_at;
        while (pixels.encapsulated && holds(8)) {
            Head fragment;
            readHead(fragment);
            if (fragment.tag != itemTag)
                break; // the delimiter
            pixels.cut = !holds(fragment.length);
            if (pixels.cut)
                break; // fewer fragments than frames are found then
            pixels.fragments.push_back(m_bytes.subspan(m_at, fragment.length));
            m_at += fragment.length;
            pixels.fragmentsEnd = m_at;
        }
        m_pixels = std::move(pixels);
        return ParseEnd::Done;
    }

    std::span<const std::byte> m_bytes;
    std::size_t m_at;
    Encoding m_encoding;
    std::size_t m_elements = 0;
    std::optional<DicomPixelData> m_pixels;
};

bool hasPreamble(std::span<const std::byte> bytes)
{
    return bytes.size() >= 132 && std::memcmp(bytes.data() + 128, "DICM", 4) == 0;
}

// The encoding of a data set without a preamble and file meta group, from its first element.
std::optional<Encoding> guessedEncoding(std::span<const std::byte> bytes)
{
    if (bytes.size() < 16)
        return std::nullopt;
    const auto at = [&](std::size_t i) { return static_cast<unsigned>(bytes[i]); };
    const bool little = (at(0) == 0x08 || at(0) == 0x02) && at(1) == 0x00 && at(3) == 0x00;
    const bool big = at(0) == 0x00 && at(1) == 0x08 && at(2) == 0x00;
    const auto isLetter = [&](std::size_t i) { return at(i) >= 'A' && at(i) <= 'Z'; };
    const bool explicitVr = isLetter(4) && isLetter(5);
    if (little && (explicitVr || (at(6) == 0 && at(7) == 0))) // an implicit first element is short
        return Encoding{explicitVr, false};
    if (big && explicitVr)
        return Encoding{true, true};
    return std::nullopt;
}

Result<std::vector<std::byte>> inflated(std::span<const std::byte> bytes, const std::string& path)
{
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return Error{ErrorCode::OutOfMemory, path, "no memory to inflate"};
    const std::unique_ptr<z_stream, int (*)(z_stream*)> owner(&stream,
                                                              [](z_stream* s) { return inflateEnd(s); });
    std::vector<std::byte> result, piece(std::size_t{1} << 18);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 0xFFFFFFFFU));
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        status = inflate(&stream, Z_NO_FLUSH);
        result.insert(result.end(), piece.begin(), piece.end() - stream.avail_out);
        if (result.size() > maxInflatedBytes)
            return Error{ErrorCode::Unsupported, path, "more than 2 GiB after inflation"};
    }
    if (status == Z_BUF_ERROR)
        return Error{ErrorCode::Truncated, path, "the file ends too early"};
    if (status != Z_STREAM_END)
        return Error{ErrorCode::Malformed, path, "the compressed data is damaged"};
    return result;
}

Encoding encodingOf(const std::string& transferSyntaxUid)
{
    const bool isImplicit = transferSyntaxUid == implicitLittle || transferSyntaxUid == implicitBigPixels;
    return {!isImplicit, transferSyntaxUid == explicitBig};
}

struct Attempt {
    ParseEnd end = ParseEnd::Done;
    DicomFile file;
};

Result<Attempt> parsed(std::vector<std::byte> content, const std::string& path)
{
    Attempt attempt;
    DicomFile& file = attempt.file;
    auto bytes = std::make_shared<const std::vector<std::byte>>(std::move(content));
    std::size_t start = hasPreamble(*bytes) ? 132 : 0;
    auto encoding = start ? Encoding{} : guessedEncoding(*bytes);
    if (!encoding)
        return Error{ErrorCode::Unrecognised, path, "not a DICOM file"};
    DicomDataSet meta;
    if (start || (*bytes)[0] == std::byte{2}) {
        Parser parser(*bytes, start, {});
        attempt.end = parser.parseMeta(meta);
        start = parser.position();
        file.transferSyntaxUid = meta.text(transferSyntaxTag);
        encoding = encodingOf(file.transferSyntaxUid);
        // What the data set's first bytes show is believed before the transfer syntax: some files lie about
        // it.
        if (file.transferSyntaxUid != deflatedLittle)
            encoding = guessedEncoding(std::span(*bytes).subspan(start)).value_or(*encoding);
        if (attempt.end != ParseEnd::Done)
            return attempt;
    }
    if (file.transferSyntaxUid == deflatedLittle) {
        auto rest = inflated(std::span(*bytes).subspan(start), path);
        if (!rest)
            return rest.error();
        bytes = std::make_shared<const std::vector<std::byte>>(std::move(*rest));
        start = 0;
    }
    Parser parser(*bytes, start, *encoding);
    attempt.end = parser.parseTopLevel(file.dataSet);
    file.pixels = parser.pixels();
    file.bigEndian = encoding->bigEndian || file.transferSyntaxUid == implicitBigPixels;
    file.fileBytes = bytes->size();
    file.bytes = std::move(bytes);
    return attempt;
}

Result<std::vector<std::byte>> firstBytes(const std::string& path, std::size_t most, std::uint64_t& fileBytes)
{
    auto reader = ByteReader::open(path, Compression::None);
    if (!reader)
        return reader.error();
    fileBytes = reader->mostBytes();
    if (fileBytes > maxFileBytes)
        return Error{ErrorCode::Unsupported, path, "a file of more than 8 GiB"};
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(most, fileBytes)));
    if (auto got = reader->read(bytes); !got)
        return got.error();
    return bytes;
}

// Whether the file ends within a fragment, from the heads of those that lie beyond the bytes that were read:
// a scan must not promise an image whose pixels are not there. A missing delimiter alone is forgiven.
Result<bool> endsWithinFragment(const std::string& path, std::uint64_t at, std::uint64_t fileBytes)
{
    constexpr int mostFragments = 1 << 20;
    auto reader = ByteReader::open(path, Compression::None, at);
    for (int n = 0; reader && n < mostFragments && at + 8 <= fileBytes; ++n) {
        std::array<std::byte, 8> head{};
        if (auto got = reader->read(head); !got)
            return got.error();
        const auto two = [&head](std::size_t i) {
            return std::to_integer<std::uint32_t>(head[i]) | std::to_integer<std::uint32_t>(head[i + 1]) << 8;
        };
        if ((two(0) << 16 | two(2)) != itemTag)
            return false;
        const std::uint64_t length = two(4) | two(6) << 16;
        at += 8 + length;
        if (at > fileBytes)
            return true;
        if (auto skipped = reader->skip(length); !skipped)
            return skipped.error();
    }
    return reader ? Result<bool>(false) : Result<bool>(reader.error());
}

bool isDeflated(std::span<const std::byte> bytes)
{
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                                std::min<std::size_t>(bytes.size(), 1024));
    return text.find(deflatedLittle) != std::string_view::npos;
}

} // namespace

bool looksLikeDicom(std::span<const std::byte> bytes)
{
    return hasPreamble(bytes) || guessedEncoding(bytes).has_value();
}

Result<DicomFile> readDicomFile(const std::string& path, DicomExtent extent)
{
    // Most headers end within the first piece; the few that do not are read again, further.
    std::size_t most = extent == DicomExtent::Header ? std::size_t{1} << 16 : maxFileBytes;
    while (true) {
        std::uint64_t fileBytes = 0;
        auto bytes = firstBytes(path, most, fileBytes);
        if (!bytes)
            return bytes.error();
        const bool whole = bytes->size() == fileBytes;
        if (!looksLikeDicom(*bytes))
            return Error{ErrorCode::Unrecognised, path, "not a DICOM file"};
        if (!whole && isDeflated(*bytes)) {
            most = maxFileBytes;
            continue;
        }
        auto attempt = parsed(std::move(*bytes), path);
        if (!attempt)
            return attempt.error();
        const bool sawAll = attempt->file.pixels || whole;
        if (attempt->end == ParseEnd::Malformed)
            return Error{ErrorCode::Malformed, path, "a DICOM element contradicts its length"};
        if (attempt->end == ParseEnd::Done && sawAll) {
            if (attempt->file.transferSyntaxUid != deflatedLittle)
                attempt->file.fileBytes = fileBytes;
            attempt->file.wholeFile = whole;
            if (!whole && attempt->file.pixels && attempt->file.pixels->encapsulated) {
                const auto cut = endsWithinFragment(path, attempt->file.pixels->fragmentsEnd, fileBytes);
                if (!cut)
                    return cut.error();
                attempt->file.pixels->cut = *cut;
            }
            return std::move(attempt->file);
        }
        if (whole)
            return Error{ErrorCode::Truncated, path, "the file ends within a DICOM element"};
        most *= 16;
    }
}

} // namespace annotomy
