#include "core/image/voi_curve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace annotomy {

namespace {

constexpr std::array<std::pair<VoiFunction, std::string_view>, 4> functionNames{
    {{VoiFunction::Linear, "LINEAR"},
     {VoiFunction::LinearExact, "LINEAR_EXACT"},
     {VoiFunction::Sigmoid, "SIGMOID"},
     {VoiFunction::Table, "TABLE"}}};

// Between the entries of a curve; share 0 to 1 from the first to the last.
double interpolated(const auto& entries, double share)
{
    const double at = share * static_cast<double>(entries.size() - 1);
    const auto first = static_cast<std::size_t>(at);
    const std::size_t second = std::min(first + 1, entries.size() - 1);
    const double a = entries[first], b = entries[second];
    return a + (b - a) * (at - static_cast<double>(first));
}

std::uint8_t rounded(double level)
{
    return static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0, 255.0)));
}

double share(std::size_t n, std::size_t count)
{
    return count > 1 ? static_cast<double>(n) / static_cast<double>(count - 1) : 0;
}

std::optional<std::uint8_t> hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<std::uint8_t>(c - 'a' + 10);
    return std::nullopt;
}

} // namespace

bool isCurved(const DisplayWindow& window)
{
    return window.function == VoiFunction::Sigmoid || (window.function == VoiFunction::Table && !window.curve.empty());
}

DisplayWindow straightened(const DisplayWindow& window)
{
    return {window.centre, window.width, window.explanation};
}

bool showAlike(const DisplayWindow& a, const DisplayWindow& b)
{
    return a.centre == b.centre && a.width == b.width && a.function == b.function && a.curve == b.curve;
}

CurveRange curveRange(const DisplayWindow& window)
{
    if (window.function == VoiFunction::Sigmoid)
        return {window.centre - 2 * window.width, window.centre + 2 * window.width};
    return {window.centre - window.width / 2, window.centre + window.width / 2 - 1}; // a value for each entry
}

std::vector<std::uint8_t> levelsOf(const DisplayWindow& window)
{
    constexpr std::size_t steps = 4095;
    const std::size_t gaps = std::max<std::size_t>(window.curve.size(), 2) - 1; // between the entries of a table
    const bool isTable = window.function == VoiFunction::Table;
    std::vector<std::uint8_t> levels(isTable ? gaps * std::max<std::size_t>(steps / gaps, 1) + 1 : steps + 1);
    for (std::size_t n = 0; n < levels.size(); ++n) {
        const double at = share(n, levels.size());
        if (window.function == VoiFunction::Sigmoid) // PS3.3 C.11.2.1.3.1, x - centre = (4 at - 2) width
            levels[n] = rounded(255 / (1 + std::exp(-4 * (4 * at - 2))));
        else
            levels[n] = rounded(interpolated(window.curve, at));
    }
    return levels;
}

std::vector<std::uint8_t> curveOf(const std::vector<std::uint16_t>& entries, int bits)
{
    const double most = std::max<double>((1 << bits) - 1, *std::max_element(entries.begin(), entries.end()));
    std::vector<std::uint8_t> curve(std::min(entries.size(), DisplayWindow::mostEntries));
    for (std::size_t n = 0; n < curve.size(); ++n)
        curve[n] = rounded(255 * interpolated(entries, share(n, curve.size())) / most);
    return curve;
}

std::string_view functionName(VoiFunction function)
{
    const auto it = std::find_if(functionNames.begin(), functionNames.end(),
                                 [function](const auto& entry) { return entry.first == function; });
    return it == functionNames.end() ? functionNames.front().second : it->second;
}

std::optional<VoiFunction> functionNamed(std::string_view name)
{
    for (const auto& [function, known] : functionNames)
        if (name == known)
            return function;
    return std::nullopt;
}

std::string curveText(const std::vector<std::uint8_t>& curve)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t level : curve) {
        text += digits[level / 16U];
        text += digits[level % 16U];
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> curveFromText(std::string_view text)
{
    if (text.size() % 2 != 0 || text.size() / 2 > DisplayWindow::mostEntries)
        return std::nullopt;
    std::vector<std::uint8_t> curve;
    for (std::size_t n = 0; n < text.size(); n += 2) {
        const auto high = hexDigit(text[n]), low = hexDigit(text[n + 1]);
        if (!high || !low)
            return std::nullopt;
        curve.push_back(static_cast<std::uint8_t>(16 * *high + *low));
    }
    return curve;
}

bool setCurve(DisplayWindow& window, std::string_view functionName, std::string_view curveText)
{
    const auto function = functionNamed(functionName);
    auto curve = curveFromText(curveText);
    if (!function || !curve || curve->empty() != (*function != VoiFunction::Table))
        return false;
    window.function = *function;
    window.curve = std::move(*curve);
    return true;
}

} // namespace annotomy
