#include "core/io/series/regularise.h"

#include "core/base/parallel.h"
#include "core/io/plain/raw_voxels.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>

namespace annotomy {

namespace {

constexpr double samePlaneMm = 0.01;
constexpr double asidePixels = 0.05; // a smaller shift of a slice is rounding, not a tilt

// A real slice, relative to the first: mm along the normal, pixels aside.
struct Plane {
    int slice = 0;
    double along = 0, asideI = 0, asideJ = 0;
};
using Planes = std::vector<Plane>;

Vec3 normalOf(const VolumeGeometry& grid)
{
    return normalised(cross(grid.axis(0), grid.axis(1)));
}

// Stand-ins for missing slices repeat a position and are left out. Empty unless ascending.
Planes planesOf(const SlicePositions& slices)
{
    Planes planes;
    const VolumeGeometry& grid = slices.grid;
    const Vec3 normal = normalOf(grid);
    for (std::size_t s = 0; s < slices.positions.size(); ++s) {
        const Vec3 offset = slices.positions[s] - slices.positions.front();
        const double along = dot(offset, normal);
        if (!std::isfinite(along) || (!planes.empty() && along < planes.back().along - samePlaneMm))
            return {};
        if (!planes.empty() && along < planes.back().along + samePlaneMm)
            continue;
        planes.push_back({static_cast<int>(s), along, dot(offset, grid.axis(0)) / grid.spacing[0],
                          dot(offset, grid.axis(1)) / grid.spacing[1]});
    }
    return planes;
}

// Whole pixels that a grid needs below and above the first slice's, for slices that lie aside.
struct Margin {
    int below = 0, above = 0;
};

std::optional<Margin> marginOf(const Planes& planes, double Plane::*aside)
{
    const auto [least, most] = std::minmax_element(
        planes.begin(), planes.end(), [aside](const Plane& a, const Plane& b) { return a.*aside < b.*aside; });
    const double below = std::max(0.0, std::ceil(-((*least).*aside) - asidePixels)),
                 above = std::max(0.0, std::ceil((*most).*aside - asidePixels));
    if (!(below + above <= 65535))
        return std::nullopt;
    return Margin{static_cast<int>(below), static_cast<int>(above)};
}

int sliceCountFor(const Planes& planes)
{
    constexpr double mostPerSlice = 4;
    const double extent = planes.back().along;
    double smallest = extent;
    for (std::size_t p = 1; p < planes.size(); ++p)
        smallest = std::min(smallest, planes[p].along - planes[p - 1].along);
    const double steps = std::min(std::round(extent / smallest), mostPerSlice * static_cast<double>(planes.size()));
    return static_cast<int>(steps) + 1;
}

// Between which two planes a height lies, and the weight of the upper one.
struct Bracket {
    const Plane *lower, *upper;
    double weight;
};

Bracket bracketAt(const Planes& planes, double along)
{
    const auto above = std::upper_bound(planes.begin(), planes.end(), along,
                                        [](double at, const Plane& plane) { return at < plane.along; });
    if (above == planes.begin())
        return {&planes.front(), &planes.front(), 0};
    if (above == planes.end())
        return {&planes.back(), &planes.back(), 0};
    const Plane &lower = *(above - 1), &upper = *above;
    return {&lower, &upper, (along - lower.along) / (upper.along - lower.along)};
}

// The slices as they are stored, sampled at fractional pixels.
template <class T>
class SliceStack {
public:
    SliceStack(std::span<const T> voxels, const Index3& size) : m_voxels(voxels), m_size(size) {}

    bool contains(double i, double j) const
    {
        return i >= -0.5 && i <= m_size[0] - 0.5 && j >= -0.5 && j <= m_size[1] - 0.5;
    }

    double at(int slice, double i, double j) const
    {
        const double x = std::clamp(i, 0.0, m_size[0] - 1.0), y = std::clamp(j, 0.0, m_size[1] - 1.0);
        const int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
        const int x1 = std::min(x0 + 1, m_size[0] - 1), y1 = std::min(y0 + 1, m_size[1] - 1);
        const double near = mixed(voxel(slice, x0, y0), voxel(slice, x1, y0), x - x0);
        return mixed(near, y > y0 ? mixed(voxel(slice, x0, y1), voxel(slice, x1, y1), x - x0) : near, y - y0);
    }

