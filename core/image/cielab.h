#pragma once

#include "core/image/segment_table.h"

#include <array>
#include <cstdint>

namespace annotomy {

// Recommended Display CIELab Value of DICOM (PS3.3 C.10.7.1.1): L* 0..100 and a*, b* -128..127 scaled to 16
// bits, white point D50; colours are sRGB. Round trip of an 8-bit colour is exact.
std::array<std::uint16_t, 3> dicomLabFromColour(const Colour& colour);
Colour colourFromDicomLab(const std::array<std::uint16_t, 3>& lab); // what lies outside sRGB is clamped

} // namespace annotomy
