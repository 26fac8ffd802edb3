#include "viewer/heat_colours.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace annotomy {

namespace {

using Lab = std::array<double, 3>; // CIELAB, D65

// L* in even steps.
constexpr std::array<Lab, 5> stops{{{28, 38, -52}, {44, 62, -14}, {60, 62, 40}, {76, 24, 70}, {92, -12, 62}}};

Lab labAt(double value)
{
    const double at = std::clamp(value, 0.0, 1.0) * (stops.size() - 1);
    const std::size_t lower = std::min(static_cast<std::size_t>(at), stops.size() - 2);
    Lab lab{};
    for (std::size_t c = 0; c < 3; ++c)
        lab[c] = stops[lower][c] + (at - static_cast<double>(lower)) * (stops[lower + 1][c] - stops[lower][c]);
    return lab;
}

double fromLab(double f)
{
    return f > 6.0 / 29 ? f * f * f : 3 * 36.0 / 841 * (f - 4.0 / 29);
}

int sRgb(double linear)
{
    const double v = std::clamp(linear, 0.0, 1.0);
    return static_cast<int>(std::lround(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055)));
}

} // namespace

QRgb heatColour(double value)
{
    const Lab lab = labAt(value);
    const double fy = (lab[0] + 16) / 116;
    const double x = 0.95047 * fromLab(fy + lab[1] / 500), y = fromLab(fy), z = 1.08883 * fromLab(fy - lab[2] / 200);
    return qRgb(sRgb(3.2406 * x - 1.5372 * y - 0.4986 * z), sRgb(-0.9689 * x + 1.8758 * y + 0.0415 * z),
                sRgb(0.0557 * x - 0.2040 * y + 1.0570 * z));
}

} // namespace annotomy