    static double mixed(double a, double b, double weight) { return weight == 0 ? a : a + (b - a) * weight; }

private:
    double voxel(int slice, int i, int j) const
    {
        const auto row = static_cast<std::size_t>(slice) * static_cast<std::size_t>(m_size[1]) +
                         static_cast<std::size_t>(j);
        return static_cast<double>(m_voxels[row * static_cast<std::size_t>(m_size[0]) + static_cast<std::size_t>(i)]);
    }

    std::span<const T> m_voxels;
    Index3 m_size;
};

template <class T>
T storedValue(double value)
{
    if constexpr (std::is_floating_point_v<T>)
        return static_cast<T>(value);
    else
        return static_cast<T>(std::lround(std::clamp(value, static_cast<double>(std::numeric_limits<T>::min()),
                                                     static_cast<double>(std::numeric_limits<T>::max()))));
}

// Where slice and grid are sampled: the grid's first pixel relative to the first slice's.
struct Placement {
    Planes planes;
    int firstI = 0, firstJ = 0;
    double background = 0; // stored
};

template <class T>
void fillSlice(const SliceStack<T>& stack, const Placement& placement, const VolumeGeometry& grid, int k,
               std::span<T> out)
{
    const Bracket bracket = bracketAt(placement.planes, k * grid.spacing[2]);
    const Plane& nearest = bracket.weight < 0.5 ? *bracket.lower : *bracket.upper;
    const auto sample = [&](const Plane& plane, int i, int j) {
        return stack.at(plane.slice, placement.firstI + i - plane.asideI, placement.firstJ + j - plane.asideJ);
    };
    const auto isHeld = [&](const Plane& plane, int i, int j) {
        return stack.contains(placement.firstI + i - plane.asideI, placement.firstJ + j - plane.asideJ);
    };
    auto voxel = out.begin();
    for (int j = 0; j < grid.size[1]; ++j)
        for (int i = 0; i < grid.size[0]; ++i, ++voxel) {
            const bool lower = isHeld(*bracket.lower, i, j), upper = isHeld(*bracket.upper, i, j);
            double value = placement.background;
            if (lower && upper)
                value = SliceStack<T>::mixed(sample(*bracket.lower, i, j),
                                             bracket.weight == 0 ? 0 : sample(*bracket.upper, i, j), bracket.weight);
            else if (isHeld(nearest, i, j))
                value = sample(nearest, i, j);
            *voxel = storedValue<T>(value);
        }
}

// The even grid from the slices, on all cores; false when it was stopped.
template <class T>
bool fillGrid(std::span<const T> voxels, const Index3& size, const Placement& placement, const VolumeGeometry& grid,
              std::span<T> out, const std::stop_token& stop, SharedProgress& progress)
{
    const SliceStack<T> stack(voxels, size);
    const auto plane = static_cast<std::size_t>(grid.size[0]) * static_cast<std::size_t>(grid.size[1]);
    parallelRanges(static_cast<std::size_t>(grid.size[2]), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end && !stop.stop_requested(); ++k) {
            fillSlice(stack, placement, grid, static_cast<int>(k), out.subspan(k * plane, plane));
            progress.finish();
        }
    });
    return !stop.stop_requested();
}

// Channel by channel; black where there are no slices.
Result<void> fillColours(const Volume& asStored, Placement placement, const std::stop_token& stop,
                         SharedProgress& progress, Volume& volume)
{
    const std::span<const std::byte> rgb = asStored.colours().rgb;
    const std::size_t count = volume.geometry().voxelCount();
    auto buffer = VoxelBuffer::allocate(3 * count, {});
    if (!buffer)
        return buffer.error();
    placement.background = 0;
    std::vector<std::uint8_t> from(rgb.size() / 3), to(count);
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t v = 0; v < from.size(); ++v)
            from[v] = std::to_integer<std::uint8_t>(rgb[3 * v + c]);
        if (!fillGrid<std::uint8_t>(from, asStored.geometry().size, placement, volume.geometry(), to, stop, progress))
            return cancelledError();
        for (std::size_t v = 0; v < count; ++v)
            buffer->bytes()[3 * v + c] = std::byte{to[v]};
    }
    volume.setColours({buffer->owner(), buffer->bytes(), asStored.colours().step});
    return {};
}

