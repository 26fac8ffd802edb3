#include "tests/fuzz/support/dicom_bytes.h"

#include <algorithm>
#include <array>

namespace annotomy::fuzz {

namespace {

constexpr std::uint32_t undefinedLength = 0xFFFFFFFF;
constexpr std::uint32_t itemTag = 0xFFFEE000, itemEndTag = 0xFFFEE00D, sequenceEndTag = 0xFFFEE0DD;

bool hasLongLength(std::string_view vr)
{
    constexpr std::array<std::string_view, 13> longs{"OB", "OD", "OF", "OL", "OV", "OW", "SQ",
                                                     "SV", "UC", "UN", "UR", "UT", "UV"};
    return std::find(longs.begin(), longs.end(), vr) != longs.end();
}

} // namespace

void DicomBytes::integer(std::uint32_t value, int size)
{
    for (int i = 0; i < size; ++i)
        m_bytes += static_cast<char>(value >> (8 * (m_encoding.bigEndian ? size - 1 - i : i)));
}

void DicomBytes::tag(std::uint32_t value)
{
    integer(value >> 16, 2);
    integer(value & 0xFFFFU, 2);
}

void DicomBytes::head(std::uint32_t tagValue, std::string_view vr, std::uint32_t length)
{
    tag(tagValue);
    const bool isLong = !m_encoding.explicitVr || vr.empty() || hasLongLength(vr);
    if (m_encoding.explicitVr && !vr.empty()) {
        m_bytes += vr;
        if (isLong)
            integer(0, 2);
    }
    integer(length, isLong ? 4 : 2);
}

DicomBytes& DicomBytes::raw(std::uint32_t tagValue, std::string_view vr, std::string_view value)
{
    head(tagValue, vr, static_cast<std::uint32_t>(value.size()));
    m_bytes += value;
    return *this;
}

DicomBytes& DicomBytes::text(std::uint32_t tagValue, std::string_view vr, std::string value)
{
    if (value.size() % 2)
        value += vr == "UI" ? '\0' : ' ';
    return raw(tagValue, vr, value);
}

DicomBytes& DicomBytes::number(std::uint32_t tagValue, std::uint16_t value)
{
    head(tagValue, "US", 2);
    integer(value, 2);
    return *this;
}

DicomBytes& DicomBytes::sequence(std::uint32_t tagValue, const std::vector<DicomBytes>& items)
{
    DicomBytes content(m_encoding);
    for (const DicomBytes& item : items)
        content.raw(itemTag, {}, item.bytes());
    return raw(tagValue, "SQ", content.bytes());
}

DicomBytes& DicomBytes::openSequence(std::uint32_t tagValue, const std::vector<DicomBytes>& items)
{
    head(tagValue, "SQ", undefinedLength);
    for (const DicomBytes& item : items) {
        head(itemTag, {}, undefinedLength);
        m_bytes += item.bytes();
        head(itemEndTag, {}, 0);
    }
    head(sequenceEndTag, {}, 0);
    return *this;
}

DicomBytes& DicomBytes::fragments(const std::vector<std::string>& values)
{
    head(0x7FE00010, "OB", undefinedLength);
    for (const std::string& value : values)
        raw(itemTag, {}, value);
    head(sequenceEndTag, {}, 0);
    return *this;
}

std::string dicomFile(std::string_view transferSyntax, std::string_view dataSet)
{
    DicomBytes meta;
    meta.text(0x00020010, "UI", std::string(transferSyntax));
    return std::string(128, '\0') + "DICM" + meta.bytes() + std::string(dataSet);
}

} // namespace annotomy::fuzz
