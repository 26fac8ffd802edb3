#include "core/io/dicom_data_set.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace annotomy {

namespace {

std::string trimmed(std::string text)
{
    const auto isPadding = [](char c) { return c == ' ' || c == '\0'; };
    while (!text.empty() && isPadding(text.back()))
        text.pop_back();
    const auto first = std::find_if_not(text.begin(), text.end(), isPadding);
    return {first, text.end()};
}

std::optional<double> parsedNumber(const std::string& text)
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

// The type of the binary elements that are read, for data sets in implicit VR, which do not tell it.
std::string vrOf(DicomTag tag, const DicomElement& element)
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
    return tag == 0x00209128 ? "UL" : "";
}

} // namespace

void DicomDataSet::insert(DicomTag tag, DicomElement element)
{
    m_elements.insert_or_assign(tag, std::move(element));
}

const DicomElement* DicomDataSet::find(DicomTag tag) const
{
    const auto it = m_elements.find(tag);
    return it == m_elements.end() ? nullptr : &it->second;
}

std::string DicomDataSet::text(DicomTag tag) const
{
    const DicomElement* element = find(tag);
    if (!element)
        return {};
    return trimmed({reinterpret_cast<const char*>(element->value.data()), element->value.size()});
}

std::vector<std::string> DicomDataSet::texts(DicomTag tag) const
{
    std::vector<std::string> parts;
    const std::string whole = text(tag);
    for (std::size_t at = 0; !whole.empty();) {
        const std::size_t end = whole.find('\\', at);
        parts.push_back(trimmed(whole.substr(at, end == std::string::npos ? end : end - at)));
        if (end == std::string::npos)
            break;
        at = end + 1;
    }
    return parts;
}

std::vector<double> DicomDataSet::numbers(DicomTag tag) const
{
    const DicomElement* element = find(tag);
    if (!element)
        return {};
    const std::string vr = vrOf(tag, *element);
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
    for (const std::string& part : texts(tag)) {
        const auto value = parsedNumber(part);
        if (!value)
            return {};
        numbers.push_back(*value);
    }
    return numbers;
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
