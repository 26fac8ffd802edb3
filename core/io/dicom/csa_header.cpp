#include "core/io/dicom/csa_header.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

namespace annotomy {

namespace {

// The layout has no official description; this is what nibabel (MIT) and dcm2niix (BSD) agree on.
constexpr std::uint32_t mostElements = 512, mostItems = 4096;
constexpr std::size_t nameBytes = 64, vrBytes = 4;

class CsaReader {
public:
    explicit CsaReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    bool skip(std::size_t count)
    {
        if (count > m_bytes.size())
            return false;
        m_bytes = m_bytes.subspan(count);
        return true;
    }

    std::optional<std::uint32_t> number()
    {
        if (m_bytes.size() < 4)
            return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t b = 0; b < 4; ++b)
            value |= std::to_integer<std::uint32_t>(m_bytes[b]) << (8 * b);
        m_bytes = m_bytes.subspan(4);
        return value;
    }

    std::optional<std::string> text(std::size_t size)
    {
        if (size > m_bytes.size())
            return std::nullopt;
        std::string text(reinterpret_cast<const char*>(m_bytes.data()), size);
        m_bytes = m_bytes.subspan(size);
        text.resize(std::min(text.size(), text.find('\0')));
        const auto isBlank = [](char c) { return c == ' ' || c == '\n'; };
        while (!text.empty() && isBlank(text.back()))
            text.pop_back();
        text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), isBlank));
        return text;
    }

private:
    std::span<const std::byte> m_bytes;
};

// One value; nothing at damage. Version 1 gives lengths relative to the first element's number of items.
std::optional<std::string> item(CsaReader& reader, bool isSecond, std::int64_t offset)
{
    const auto first = reader.number(), second = reader.number();
    if (!first || !second || !reader.skip(8))
        return std::nullopt;
    const std::int64_t size = isSecond ? std::int64_t{*second} : std::int64_t{*first} - offset;
    if (size < 0)
        return std::nullopt;
    const auto bytes = static_cast<std::size_t>(size);
    auto text = reader.text(bytes);
    if (!text || !reader.skip((4 - bytes % 4) % 4))
        return std::nullopt;
    return text;
}

} // namespace

std::map<std::string, std::vector<std::string>> csaElements(std::span<const std::byte> bytes)
{
    std::map<std::string, std::vector<std::string>> elements;
    CsaReader reader(bytes);
    const bool isSecond = bytes.size() > 8 && std::memcmp(bytes.data(), "SV10", 4) == 0;
    if (isSecond)
        reader.skip(8);
    const auto count = reader.number();
    if (!count || *count > mostElements || !reader.skip(4))
        return elements;
    std::optional<std::int64_t> offset;
    for (std::uint32_t e = 0; e < *count; ++e) {
        const auto name = reader.text(nameBytes);
        const auto multiplicity = reader.number();
        const bool hasType = reader.skip(vrBytes + 4);
        const auto items = reader.number();
        if (!name || !multiplicity || !hasType || !items || *items > mostItems || !reader.skip(4))
            return elements;
        offset = offset ? offset : std::int64_t{*items};
        std::vector<std::string> values;
        for (std::uint32_t i = 0; i < *items; ++i) {
            auto value = item(reader, isSecond, *offset);
            if (!value)
                return elements;
            if (!value->empty())
                values.push_back(std::move(*value));
        }
        elements[*name] = std::move(values);
    }
    return elements;
}

} // namespace annotomy
