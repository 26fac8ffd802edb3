#include "core/io/bytes/text_fields.h"

#include "core/io/bytes/byte_stream.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace annotomy {

Result<std::string> firstText(const std::string& path, std::size_t maxBytes)
{
    auto reader = ByteReader::open(path, Compression::None);
    if (!reader)
        return reader.error();
    std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(reader->mostBytes(), maxBytes)), '\0');
    if (auto got = reader->read(std::as_writable_bytes(std::span(text))); !got)
        return got.error();
    return text;
}

std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(" \t\r");
    return first == std::string::npos ? std::string()
                                      : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string lowered(std::string text)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    std::transform(text.begin(), text.end(), text.begin(), lower);
    return text;
}

std::vector<std::string> words(const std::string& text)
{
    std::vector<std::string> list;
    std::size_t at = 0;
    while ((at = text.find_first_not_of(" \t", at)) != std::string::npos) {
        const bool isVector = text[at] == '(';
        std::size_t end = isVector ? text.find(')', at) : text.find_first_of(" \t", at);
        if (isVector && end != std::string::npos)
            ++end;
        list.push_back(text.substr(at, end == std::string::npos ? end : end - at));
        if (end == std::string::npos)
            break;
        at = end;
    }
    return list;
}

std::optional<double> number(const std::string& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string numberText(double value)
{
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

} // namespace annotomy
