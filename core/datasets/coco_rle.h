#pragma once

#include "core/base/result.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// A binary picture as COCO has it: runs of 0 and 1 in turn, columns first, in COCO's compressed text (what pycocotools reads).
struct CocoMask {
    int width = 0, height = 0;
    std::string counts;
    std::int64_t area = 0;           // pixels
    std::array<int, 4> box{};        // x, y, width, height
};

// `pixels` by rows, width * height; everything but 0 is in.
CocoMask cocoMask(std::span<const std::uint8_t> pixels, int width, int height);

// By rows, 0 and 1. Malformed when the runs do not fill the picture.
Result<std::vector<std::uint8_t>> pixelsOf(const CocoMask& mask);

} // namespace annotomy
