#pragma once

#include "core/image/slice_sampler.h"

#include <cstddef>
#include <cstdint>

namespace annotomy {

// Row-major 0xAARRGGBB pixels, `stride` of them from one row to the next.
template <class Pixel>
struct PixelGrid {
    Pixel* pixels = nullptr;
    int width = 0, height = 0;
    std::ptrdiff_t stride = 0;

    Pixel* row(int y) const { return pixels + y * stride; }
};

// Where a picture lies on another: its pixel x covers offset + x * scale to offset + (x + 1) * scale. scale > 0.
struct PictureAxis {
    double scale = 1, offset = 0;
};

// The pixels of `target` whose centres `source` covers.
PixelRect coveredPixels(const PixelGrid<const std::uint32_t>& source, const PictureAxis& x, const PictureAxis& y);

// Draws `source` on `target`, bilinearly between its pixels' centres, the outermost pixels repeated beyond theirs; within
// `band` only, which lies in the target. A pixel comes out the same whatever the band. On all cores.
void paintScaled(const PixelGrid<const std::uint32_t>& source, const PictureAxis& x, const PictureAxis& y,
                 const PixelGrid<std::uint32_t>& target, const PixelRect& band);

} // namespace annotomy
