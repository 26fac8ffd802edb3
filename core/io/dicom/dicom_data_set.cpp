#include "core/io/dicom/dicom_data_set.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

namespace annotomy {

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto isPadding = [](char c) { return c == ' ' || c == '\0'; };
    while (!text.empty() && isPadding(text.back()))
        text.remove_suffix(1);
    while (!text.empty() && isPadding(text.front()))
        text.remove_prefix(1);
    return text;
}

std::string_view trimmedValue(const DicomElement& element)
{
    return trimmed({reinterpret_cast<const char*>(element.value.data()), element.value.size()});
}

// Calls take(part) for what stands between backslashes, until it says false.
template <class Take>
void splitValue(const DicomElement& element, const Take& take)
{
    const std::string_view whole = trimmedValue(element);
    for (std::size_t at = 0; !whole.empty();) {
        const std::size_t end = whole.find('\\', at);
        if (!take(trimmed(whole.substr(at, end == std::string_view::npos ? end : end - at))))
            return;
        if (end == std::string_view::npos)
            return;
        at = end + 1;
    }
}

std::optional<double> parsedNumber(std::string_view text)
{
    const char* first = text.data();
    const char* const last = text.data() + text.size();
    if (first != last && *first == '+')
        ++first;
    double value = 0;
    const auto [end, error] = std::from_chars(first, last, value);
    if (error != std::errc() || end != last || !std::isfinite(value))
        return std::nullopt;
    return value;
}

template <class T>
std::vector<double> binaryNumbers(const DicomElement& element)
{
    std::vector<double> numbers;
    for (std::size_t at = 0; at + sizeof(T) <= element.value.size(); at += sizeof(T)) {
        std::array<std::byte, sizeof(T)> raw;
        std::memcpy(raw.data(), element.value.data() + at, sizeof(T));
        if (element.bigEndian != (std::endian::native == std::endian::big))
            std::reverse(raw.begin(), raw.end());
        numbers.push_back(static_cast<double>(std::bit_cast<T>(raw)));
    }
    return numbers;
}

// Of the overlays' groups, 6000 to 601E.
std::string_view vrOfOverlay(DicomTag tag)
{
    switch (tag & 0xFFFFU) {
    case 0x0010:
    case 0x0011:
    case 0x0051:
    case 0x0100:
    case 0x0102:
        return "US";
    case 0x0050:
        return "SS";
    default:
        return "";
    }
}

// The type of the binary elements that are read, for data sets in implicit VR, which do not tell it.
std::string_view vrOf(DicomTag tag, const DicomElement& element)
{
    if (!element.vr.empty() && element.vr != "UN")
        return element.vr;
    const bool isPixelFormat =
        tag == 0x00280002 || tag == 0x00280006 || tag == 0x00280010 || tag == 0x00280011;
    const bool isPadding = tag == 0x00280120 || tag == 0x00280121;
    const bool isLutDescriptor = (tag >= 0x00281101 && tag <= 0x00281103) || tag == 0x00283002;
    if (isPixelFormat || isPadding || isLutDescriptor || (tag >= 0x00280100 && tag <= 0x00280103))
        return "US";
    if (tag == 0x00620004 || tag == 0x0062000B || tag == 0x0062000D || tag == 0x0062000E)
        return "US"; // of segments
    if ((tag & 0xFFE10000U) == 0x60000000U)
        return vrOfOverlay(tag);
    return tag == 0x00209128 ? "UL" : "";
}

} // namespace

void DicomDataSet::insert(DicomTag tag, DicomElement element)
{
    if (!m_elements.empty() && m_elements.back().first == tag) {
        m_elements.back().second = std::move(element);
        return;
    }
    m_isSorted = m_isSorted && (m_elements.empty() || m_elements.back().first < tag);
    m_elements.emplace_back(tag, std::move(element));
}

void DicomDataSet::reserve(std::size_t count)
{
    m_elements.reserve(count);
}

