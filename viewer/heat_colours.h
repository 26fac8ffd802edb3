#pragma once

#include <QRgb>

namespace annotomy {

// Colours of a map of values, from 0 to 1 (clamped): violet, red, orange, yellow. Lightness rises evenly, so that more looks
// like more, also in grey and to the colour-blind.
QRgb heatColour(double value);

inline constexpr double heatOpacity = 0.75; // of the value 1 over an image; that of others is in proportion

} // namespace annotomy
