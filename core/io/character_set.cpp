#include "core/io/character_set.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <optional>

namespace annotomy {

namespace {

struct CloseConverter {
    void operator()(void* converter) const { iconv_close(converter); }
};

// The whole text, or nothing when a byte does not belong to the encoding.
std::optional<std::string> converted(std::string text, const char* encoding)
{
    const iconv_t opened = iconv_open("UTF-8", encoding);
    if (opened == reinterpret_cast<iconv_t>(-1))
        return std::nullopt;
    const std::unique_ptr<void, CloseConverter> converter(opened);
    std::string result;
    char* from = text.data();
    std::size_t left = text.size();
    while (left > 0) {
        std::array<char, 512> piece{};
        char* to = piece.data();
        std::size_t room = piece.size();
        const std::size_t status = iconv(opened, &from, &left, &to, &room);
        result.append(piece.data(), piece.size() - room);
        if (status == static_cast<std::size_t>(-1) && errno != E2BIG)
            return std::nullopt;
    }
    return result;
}

const char* encodingOf(const std::string& characterSet)
{
    static const std::map<std::string, const char*> encodings{
        {"100", "ISO-8859-1"}, {"101", "ISO-8859-2"},  {"109", "ISO-8859-3"}, {"110", "ISO-8859-4"},
        {"144", "ISO-8859-5"}, {"127", "ISO-8859-6"},  {"126", "ISO-8859-7"}, {"138", "ISO-8859-8"},
        {"148", "ISO-8859-9"}, {"203", "ISO-8859-15"}, {"13", "SHIFT_JIS"},   {"166", "TIS-620"},
        {"192", "UTF-8"},      {"GB18030", "GB18030"}, {"GBK", "GBK"}};
    const std::size_t space = characterSet.find_last_of(" _");
    const auto it =
        encodings.find(space == std::string::npos ? characterSet : characterSet.substr(space + 1));
    return it == encodings.end() ? nullptr : it->second;
}

bool mentions(const std::vector<std::string>& sets, const std::string& ending)
{
    return std::any_of(sets.begin(), sets.end(), [&](const std::string& s) { return s.ends_with(ending); });
}

std::string without(std::string text, const std::string& part)
{
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at))
        text.erase(at, part.size());
    return text;
}

// Code extensions by escape sequences (ISO 2022). Korean and Chinese only switch the upper half, whose
// escapes can be dropped.
std::optional<std::string> convertedWithEscapes(const std::string& text, const std::vector<std::string>& sets)
{
    if (mentions(sets, "IR 149"))
        return converted(without(text, "\x1b$)C"), "EUC-KR");
    if (mentions(sets, "IR 58"))
        return converted(without(text, "\x1b$)A"), "GB18030");
    for (const char* japanese : {"ISO-2022-JP-2", "ISO-2022-JP-3"})
        if (auto result = converted(text, japanese))
            return result;
    return std::nullopt;
}

std::string withoutForeignBytes(const std::string& text)
{
    std::string result;
    for (const char c : text) {
        if (c == '\x1b')
            continue;
        if (static_cast<unsigned char>(c) < 0x80)
            result += c;
        else
            result += "\xEF\xBF\xBD";
    }
    return result;
}

} // namespace

std::string utf8FromDicom(const std::string& text, const std::vector<std::string>& characterSets)
{
    const auto isAscii = [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\x1b'; };
    if (std::all_of(text.begin(), text.end(), isAscii))
        return text;
    std::optional<std::string> result;
    if (mentions(characterSets, "IR 149") || mentions(characterSets, "IR 58") ||
        text.find('\x1b') != std::string::npos)
        result = convertedWithEscapes(text, characterSets);
    for (const std::string& set : characterSets)
        if (const char* encoding = result ? nullptr : encodingOf(set))
            result = converted(text, encoding);
    // Files that do not name their set are mostly UTF-8 or Latin-1.
    if (!result)
        result = converted(text, "UTF-8");
    if (!result && text.find('\x1b') == std::string::npos)
        result = converted(text, "ISO-8859-1");
    return result.value_or(withoutForeignBytes(text));
}

} // namespace annotomy