void DicomDataSet::settle()
{
    if (m_isSorted)
        return;
    std::stable_sort(m_elements.begin(), m_elements.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto sameTag = [](const auto& a, const auto& b) { return a.first == b.first; };
    // Of the same tag, the last stays: from behind, it is the first.
    const auto kept = std::unique(m_elements.rbegin(), m_elements.rend(), sameTag);
    m_elements.erase(m_elements.begin(), kept.base());
    m_isSorted = true;
}

DicomDataSet::DicomDataSet() = default;
DicomDataSet::DicomDataSet(const DicomDataSet& other) = default;
DicomDataSet::DicomDataSet(DicomDataSet&& other) noexcept = default;
DicomDataSet& DicomDataSet::operator=(const DicomDataSet& other) = default;
DicomDataSet& DicomDataSet::operator=(DicomDataSet&& other) noexcept = default;
DicomDataSet::~DicomDataSet() = default;

const DicomElement* DicomDataSet::find(DicomTag tag) const
{
    if (!m_isSorted) {
        const auto last = std::find_if(m_elements.rbegin(), m_elements.rend(),
                                       [tag](const auto& element) { return element.first == tag; });
        return last == m_elements.rend() ? nullptr : &last->second;
    }
    const auto it = std::lower_bound(m_elements.begin(), m_elements.end(), tag,
                                     [](const auto& element, DicomTag t) { return element.first < t; });
    return it == m_elements.end() || it->first != tag ? nullptr : &it->second;
}

std::string DicomDataSet::text(DicomTag tag) const
{
    const DicomElement* element = find(tag);
    return element ? std::string(trimmedValue(*element)) : std::string();
}

std::vector<std::string> DicomDataSet::texts(DicomTag tag) const
{
    std::vector<std::string> parts;
    if (const DicomElement* element = find(tag))
        splitValue(*element, [&parts](std::string_view part) {
            parts.emplace_back(part);
            return true;
        });
    return parts;
}

std::vector<double> DicomDataSet::numbers(DicomTag tag) const
{
    const DicomElement* element = find(tag);
    if (!element)
        return {};
    const std::string_view vr = vrOf(tag, *element);
    if (vr == "US")
        return binaryNumbers<std::uint16_t>(*element);
    if (vr == "SS")
        return binaryNumbers<std::int16_t>(*element);
    if (vr == "UL")
        return binaryNumbers<std::uint32_t>(*element);
    if (vr == "SL")
        return binaryNumbers<std::int32_t>(*element);
    if (vr == "FL" || vr == "OF")
        return binaryNumbers<float>(*element);
    if (vr == "FD" || vr == "OD")
        return binaryNumbers<double>(*element);
    std::vector<double> numbers;
    bool areAll = true;
    splitValue(*element, [&](std::string_view part) {
        const auto value = parsedNumber(part);
        areAll = value.has_value();
        numbers.push_back(value.value_or(0));
        return areAll;
    });
    return areAll ? numbers : std::vector<double>();
}

std::optional<double> DicomDataSet::number(DicomTag tag) const
{
    const auto all = numbers(tag);
    return all.empty() || !std::isfinite(all.front()) ? std::nullopt : std::optional(all.front());
}

std::optional<int> DicomDataSet::integer(DicomTag tag) const
{
    const auto value = number(tag);
    if (!value || *value != std::floor(*value) || std::abs(*value) > std::numeric_limits<int>::max())
        return std::nullopt;
    return static_cast<int>(*value);
}

std::optional<Vec3> DicomDataSet::vector(DicomTag tag) const
{
    const auto all = numbers(tag);
    if (all.size() != 3 || !std::all_of(all.begin(), all.end(), [](double v) { return std::isfinite(v); }))
        return std::nullopt;
    return Vec3{all[0], all[1], all[2]};
}

const std::vector<DicomDataSet>& DicomDataSet::items(DicomTag tag) const
{
    static const std::vector<DicomDataSet> none;
    const DicomElement* element = find(tag);
    return element ? element->items : none;
}

const DicomDataSet* DicomDataSet::firstItem(DicomTag tag) const
{
    const auto& all = items(tag);
    return all.empty() ? nullptr : &all.front();
}

} // namespace annotomy
