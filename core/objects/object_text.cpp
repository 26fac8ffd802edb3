#include "core/objects/object_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace annotomy {

namespace {

constexpr std::size_t longStringCharacters = 64;

bool startsCharacter(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

bool isAllowed(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7F && c != '\\';
}

std::string formattedNow(const char* format)
{
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), format, &local);
    return text.data();
}

} // namespace

std::string dicomDecimal(double value)
{
    if (std::abs(value) < 1e-12)
        return "0";
    std::array<char, 40> text{};
    for (int digits = 16; digits > 0; --digits) {
        std::snprintf(text.data(), text.size(), "%.*g", digits, value);
        if (std::strlen(text.data()) <= 16)
            break;
    }
    return text.data();
}

std::string dicomDecimal(double value, double step)
{
    const int decimals = std::clamp(static_cast<int>(std::ceil(3 - std::log10(std::max(step, 1e-9)))), 2, 9);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    std::string number = text.data();
    if (number.size() > 16)
        return dicomDecimal(value);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.')
        number.pop_back();
    return number == "-0" ? "0" : number;
}

Result<void> fitsLongString(const std::string& text, const std::string& what)
{
    const auto characters =
        static_cast<std::size_t>(std::count_if(text.begin(), text.end(), startsCharacter));
    if (characters > longStringCharacters)
        return Error{ErrorCode::InvalidArgument, what + " \"" + text + "\"",
                     "DICOM allows names of 64 characters at most; shorten it"};
    if (!std::all_of(text.begin(), text.end(), isAllowed))
        return Error{ErrorCode::InvalidArgument, what + " \"" + text + "\"",
                     "DICOM allows no backslash and no control character in a name; rename it"};
    return {};
}

std::string shortened(const std::string& text, std::size_t characters)
{
    std::string result;
    std::size_t count = 0;
    for (const char c : text) {
        count += startsCharacter(c);
        if (count > characters)
            break;
        result += isAllowed(c) ? c : ' ';
    }
    return result;
}

std::string dicomDate()
{
    return formattedNow("%Y%m%d");
}

std::string dicomTime()
{
    return formattedNow("%H%M%S");
}

} // namespace annotomy
