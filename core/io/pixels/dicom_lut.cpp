#include "core/io/pixels/dicom_lut.h"

#include "core/io/dicom/dicom_tags.h"
#include "core/io/pixels/colour.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace annotomy {

namespace {

using Words = std::vector<std::uint16_t>;

Error malformed(const std::string& path)
{
    return {ErrorCode::Malformed, path, "a look-up table contradicts its description"};
}

// An element as numbers of one or two bytes.
Words wordsOf(const DicomElement& element, std::size_t size)
{
    Words words(element.value.size() / size);
    for (std::size_t w = 0; w < words.size(); ++w) {
        const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(element.value[w * size + i]); };
        words[w] = static_cast<std::uint16_t>(size == 1           ? at(0)
                                              : element.bigEndian ? at(0) << 8 | at(1)
                                                                  : at(1) << 8 | at(0));
    }
    return words;
}

// Plain entries: a word each, or of 8 bits a byte each.
std::optional<Words> plainEntries(const DicomDataSet& set, DicomTag data, std::size_t count)
{
    const DicomElement* element = set.find(data);
    if (!element || element->value.size() < count)
        return std::nullopt;
    Words words = wordsOf(*element, element->value.size() >= 2 * count ? 2 : 1);
    words.resize(count);
    return words;
}

// Expands the segments of a palette (PS3.3 C.7.9.2), never beyond the entries that its descriptor promises.
class SegmentExpander {
public:
    SegmentExpander(const Words& data, std::size_t count) : m_data(data), m_count(count) {}

    std::optional<Words> expanded()
    {
        std::size_t at = 0;
        while (at + 1 < m_data.size() && m_entries.size() < m_count)
            if (!expandSegment(at, true))
                return std::nullopt;
        if (m_entries.size() != m_count)
            return std::nullopt;
        return std::move(m_entries);
    }

private:
    std::size_t word(std::size_t at) const { return at < m_data.size() ? m_data[at] : 0; }

    bool expandSegment(std::size_t& at, bool mayRefer)
    {
        const std::size_t kind = word(at), length = word(at + 1);
        at += 2;
        if (kind == 0)
            return copyDiscrete(at, length);
        if (kind == 1)
            return drawLine(at, length);
        return kind == 2 && mayRefer && repeat(at, length);
    }

    bool copyDiscrete(std::size_t& at, std::size_t length)
    {
        if (at + length > m_data.size() || m_entries.size() + length > m_count)
            return false;
        for (std::size_t n = 0; n < length; ++n)
            m_entries.push_back(m_data[at + n]);
        at += length;
        return true;
    }

    bool drawLine(std::size_t& at, std::size_t length)
    {
        if (at >= m_data.size() || m_entries.empty() || m_entries.size() + length > m_count)
            return false;
        const double from = m_entries.back(), to = m_data[at++];
        for (std::size_t n = 1; n <= length; ++n) {
            const double share = static_cast<double>(n) / static_cast<double>(length);
            m_entries.push_back(static_cast<std::uint16_t>(std::lround(from + share * (to - from))));
        }
        return true;
    }

    // An indirect segment: `length` segments that stand elsewhere, none of them indirect itself.
    bool repeat(std::size_t& at, std::size_t length)
    {
        std::size_t from = word(at) | word(at + 1) << 16;
        at += 2;
        for (std::size_t n = 0; n < length; ++n)
            if (from + 1 >= m_data.size() || !expandSegment(from, false))
                return false;
        return true;
    }

    const Words& m_data;
    std::size_t m_count;
    Words m_entries;
};

std::optional<Words> segmentedEntries(const DicomDataSet& set, DicomTag data, const LutRange& range)
{
    const DicomElement* element = set.find(data);
    if (!element)
        return std::nullopt;
    const Words words = wordsOf(*element, range.bits <= 8 ? 1 : 2);
    return SegmentExpander(words, static_cast<std::size_t>(range.count)).expanded();
}

bool isWide(const Words& values)
{
    return std::any_of(values.begin(), values.end(), [](unsigned v) { return v > 255; });
}

// Some writers fill more bits than they announce.
int bitsOf(const Words& values, int announced)
{
    return isWide(values) ? std::max(announced, 16) : announced;
}

} // namespace

std::size_t DicomLut::indexOf(std::int64_t stored) const
{
    const std::int64_t last = static_cast<std::int64_t>(values.size()) - 1;
    return static_cast<std::size_t>(std::clamp<std::int64_t>(stored - first, 0, last));
}

std::optional<LutRange> lutRangeOf(const DicomDataSet& set, DicomTag descriptor, bool isSigned)
{
    const auto numbers = set.numbers(descriptor);
    if (numbers.size() != 3)
        return std::nullopt;
    const auto word = [&](std::size_t i) { return static_cast<int>(numbers[i]) & 0xFFFF; };
    const int count = word(0) == 0 ? 65536 : word(0), bits = word(2);
    if (bits < 1 || bits > 16)
        return std::nullopt;
    return LutRange{isSigned && word(1) > 32767 ? word(1) - 65536 : word(1), count, bits};
}

Result<DicomLut> modalityLutOf(const DicomDataSet& set, const std::string& path)
{
    const DicomDataSet& item = *set.firstItem(tag::modalityLut);
    const bool isSigned = set.integer(tag::pixelRepresentation).value_or(0) == 1;
    const auto range = lutRangeOf(item, tag::lutDescriptor, isSigned);
    if (!range)
        return malformed(path);
    auto values = plainEntries(item, tag::lutData, static_cast<std::size_t>(range->count));
    if (!values)
        return malformed(path);
    const int bits = bitsOf(*values, range->bits);
    return DicomLut{range->first, bits, std::move(*values)};
}

std::optional<DicomLut> voiLutOf(const DicomDataSet& item, const LutRange& range)
{
    auto values = plainEntries(item, tag::lutData, static_cast<std::size_t>(range.count));
    if (!values)
        return std::nullopt;
    return DicomLut{range.first, range.bits, std::move(*values)};
}

Result<DicomPalette> paletteOf(const DicomDataSet& set, const std::string& path)
{
    const bool isSigned = set.integer(tag::pixelRepresentation).value_or(0) == 1;
    const bool isSegmented = set.has(tag::redSegments);
    std::array<Words, 3> colours;
    std::optional<LutRange> first;
    int bits = 1;
    bool areWide = false; // some announce 16 bits and fill 8
    for (DicomTag c = 0; c < 3; ++c) {
        const auto range = lutRangeOf(set, tag::redDescriptor + c, isSigned);
        first = first ? first : range;
        if (!range || range->count != first->count || range->first != first->first)
            return malformed(path);
        auto values = isSegmented ? segmentedEntries(set, tag::redSegments + c, *range)
                                  : plainEntries(set, tag::redData + c, static_cast<std::size_t>(range->count));
        if (!values)
            return malformed(path);
        bits = std::max(bits, bitsOf(*values, range->bits));
        areWide = areWide || isWide(*values);
        colours[c] = std::move(*values);
    }
    DicomPalette palette{{first->first, bits, {}}, areWide ? bits : 8, {}};
    for (std::size_t n = 0; n < colours[0].size(); ++n) {
        const unsigned red = colours[0][n], green = colours[1][n], blue = colours[2][n];
        palette.luminance.values.push_back(luminanceOf<std::uint16_t>(red, green, blue));
        palette.colours.push_back({eightBits(red, palette.colourBits), eightBits(green, palette.colourBits),
                                   eightBits(blue, palette.colourBits)});
    }
    return palette;
}

} // namespace annotomy
