#include "core/privacy/identifiers.h"

#include "core/privacy/value_dictionary.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

namespace annotomy {

namespace {

constexpr std::size_t leastBytes = 3; // shorter ones occur everywhere
constexpr std::size_t longBytes = 8;  // chance does not write these

// What de-identified files say already, and what is put in the place of values, tells nothing of anybody.
bool saysNothing(std::string_view text)
{
    static constexpr std::array<std::string_view, 9> words{"ANONYMOUS", "ANONYMIZED",   "ANONYMISED",
                                                           "ANON",      "REMOVED",      "UNKNOWN",
                                                           "NONE",      "DEIDENTIFIED", "LABEL"};
    return std::find(words.begin(), words.end(), text) != words.end();
}

std::string capitals(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

std::string_view trimmed(std::string_view text)
{
    const auto isPadding = [](char c) { return c == ' ' || c == '\0' || c == '^'; };
    while (!text.empty() && isPadding(text.back()))
        text.remove_suffix(1);
    while (!text.empty() && isPadding(text.front()))
        text.remove_prefix(1);
    return text;
}

bool isWordByte(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || byte >= 0x80;
}

bool isWholeWord(std::string_view text, std::size_t at, std::size_t size)
{
    return (at == 0 || !isWordByte(text[at - 1])) &&
           (at + size == text.size() || !isWordByte(text[at + size]));
}

std::size_t wordPlace(std::string_view text, const std::string& word, std::size_t from = 0)
{
    for (std::size_t at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1))
        if (isWholeWord(text, at, word.size()))
            return at;
    return std::string_view::npos;
}

bool isNumberLike(const std::string& vr)
{
    static constexpr std::array<std::string_view, 20> vrs{"DS", "IS", "DA", "TM", "DT", "AS", "AT",
                                                          "FL", "FD", "SL", "SS", "UL", "US", "OF",
                                                          "OD", "OL", "OV", "SV", "UV", "OW"};
    return std::find(vrs.begin(), vrs.end(), vr) != vrs.end();
}

std::string_view bytesOf(const DicomElement& element)
{
    return {reinterpret_cast<const char*>(element.value.data()), element.value.size()};
}

bool holdsIdentifier(const std::string& vr, std::string_view value, const Identifiers& identifiers)
{
    if (identifiers.uidOccursIn(value))
        return true;
    if (isNumberLike(vr) || vr == "UI")
        return false;
    const bool isCodedWord = vr == "CS" && std::none_of(value.begin(), value.end(),
                                                        [](unsigned char c) { return std::isdigit(c) != 0; });
    if (isCodedWord)
        return false;
    const bool isText = vr != "OB" && vr != "UN";
    return identifiers.occurIn(value,
                               isText ? Identifiers::Match::WholeWords : Identifiers::Match::LongAnywhere);
}

} // namespace

void Identifiers::addText(std::string_view text)
{
    text = trimmed(text);
    const std::string upper = capitals(text);
    if (upper.size() >= leastBytes && !saysNothing(upper))
        m_texts.insert(upper);
}

void Identifiers::addName(std::string_view name)
{
    addText(name);
    for (std::size_t at = 0; at <= name.size();) {
        const std::size_t end = std::min(name.find_first_of("^=\\ ,", at), name.size());
        addText(name.substr(at, end - at));
        at = end + 1;
    }
}

std::string Identifiers::without(std::string_view text) const
{
    std::string result(text), upper = capitals(text);
    for (auto it = m_texts.rbegin(); it != m_texts.rend(); ++it) {
        for (std::size_t at = wordPlace(upper, *it); at != std::string::npos;
             at = wordPlace(upper, *it, at)) {
            result.erase(at, it->size());
            upper.erase(at, it->size());
        }
    }
    return result;
}

bool Identifiers::occurIn(std::string_view bytes, Match match) const
{
    const std::string upper = capitals(bytes);
    return std::any_of(m_texts.begin(), m_texts.end(), [&](const std::string& text) {
        if (match == Match::WholeWords && wordPlace(upper, text) != std::string::npos)
            return true;
        return text.size() >= longBytes && upper.find(text) != std::string::npos;
    });
}

bool Identifiers::uidOccursIn(std::string_view bytes) const
{
    const auto isUidByte = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    for (auto at = bytes.begin(); at != bytes.end();) {
        const auto begin = std::find_if(at, bytes.end(), isUidByte);
        const auto end = std::find_if_not(begin, bytes.end(), isUidByte);
        if (end - begin >= 5 && m_uids.contains(std::string(begin, end)))
            return true;
        at = end;
    }
    return false;
}

std::string tagText(DicomTag tag)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "(%04x,%04x)", tag >> 16, tag & 0xFFFFU);
    return text.data();
}

std::string attributeWithIdentifier(const DicomDataSet& set, const Identifiers& identifiers)
{
    for (const auto& [tag, element] : set.elements()) {
        const std::string vr = element.vr.empty() ? standardVr(tag) : element.vr;
        if (!element.items.empty()) {
            for (const DicomDataSet& item : element.items)
                if (const std::string inner = attributeWithIdentifier(item, identifiers); !inner.empty())
                    return inner;
        } else if (vr != "SQ" && holdsIdentifier(vr, bytesOf(element), identifiers)) {
            return tagText(tag);
        }
    }
    return {};
}

} // namespace annotomy
