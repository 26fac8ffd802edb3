#include "core/privacy/dates.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace annotomy {

std::optional<std::string> shiftedDate(std::string_view text, int days)
{
    std::string digits(text);
    if (digits.size() == 10 && digits[4] == '.' && digits[7] == '.')
        digits = digits.substr(0, 4) + digits.substr(5, 2) + digits.substr(8);
    const bool isDay = digits.size() >= 8 && std::all_of(digits.begin(), digits.begin() + 8,
                                                         [](char c) { return c >= '0' && c <= '9'; });
    if (!isDay)
        return std::nullopt;
    const auto number = [&digits](std::size_t at, std::size_t size) {
        return std::stoi(digits.substr(at, size));
    };
    using namespace std::chrono;
    const year_month_day day{year(number(0, 4)), month(static_cast<unsigned>(number(4, 2))),
                             std::chrono::day(static_cast<unsigned>(number(6, 2)))};
    if (!day.ok())
        return std::nullopt;
    const year_month_day moved = sys_days(day) + std::chrono::days(days);
    char written[32];
    std::snprintf(written, sizeof written, "%04d%02u%02u", static_cast<int>(moved.year()),
                  static_cast<unsigned>(moved.month()), static_cast<unsigned>(moved.day()));
    return written + digits.substr(8);
}

} // namespace annotomy
