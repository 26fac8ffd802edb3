#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace annotomy {

// A closed polygon in index coordinates (i, j) of one slice.
using IndexPolygon = std::vector<std::array<double, 2>>;

// The borders of the non-zero pixels of `width` * pixels.size() / width, traced midway between pixel centres
// (pixel (0, 0) has its centre at `first`): filled even-odd, at pixel centres, they give back every pixel and
// no other. Pixels that touch at a corner only are apart. A hole is joined to what surrounds it by a keyhole,
// a cut of no width along pixel borders, so that programs which fill every contour and those which take inner
// contours for holes agree.
std::vector<IndexPolygon> maskContours(std::span<const std::uint8_t> pixels, int width,
                                       std::array<int, 2> first);

} // namespace annotomy
