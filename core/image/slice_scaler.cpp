#include "core/image/slice_scaler.h"

#include "core/base/parallel.h"
#include "core/image/slice_pixels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace annotomy {

namespace {

constexpr std::size_t rowsPerTask = 256; // fewer cost more in waking threads than they save

// For every device pixel of a range: the two neighbouring source pixels and, in 1/256, the weight of the second.
struct Taps {
    std::vector<std::int32_t> first, second;
    std::vector<std::uint32_t> weight;
};

Taps taps(const PictureAxis& axis, int sourcePixels, int from, int count)
{
    Taps result;
    for (int n = 0; n < count; ++n) {
        const double at = (from + n + 0.5 - axis.offset) / axis.scale - 0.5;
        const double clamped = std::clamp(at, 0.0, sourcePixels - 1.0);
        const int first = static_cast<int>(clamped);
        result.first.push_back(first);
        result.second.push_back(std::min(first + 1, sourcePixels - 1));
        result.weight.push_back(static_cast<std::uint32_t>(std::lround((clamped - first) * 256)));
    }
    return result;
}

// Source rows brought to the device's columns. Neighbouring device rows share them, so the last two are kept.
class WideRows {
public:
    WideRows(const PixelGrid<const std::uint32_t>& source, const Taps& columns) : m_source(source), m_columns(columns)
    {
        for (Row& row : m_rows)
            row.pixels.resize(columns.first.size());
    }

    // Valid until the second call after this one.
    const std::uint32_t* row(int y)
    {
        for (const Row& kept : m_rows)
            if (kept.y == y)
                return kept.pixels.data();
        Row& oldest = m_rows[0].y < m_rows[1].y ? m_rows[0] : m_rows[1];
        oldest.y = y;
        interpolateAlong(m_source.row(y), m_columns.first.data(), m_columns.second.data(), m_columns.weight.data(),
                         static_cast<int>(m_columns.first.size()), oldest.pixels.data());
        return oldest.pixels.data();
    }

private:
    struct Row {
        int y = -1;
        std::vector<std::uint32_t> pixels;
    };

    const PixelGrid<const std::uint32_t>& m_source;
    const Taps& m_columns;
    std::array<Row, 2> m_rows;
};

int firstCentreFrom(double edge)
{
    return static_cast<int>(std::ceil(std::clamp(edge, -1e6, 1e6) - 0.5));
}

} // namespace

PixelRect coveredPixels(const PixelGrid<const std::uint32_t>& source, const PictureAxis& x, const PictureAxis& y)
{
    const int left = firstCentreFrom(x.offset), right = firstCentreFrom(x.offset + source.width * x.scale);
    const int top = firstCentreFrom(y.offset), bottom = firstCentreFrom(y.offset + source.height * y.scale);
    return {left, top, right - left, bottom - top};
}

void paintScaled(const PixelGrid<const std::uint32_t>& source, const PictureAxis& x, const PictureAxis& y,
                 const PixelGrid<std::uint32_t>& target, const PixelRect& band)
{
    const PixelRect covered = coveredPixels(source, x, y);
    const int left = std::max(band.x, covered.x), right = std::min(band.x + band.width, covered.x + covered.width);
    const int top = std::max(band.y, covered.y), bottom = std::min(band.y + band.height, covered.y + covered.height);
    if (left >= right || top >= bottom)
        return;
    const Taps columns = taps(x, source.width, left, right - left), rows = taps(y, source.height, top, bottom - top);
    parallelRanges(static_cast<std::size_t>(bottom - top), rowsPerTask, [&](std::size_t begin, std::size_t end) {
        WideRows wide(source, columns);
        for (std::size_t n = begin; n < end; ++n) {
            const std::uint32_t* above = wide.row(rows.first[n]);
            const std::uint32_t* below = wide.row(rows.second[n]);
            interpolateBetween(above, below, rows.weight[n], right - left,
                               target.row(top + static_cast<int>(n)) + left);
        }
    });
}

} // namespace annotomy
