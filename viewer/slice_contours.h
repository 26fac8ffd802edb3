#pragma once

#include "core/image/slice_sampler.h"

#include <QImage>
#include <QRect>
#include <QTransform>

#include <array>
#include <cstdint>
#include <vector>

namespace annotomy {

// The labels of one slice of one layer, one byte per pixel as the layout shows them.
struct LabelSlice {
    int width = 0, height = 0;
    std::vector<std::uint8_t> labels;

    void resize(int w, int h);
    void clear(const PixelRect& rect); // inside the slice
    const std::uint8_t* row(int y) const { return labels.data() + std::size_t(y) * std::size_t(width); }
    std::uint8_t* row(int y) { return labels.data() + std::size_t(y) * std::size_t(width); }
};

// Fetches the labels of `rect` (inside the slice) of slice `slice`. Uses all cores for large rectangles.
void fetchLabels(const LabelMap& labels, int layer, const SliceLayout& layout, int slice, const PixelRect& rect,
                 LabelSlice& into);

// In `rect`: what `theirs` has and `ours` has not (1, also where both differ in kind) and what only `ours` has (2).
void compareLabels(const LabelSlice& ours, const LabelSlice& theirs, const PixelRect& rect, LabelSlice& difference);

struct ContourStyle {
    std::array<std::uint32_t, 256> colours{}; // 0xFFRRGGBB by label; 0: not drawn
    double opacity = 1;
    int thickness = 2; // device pixels
    bool dashed = false;
};

// Blends the labels' colours at `style.opacity` over `rect` of `image`, one pixel per label.
void paintFill(QImage& image, const PixelRect& rect, const LabelSlice& slice, const ContourStyle& style);

// Draws the borders of all labels at screen resolution, along the pixels' edges and on the label's own side, so that
// neighbours' borders lie side by side and the anatomy under a thin structure stays readable. Only `band` (device pixels, whole
// rows) of `target` is touched. The slice's own rim is no border.
void paintContours(QImage& target, const QRect& band, const LabelSlice& slice, const ContourStyle& style,
                   const QTransform& deviceFromImage);

} // namespace annotomy
