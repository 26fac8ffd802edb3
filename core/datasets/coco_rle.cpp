#include "core/datasets/coco_rle.h"

#include <algorithm>

namespace annotomy {

namespace {

std::size_t at(int x, int y, int width)
{
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
}

// Five bits a character from '0' on, the sixth tells that more follow; from the third run on the difference to the run two
// before it.
std::string compressed(const std::vector<std::int64_t>& runs)
{
    std::string text;
    for (std::size_t n = 0; n < runs.size(); ++n) {
        std::int64_t x = runs[n] - (n > 2 ? runs[n - 2] : 0);
        bool more = true;
        while (more) {
            std::int64_t bits = x & 0x1f;
            x >>= 5;
            more = (bits & 0x10) ? x != -1 : x != 0;
            if (more)
                bits |= 0x20;
            text += static_cast<char>(bits + 48);
        }
    }
    return text;
}

Result<std::vector<std::int64_t>> decompressed(const std::string& text, std::int64_t most)
{
    std::vector<std::int64_t> runs;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < text.size();) {
        std::int64_t x = 0;
        unsigned shift = 0;
        bool more = true;
        while (more) {
            if (i == text.size() || shift > 50 || text[i] < 48 || text[i] > 111)
                return Error{ErrorCode::Malformed, {}, "unreadable run lengths"};
            const std::int64_t bits = text[i++] - 48;
            x |= (bits & 0x1f) << shift;
            shift += 5;
            more = (bits & 0x20) != 0;
            if (!more && (bits & 0x10))
                x |= -(std::int64_t{1} << shift);
        }
        if (runs.size() > 2)
            x += runs[runs.size() - 2];
        sum += x;
        if (x < 0 || sum > most)
            return Error{ErrorCode::Malformed, {}, "run lengths beyond the picture"};
        runs.push_back(x);
    }
    if (sum != most)
        return Error{ErrorCode::Malformed, {}, "run lengths that do not fill the picture"};
    return runs;
}

} // namespace

CocoMask cocoMask(std::span<const std::uint8_t> pixels, int width, int height)
{
    CocoMask mask{width, height, {}, 0, {}};
    std::vector<std::int64_t> runs;
    std::int64_t length = 0;
    bool last = false;
    int left = width, top = height, right = -1, bottom = -1;
    for (int x = 0; x < width; ++x)
        for (int y = 0; y < height; ++y) {
            const bool is = pixels[at(x, y, width)] != 0;
            if (is != last) {
                runs.push_back(length);
                length = 0;
                last = is;
            }
            ++length;
            if (!is)
                continue;
            ++mask.area;
            left = std::min(left, x);
            right = std::max(right, x);
            top = std::min(top, y);
            bottom = std::max(bottom, y);
        }
    runs.push_back(length);
    mask.counts = compressed(runs);
    if (mask.area > 0)
        mask.box = {left, top, right - left + 1, bottom - top + 1};
    return mask;
}

Result<std::vector<std::uint8_t>> pixelsOf(const CocoMask& mask)
{
    const std::int64_t count = std::int64_t{mask.width} * mask.height;
    const auto runs = decompressed(mask.counts, count);
    if (!runs)
        return runs.error();
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count));
    std::int64_t n = 0;
    std::uint8_t value = 0;
    for (const std::int64_t run : *runs) {
        for (std::int64_t end = n + run; n < end; ++n)
            if (value)
                pixels[at(static_cast<int>(n / mask.height), static_cast<int>(n % mask.height), mask.width)] = 1;
        value = value ? 0 : 1;
    }
    return pixels;
}

} // namespace annotomy
