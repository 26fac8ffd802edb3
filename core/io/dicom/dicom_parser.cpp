#include "core/io/dicom/dicom_parser.h"

#include <algorithm>

namespace annotomy {

namespace {

constexpr std::uint32_t undefinedLength = 0xFFFFFFFF;
constexpr DicomTag itemTag = 0xFFFEE000, itemEndTag = 0xFFFEE00D, sequenceEndTag = 0xFFFEE0DD;
constexpr DicomTag pixelDataTag = 0x7FE00010, floatPixelsTag = 0x7FE00008, doublePixelsTag = 0x7FE00009;
constexpr int maxDepth = 24;
constexpr std::size_t maxElements = 20'000'000;

using ParseEnd = DicomParseEnd;
using Encoding = DicomEncoding;

// A VR's two letters as one number; 0 in implicit VR.
using Vr = std::uint16_t;
constexpr Vr vrCode(char first, char second)
{
    return static_cast<Vr>(static_cast<unsigned char>(first) << 8 | static_cast<unsigned char>(second));
}
constexpr Vr vrNone = 0, vrOB = vrCode('O', 'B'), vrOW = vrCode('O', 'W'), vrSQ = vrCode('S', 'Q'),
             vrUN = vrCode('U', 'N');

std::string lettersOf(Vr code)
{
    return code == vrNone ? std::string() : std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
}

bool holdsPixels(DicomTag tag)
{
    return tag == pixelDataTag || tag == floatPixelsTag || tag == doublePixelsTag;
}

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
        const Settling settling(set);
        while (m_at + 8 <= m_bytes.size() && peekTag() >> 16 == 0x0002)
            if (const ParseEnd end = parseElement(set, 0); end != ParseEnd::Done)
                return end;
        return ParseEnd::Done;
    }

    ParseEnd parseTopLevel(DicomDataSet& set)
    {
        const Settling settling(set);
        set.reserve(64); // as many as most headers have
        while (m_at + 8 <= m_bytes.size()) {
            if (const ParseEnd end = parseElement(set, 0); end != ParseEnd::Done)
                return end;
            if (m_pixels)
                return ParseEnd::Done;
        }
        return ParseEnd::Done;
    }

private:
    // Puts a data set's elements into order when its parsing ends, whichever way.
    struct Settling {
        explicit Settling(DicomDataSet& toSettle) : set(toSettle) {}
        ~Settling() { set.settle(); }
        Settling(const Settling&) = delete;
        Settling& operator=(const Settling&) = delete;
        DicomDataSet& set;
    };

    struct Head {
        DicomTag tag = 0;
        Vr vr = vrNone;
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

    static bool hasLongLength(Vr code)
    {
        switch (code) {
        case vrOB:
        case vrOW:
        case vrSQ:
        case vrUN:
        case vrCode('O', 'D'):
        case vrCode('O', 'F'):
        case vrCode('O', 'L'):
        case vrCode('O', 'V'):
        case vrCode('S', 'V'):
        case vrCode('U', 'C'):
        case vrCode('U', 'R'):
        case vrCode('U', 'T'):
        case vrCode('U', 'V'):
            return true;
        default:
            return false;
        }
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
        head.vr = vrCode(letter(4), letter(5));
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
        if (holdsPixels(head.tag) && depth == 0)
            return parsePixels(set, head);
        DicomElement element{lettersOf(head.vr), {}, m_encoding.bigEndian, {}};
        const bool isCompressedIcon = head.vr == vrOB || head.vr == vrOW;
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
        if (head.vr == vrUN)
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
        // Software that does not know an attribute passes its sequence on as bytes (PS3.5, 6.2.2, note 6).
        const bool isUnknown =
            head.vr == vrUN && !m_encoding.bigEndian && head.length >= 8 && peekTag() == itemTag;
        if (isPrivate || !(head.vr == vrSQ || (head.vr == vrNone && beginsLikeItem) || isUnknown))
            return ParseEnd::Done;
        Parser inner(m_bytes.first(m_at + head.length), m_at, isUnknown ? Encoding{false, false} : m_encoding);
        inner.m_elements = m_elements;
        const ParseEnd end = inner.parseItems(element, depth, m_at + head.length);
        m_elements = inner.m_elements;
        if (isUnknown && end != ParseEnd::Done)
            element.items.clear(); // it only looked like one
        if (isUnknown)
            return ParseEnd::Done;
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
        const Settling settling(item);
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

    ParseEnd parsePixels(DicomDataSet& set, const Head& head)
    {
        set.insert(head.tag, {lettersOf(head.vr), {}, m_encoding.bigEndian, {}}); // that it is there
        DicomPixelData pixels;
        pixels.tag = head.tag;
        pixels.isWords = head.vr == vrOW;
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

} // namespace

DicomParse parseDicomMeta(std::span<const std::byte> bytes, std::size_t at, DicomDataSet& set)
{
    Parser parser(bytes, at, {});
    const ParseEnd end = parser.parseMeta(set);
    return {end, parser.position(), std::nullopt};
}

DicomParse parseDicomDataSet(std::span<const std::byte> bytes, std::size_t at, DicomEncoding encoding,
                             DicomDataSet& set)
{
    Parser parser(bytes, at, encoding);
    const ParseEnd end = parser.parseTopLevel(set);
    return {end, parser.position(), parser.pixels()};
}

} // namespace annotomy
