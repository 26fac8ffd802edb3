#include "core/image/cielab.h"

#include "core/image/vec.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

// sRGB to XYZ relative to D50 (Bradford-adapted), and back by the inverse.
constexpr Mat3 xyzFromRgb{{{0.4360747, 0.3850649, 0.1430804},
                           {0.2225045, 0.7168786, 0.0606169},
                           {0.0139322, 0.0971045, 0.7141733}}};
constexpr Vec3 white{0.9642, 1.0, 0.8249};
constexpr double epsilon = 216.0 / 24389.0, kappa = 24389.0 / 27.0;

double linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

double companded(double v)
{
    return v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
}

double forward(double t)
{
    return t > epsilon ? std::cbrt(t) : (kappa * t + 16) / 116;
}

double backward(double f)
{
    return f * f * f > epsilon ? f * f * f : (116 * f - 16) / kappa;
}

std::uint16_t scaled(double value, double low, double high)
{
    return static_cast<std::uint16_t>(
        std::lround(std::clamp((value - low) / (high - low), 0.0, 1.0) * 65535));
}

std::uint8_t channel(double linearValue)
{
    return static_cast<std::uint8_t>(
        std::lround(std::clamp(companded(std::max(0.0, linearValue)), 0.0, 1.0) * 255));
}

} // namespace

std::array<std::uint16_t, 3> dicomLabFromColour(const Colour& colour)
{
    const Vec3 xyz =
        xyzFromRgb * Vec3{linear(colour.r / 255.0), linear(colour.g / 255.0), linear(colour.b / 255.0)};
    const double x = forward(xyz[0] / white[0]), y = forward(xyz[1] / white[1]),
                 z = forward(xyz[2] / white[2]);
    return {scaled(116 * y - 16, 0, 100), scaled(500 * (x - y), -128, 127), scaled(200 * (y - z), -128, 127)};
}

Colour colourFromDicomLab(const std::array<std::uint16_t, 3>& lab)
{
    const double l = lab[0] / 65535.0 * 100, a = lab[1] / 65535.0 * 255 - 128,
                 b = lab[2] / 65535.0 * 255 - 128;
    const double y = (l + 16) / 116;
    const Vec3 xyz{white[0] * backward(y + a / 500), white[1] * backward(y),
                   white[2] * backward(y - b / 200)};
    static const Mat3 rgbFromXyz = inverse(xyzFromRgb);
    const Vec3 rgb = rgbFromXyz * xyz;
    return {channel(rgb[0]), channel(rgb[1]), channel(rgb[2])};
}

} // namespace annotomy
