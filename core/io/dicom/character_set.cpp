#include "core/io/dicom/character_set.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string_view>

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

// How the bytes of a character set become those that iconv knows.
enum class Spelling {
    AsTheyAre,
    Raised,          // two bytes of seven bits: EUC's with their eighth bits set
    RaisedBehind8F,  // as above, behind EUC-JP's third shift
    EachBehind8E,    // one byte behind EUC-JP's second shift
};

struct CodeSet {
    std::string_view escape;  // what switches to it, behind ESC
    bool isUpper = false;     // taken for bytes from 0x80 on (G1); else for those below (G0)
    const char* encoding = nullptr;
    Spelling spelling = Spelling::AsTheyAre;
    std::string_view number; // of its defined term
};

constexpr std::array<CodeSet, 18> codeSets{{
    {"(B", false, "ASCII", Spelling::AsTheyAre, "6"},
    {"(J", false, "ASCII", Spelling::AsTheyAre, ""}, // ISO 646 with yen and overline, read as Python does
    {"$B", false, "EUC-JP", Spelling::Raised, "87"},
    {"$(D", false, "EUC-JP", Spelling::RaisedBehind8F, "159"},
    {")I", true, "EUC-JP", Spelling::EachBehind8E, "13"},
    {"$)C", true, "EUC-KR", Spelling::AsTheyAre, "149"},
    {"$)A", true, "GB18030", Spelling::AsTheyAre, "58"},
    {"-A", true, "ISO-8859-1", Spelling::AsTheyAre, "100"},
    {"-B", true, "ISO-8859-2", Spelling::AsTheyAre, "101"},
    {"-C", true, "ISO-8859-3", Spelling::AsTheyAre, "109"},
    {"-D", true, "ISO-8859-4", Spelling::AsTheyAre, "110"},
    {"-L", true, "ISO-8859-5", Spelling::AsTheyAre, "144"},
    {"-G", true, "ISO-8859-6", Spelling::AsTheyAre, "127"},
    {"-F", true, "ISO-8859-7", Spelling::AsTheyAre, "126"},
    {"-H", true, "ISO-8859-8", Spelling::AsTheyAre, "138"},
    {"-M", true, "ISO-8859-9", Spelling::AsTheyAre, "148"},
    {"-T", true, "TIS-620", Spelling::AsTheyAre, "166"},
    {"-b", true, "ISO-8859-15", Spelling::AsTheyAre, "203"},
}};

// "100" of "ISO_IR 100" and of "ISO 2022 IR 100", and as some write it.
std::string numberOf(const std::string& characterSet)
{
    const std::size_t end = characterSet.find_last_of(" _-");
    return end == std::string::npos ? characterSet : characterSet.substr(end + 1);
}

const CodeSet* codeSetOf(const std::string& characterSet)
{
    const std::string number = numberOf(characterSet);
    const auto it = std::find_if(codeSets.begin(), codeSets.end(), [&](const CodeSet& set) {
        return !set.number.empty() && set.number == number;
    });
    return it == codeSets.end() ? nullptr : &*it;
}

// The character sets that know no escape sequences, and are given alone.
const char* wholeEncodingOf(const std::vector<std::string>& characterSets)
{
    if (characterSets.empty())
        return nullptr;
    const std::string number = numberOf(characterSets.front());
    for (const char* encoding : {"GB18030", "GBK"})
        if (number == encoding)
            return encoding;
    return number == "192" ? "UTF-8" : nullptr;
}

std::string spelled(std::string_view bytes, Spelling spelling)
{
    std::string result;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (spelling == Spelling::EachBehind8E)
            result += '\x8E';
        if (spelling == Spelling::RaisedBehind8F && i % 2 == 0)
            result += '\x8F';
        const bool isRaised = spelling == Spelling::Raised || spelling == Spelling::RaisedBehind8F;
        result += isRaised ? static_cast<char>(static_cast<unsigned char>(bytes[i]) | 0x80U) : bytes[i];
    }
    return result;
}