double backgroundOf(const Volume& volume)
{
    constexpr double airHu = -1000;
    if (volume.padding())
        return volume.padding()->lowest;
    const double least = valueRange(volume).min;
    const double value = volume.unit() == "HU" ? std::min(least, airHu) : least;
    return (value - volume.rescale().intercept) / volume.rescale().slope;
}

bool fits(const Volume& asStored, const SlicePositions& slices, const VolumeGeometry& grid)
{
    const auto expected = evenGrid(slices);
    return expected && sameGrid(*expected, grid) && asStored.geometry().size == slices.grid.size;
}

std::string degreesText(const SlicePositions& slices)
{
    const double cosine = std::min(1.0, std::abs(dot(slices.grid.axis(2), normalOf(slices.grid))));
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), " (%d slices, tilt %.1f degrees)", slices.grid.size[2],
                  std::acos(cosine) * 57.29577951308232);
    return text.data();
}

constexpr std::string_view keySuffix = "|regularised";

// An entry's slices as places and frames, also where they lie evenly.
SlicePositions positionsOf(const SeriesEntry& entry)
{
    if (entry.irregular)
        return *entry.irregular;
    SlicePositions slices{entry.geometry, {}};
    for (int k = 0; k < entry.geometry.size[2]; ++k)
        slices.positions.push_back(entry.geometry.patientFromIndex({0, 0, static_cast<double>(k)}));
    return slices;
}

void append(const SeriesEntry& part, SeriesEntry& whole, SlicePositions& slices)
{
    const SlicePositions own = positionsOf(part);
    slices.positions.insert(slices.positions.end(), own.positions.begin(), own.positions.end());
    whole.files.insert(whole.files.end(), part.files.begin(), part.files.end());
    whole.frames.insert(whole.frames.end(), part.frames.begin(), part.frames.end());
    for (const Warning& warning : part.info.warnings) {
        const auto isKnown = [&](const Warning& known) { return known.code == warning.code; };
        if (std::none_of(whole.info.warnings.begin(), whole.info.warnings.end(), isKnown))
            whole.info.warnings.push_back(warning);
    }
}

// The stretches of one stack, ascending along their normal, as one series with a grid of the mean spacing. The first
// of them alone where they do not make one.
SeriesEntry joined(std::vector<SeriesEntry> parts)
{
    const Vec3 normal = normalOf(parts.front().geometry);
    std::sort(parts.begin(), parts.end(), [&](const SeriesEntry& a, const SeriesEntry& b) {
        return dot(normal, a.geometry.origin) < dot(normal, b.geometry.origin);
    });
    SeriesEntry whole = parts.front();
    SlicePositions slices = positionsOf(whole);
    for (std::size_t p = 1; p < parts.size(); ++p)
        append(parts[p], whole, slices);
    const auto count = slices.positions.size();
    const Vec3 way = slices.positions.back() - slices.positions.front();
    VolumeGeometry& grid = slices.grid;
    grid.size[2] = static_cast<int>(count);
    grid.spacing[2] = length(way) / static_cast<double>(count - 1);
    grid.direction = fromColumns(grid.axis(0), grid.axis(1), normalised(way));
    whole.geometry = grid;
    whole.irregular = slices;
    whole.contentKey = whole.partOf;
    whole.partOf.clear();
    std::erase_if(whole.info.warnings, [](const Warning& w) { return w.code == "spacingChanges"; });
    whole.info.warnings.push_back({"unevenSpacing",
                                   "The slices do not lie evenly: their spacing changes within the series.",
                                   {}});
    return whole;
}

} // namespace

std::optional<VolumeGeometry> evenGrid(const SlicePositions& slices)
{
    if (slices.positions.size() != static_cast<std::size_t>(slices.grid.size[2]) || !isPlausible(slices.grid))
        return std::nullopt;
    const Planes planes = planesOf(slices);
    if (planes.size() < 2)
        return std::nullopt;
    const auto marginI = marginOf(planes, &Plane::asideI), marginJ = marginOf(planes, &Plane::asideJ);
    if (!marginI || !marginJ)
        return std::nullopt;
    VolumeGeometry grid = slices.grid;
    grid.size = {grid.size[0] + marginI->below + marginI->above, grid.size[1] + marginJ->below + marginJ->above,
                 sliceCountFor(planes)};
    grid.spacing[2] = planes.back().along / (grid.size[2] - 1);
    grid.direction = fromColumns(grid.axis(0), grid.axis(1), normalOf(grid));
    grid.origin = slices.positions.front() - (marginI->below * grid.spacing[0]) * grid.axis(0) -
                  (marginJ->below * grid.spacing[1]) * grid.axis(1);
    constexpr double mostGrowth = 16;
    const bool isModest = static_cast<double>(grid.size[0]) * grid.size[1] * grid.size[2] <=
                          mostGrowth * static_cast<double>(slices.grid.voxelCount());
    return isModest && isPlausible(grid) ? std::optional(grid) : std::nullopt;
}

