#include "core/datasets/lidc_xml.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace annotomy {

namespace {

// One slice's pixels: 1 within a nodule.
struct SliceMask {
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels = {};

    void set(int x, int y, std::uint8_t value)
    {
        if (x >= 0 && y >= 0 && x < width && y < height)
            pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] = value;
    }
};

// The pixels on the line from a to b, b left out, whose centres it meets.
template <class Take>
void forEachOnEdge(const std::pair<int, int>& a, const std::pair<int, int>& b, const Take& take)
{
    const int dx = b.first - a.first, dy = b.second - a.second;
    const int steps = std::max(1, std::gcd(std::abs(dx), std::abs(dy)));
    for (int n = 0; n < steps; ++n)
        take(a.first + dx / steps * n, a.second + dy / steps * n);
}

// Even-odd at pixel centres; what lies on the outline belongs to it or not.
void fill(SliceMask& mask, const std::vector<std::pair<int, int>>& points, std::uint8_t inside, bool withEdge)
{
    const auto [top, bottom] = std::minmax_element(points.begin(), points.end(),
                                                   [](const auto& a, const auto& b) { return a.second < b.second; });
    SliceMask own{mask.width, mask.height, std::vector<std::uint8_t>(mask.pixels.size())};
    for (int y = std::max(0, top->second); y <= std::min(bottom->second, mask.height - 1); ++y) {
        std::vector<double> crossings;
        for (std::size_t n = 0; n < points.size(); ++n) {
            const auto& a = points[n];
            const auto& b = points[(n + 1) % points.size()];
            if ((a.second <= y) != (b.second <= y))
                crossings.push_back(a.first + static_cast<double>(y - a.second) * (b.first - a.first) / (b.second - a.second));
        }
        std::sort(crossings.begin(), crossings.end());
        for (std::size_t n = 0; n + 1 < crossings.size(); n += 2) {
            const int first = std::max(0, static_cast<int>(std::ceil(crossings[n])));
            const int last = std::min(mask.width - 1, static_cast<int>(std::floor(crossings[n + 1])));
            for (int x = first; x <= last; ++x)
                own.set(x, y, 1);
        }
    }
    for (std::size_t n = 0; n < points.size(); ++n)
        forEachOnEdge(points[n], points[(n + 1) % points.size()],
                      [&](int x, int y) { own.set(x, y, withEdge ? 1 : 0); });
    for (std::size_t i = 0; i < own.pixels.size(); ++i)
        if (own.pixels[i])
            mask.pixels[i] = inside;
}

// The slice whose centre has this z; the same for all its pixels, as the slices are axial.
Result<int> sliceAt(const VolumeGeometry& grid, double zMm)
{
    const double first = grid.origin[2], step = grid.patientFromIndex({0, 0, 1})[2] - first;
    const bool isAxial = std::abs(grid.axis(0)[2]) < 1e-4 && std::abs(grid.axis(1)[2]) < 1e-4 && std::abs(step) > 1e-6;
    if (!isAxial)
        return Error{ErrorCode::GeometryMismatch, {}, "outlines in pixels need axial slices"};
    const double k = (zMm - first) / step;
    if (!(k > -0.3 && k < grid.size[2] - 0.7) || std::abs(k - std::round(k)) > 0.3)
        return Error{ErrorCode::GeometryMismatch, {}, "an outline at z = " + std::to_string(zMm) + " mm is on no slice"};
    return static_cast<int>(std::lround(k));
}

Result<int> notPlaced(const LidcOutline& outline)
{
    return Error{ErrorCode::GeometryMismatch, {}, "an outline names only its image, " + outline.imageUid + ", and not its position"};
}

// A nodule's voxels, slice by slice.
Result<std::map<int, SliceMask>> slicesOf(const LidcNodule& nodule, const VolumeGeometry& grid)
{
    std::map<int, SliceMask> slices;
    for (const bool inclusions : {true, false}) {
        for (const LidcOutline& outline : nodule.outlines) {
            if (outline.isInclusion != inclusions || outline.points.empty())
                continue;
            const auto k = outline.zMm ? sliceAt(grid, *outline.zMm) : notPlaced(outline);
            if (!k)
                return k.error();
            SliceMask& slice = slices[*k];
            if (slice.pixels.empty())
                slice = {grid.size[0], grid.size[1],
                         std::vector<std::uint8_t>(static_cast<std::size_t>(grid.size[0]) * static_cast<std::size_t>(grid.size[1]))};
            fill(slice, outline.points, inclusions ? 1 : 0, !inclusions);
        }
    }
    return slices;
}

bool isFree(const LabelMap& labels, int layer, const std::map<int, SliceMask>& slices)
{
    if (layer >= labels.layerCount())
        return true;
    const auto voxels = labels.layer(layer);
    for (const auto& [k, slice] : slices) {
        const std::size_t start = labels.geometry().offset({0, 0, k});
        for (std::size_t i = 0; i < slice.pixels.size(); ++i)
            if (slice.pixels[i] && voxels[start + i] != background)
                return false;
    }
    return true;
}

Segment segmentOf(const LidcNodule& nodule, std::size_t reader, SegmentNumber number)
{
    Segment segment;
    segment.number = number;
    segment.name = "Reader " + std::to_string(reader + 1) + ": " + (nodule.id.empty() ? "nodule" : nodule.id);
    segment.colour = paletteColour(number);
    segment.category = {"49755003", "SCT", "Morphologically Abnormal Structure"};
    segment.type = {"27925004", "SCT", "Nodule"};
    segment.region = {"39607008", "SCT", "Lung"};
    segment.algorithmType = "MANUAL";
    segment.description = nodule.characteristics;
    return segment;
}

} // namespace

Result<LabelMap> rasterised(const LidcAnnotations& annotations, const VolumeGeometry& grid, std::stop_token stop)
{
    LabelMap labels(grid);
    const int readers = static_cast<int>(annotations.readers.size());
    for (std::size_t reader = 0; reader < annotations.readers.size(); ++reader) {
        for (const LidcNodule& nodule : annotations.readers[reader].nodules) {
            if (stop.stop_requested())
                return cancelledError();
            const SegmentNumber number = labels.segments().firstFreeNumber();
            if (number == background)
                return Error{ErrorCode::TooManySegments, {}, "more than 255 nodules"};
            const auto slices = slicesOf(nodule, grid);
            if (!slices)
                return slices.error();
            Segment segment = segmentOf(nodule, reader, number);
            // Nodules of one reader that touch each other find room in layers above the readers'.
            segment.layer = static_cast<int>(reader);
            for (int layer = readers; !isFree(labels, segment.layer, *slices); ++layer)
                segment.layer = layer;
            labels.ensureLayers(segment.layer + 1);
            labels.segments().insert(segment);
            const auto voxels = labels.writableLayer(segment.layer);
            for (const auto& [k, slice] : *slices) {
                const std::size_t start = grid.offset({0, 0, k});
                for (std::size_t i = 0; i < slice.pixels.size(); ++i)
                    if (slice.pixels[i])
                        voxels[start + i] = number;
            }
        }
    }
    return labels;
}

} // namespace annotomy