// Reads text with escape sequences: which set the lower and the upper half of the bytes mean changes on the way.
class ExtendedText {
public:
    ExtendedText(std::string_view text, const CodeSet* first, TextKind kind)
        : m_text(text), m_first(first), m_kind(kind)
    {
        restart();
    }

    // Nothing when a byte belongs to no character.
    std::optional<std::string> utf8()
    {
        while (m_at < m_text.size()) {
            if (m_text[m_at] == '\x1b') {
                if (!escape())
                    return std::nullopt;
            } else if (endsEscapes()) {
                m_result += m_text[m_at++];
                restart();
            } else if (!convertRun()) {
                return std::nullopt;
            }
        }
        return std::move(m_result);
    }

private:
    void restart()
    {
        m_lower = m_first && !m_first->isUpper ? m_first : &codeSets.front();
        m_upper = m_first && m_first->isUpper ? m_first : nullptr;
    }

    bool isWide() const { return m_lower->spelling != Spelling::AsTheyAre; }

    // Only where bytes stand for one character each: within two-byte sets they are halves of others.
    bool endsEscapes() const
    {
        const char c = m_text[m_at];
        const bool isControl = static_cast<unsigned char>(c) < 0x20;
        return isControl || (!isWide() && (c == '\\' || (m_kind == TextKind::PersonName && (c == '^' || c == '='))));
    }

    bool escape()
    {
        const auto rest = m_text.substr(m_at + 1);
        const auto it = std::find_if(codeSets.begin(), codeSets.end(),
                                     [&](const CodeSet& set) { return rest.starts_with(set.escape); });
        if (it == codeSets.end())
            return false;
        (it->isUpper ? m_upper : m_lower) = &*it;
        m_at += 1 + it->escape.size();
        return true;
    }

    bool convertRun()
    {
        const auto isHigh = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
        const bool high = isHigh(m_text[m_at]);
        const CodeSet* set = high ? m_upper : m_lower;
        const std::size_t begin = m_at;
        do
            ++m_at;
        while (m_at < m_text.size() && m_text[m_at] != '\x1b' && isHigh(m_text[m_at]) == high && !endsEscapes());
        auto text = set ? converted(spelled(m_text.substr(begin, m_at - begin), set->spelling), set->encoding)
                        : std::nullopt;
        if (text)
            m_result += *text;
        return text.has_value();
    }

    std::string_view m_text;
    const CodeSet* m_first;
    TextKind m_kind;
    const CodeSet* m_lower = nullptr; // never null after restart()
    const CodeSet* m_upper = nullptr;
    std::size_t m_at = 0;
    std::string m_result;
};

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

std::string utf8FromDicom(const std::string& text, const std::vector<std::string>& characterSets, TextKind kind)
{
    if (kind == TextKind::PersonName && text.ends_with('=')) // a group of components that is not given
        return utf8FromDicom(text.substr(0, text.find_last_not_of('=') + 1), characterSets, kind);
    const auto isAscii = [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\x1b'; };
    if (std::all_of(text.begin(), text.end(), isAscii))
        return text;
    std::optional<std::string> result;
    if (const char* encoding = wholeEncodingOf(characterSets))
        result = converted(text, encoding);
    const CodeSet* first = characterSets.empty() ? nullptr : codeSetOf(characterSets.front());
    if (!result)
        result = ExtendedText(text, first, kind).utf8();
    for (const std::string& set : characterSets)
        if (const CodeSet* other = result ? nullptr : codeSetOf(set))
            result = ExtendedText(text, other, kind).utf8();
    // Files that do not name their set are mostly UTF-8 or Latin-1.
    if (!result)
        result = converted(text, "UTF-8");
    if (!result && text.find('\x1b') == std::string::npos)
        result = converted(text, "ISO-8859-1");
    return result.value_or(withoutForeignBytes(text));
}

} // namespace annotomy