Result<Volume> onEvenGrid(const Volume& asStored, const SlicePositions& slices, const VolumeGeometry& grid,
                          std::stop_token stop, const ProgressReport& report,
                          const std::vector<std::size_t>& damaged)
{
    if (!fits(asStored, slices, grid))
        return Error{ErrorCode::InvalidArgument, {}, "the even grid is not that of the slices"};
    auto buffer = VoxelBuffer::allocate(grid.voxelCount() * voxelSize(asStored.type()), {});
    if (!buffer)
        return buffer.error();
    Placement placement{planesOf(slices), -marginOf(planesOf(slices), &Plane::asideI)->below,
                              -marginOf(planesOf(slices), &Plane::asideJ)->below, backgroundOf(asStored)};
    std::erase_if(placement.planes, [&](const Plane& plane) {
        return std::binary_search(damaged.begin(), damaged.end(), static_cast<std::size_t>(plane.slice));
    });
    const std::size_t rounds = asStored.hasColours() ? 4 : 1;
    SharedProgress progress(report, rounds * static_cast<std::size_t>(grid.size[2]));
    const bool filled = asStored.visit([&]<class T>(std::span<const T> voxels) {
        const std::span<T> out(reinterpret_cast<T*>(buffer->bytes().data()), grid.voxelCount());
        return fillGrid<T>(voxels, asStored.geometry().size, placement, grid, out, stop, progress);
    });
    if (!filled)
        return cancelledError();
    Volume volume = Volume::fromBytes(grid, asStored.type(), buffer->owner(), buffer->bytes(), asStored.rescale(),
                                      asStored.unit());
    volume.setPadding(asStored.padding());
    if (asStored.hasColours())
        if (auto done = fillColours(asStored, placement, stop, progress, volume); !done)
            return done.error();
    return volume;
}

SeriesEntry regularised(const SeriesEntry& entry)
{
    const auto grid = entry.irregular && !entry.regularised ? evenGrid(*entry.irregular) : std::nullopt;
    if (!grid)
        return entry;
    SeriesEntry result = entry;
    result.geometry = *grid;
    result.regularised = true;
    result.contentKey += keySuffix;
    if (!result.sequence.key.empty())
        result.sequence.key += keySuffix;
    result.info.warnings.push_back({"regularised",
                                    "The slices were resampled onto an even, untilted grid; they lay unevenly or tilted"
                                        + degreesText(*entry.irregular) + ".",
                                    {}});
    return result;
}

std::vector<SeriesEntry> regularised(std::vector<SeriesEntry> series)
{
    std::vector<SeriesEntry> result;
    std::map<std::string, std::vector<SeriesEntry>> stacks;
    for (const SeriesEntry& entry : series)
        if (!entry.partOf.empty())
            stacks[entry.partOf].push_back(entry);
    for (const SeriesEntry& entry : series) {
        const auto stack = stacks.find(entry.partOf);
        if (stack == stacks.end()) {
            result.push_back(regularised(entry));
            continue;
        }
        if (stack->second.empty())
            continue; // joined already
        const SeriesEntry whole = regularised(joined(stack->second));
        if (whole.regularised)
            result.push_back(whole);
        else
            for (const SeriesEntry& part : stack->second)
                result.push_back(regularised(part));
        stack->second.clear();
    }
    return result;
}

SeriesEntry asStored(const SeriesEntry& entry)
{
    if (!entry.regularised || !entry.irregular)
        return entry;
    SeriesEntry result = entry;
    result.geometry = entry.irregular->grid;
    result.regularised = false;
    for (std::string* key : {&result.contentKey, &result.sequence.key})
        if (key->ends_with(keySuffix))
            key->resize(key->size() - keySuffix.size());
    std::erase_if(result.info.warnings, [](const Warning& warning) { return warning.code == "regularised"; });
    return result;
}

} // namespace annotomy
