#include "core/image/volume.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

std::size_t voxelSize(VoxelType type)
{
    switch (type) {
    case VoxelType::UInt8:
    case VoxelType::Int8: return 1;
    case VoxelType::UInt16:
    case VoxelType::Int16: return 2;
    case VoxelType::UInt32:
    case VoxelType::Int32:
    case VoxelType::Float32: break;
    }
    return 4;
}

Volume Volume::fromBytes(const VolumeGeometry& geometry, VoxelType type, std::shared_ptr<const void> owner,
                         std::span<const std::byte> bytes, Rescale rescale, std::string unit)
{
    assert(bytes.size() == geometry.voxelCount() * voxelSize(type));
    Volume volume;
    volume.m_geometry = geometry;
    volume.m_type = type;
    volume.m_rescale = rescale;
    volume.m_unit = std::move(unit);
    volume.m_owner = std::move(owner);
    volume.m_bytes = bytes;
    return volume;
}

void Volume::setColours(VoxelColours colours)
{
    assert(colours.rgb.size() == 3 * m_geometry.voxelCount() && colours.step > 0);
    m_colours = std::move(colours);
}

double Volume::valueAt(const Index3& index) const
{
    const std::size_t offset = m_geometry.offset(index);
    const double stored = visit([offset](auto voxels) { return static_cast<double>(voxels[offset]); });
    return m_rescale.slope * stored + m_rescale.intercept;
}

namespace {

// Which voxels tell of the image: finite ones beside the padding.
class Telling {
public:
    Telling() = default;
    explicit Telling(const std::optional<StoredRange>& padding) : m_hasPadding(padding)
    {
        if (padding)
            m_padding = *padding;
    }
    bool operator()(double stored) const
    {
        return std::isfinite(stored) &&
               !(m_hasPadding && stored >= m_padding.lowest && stored <= m_padding.highest);
    }

private:
    bool m_hasPadding = false;
    StoredRange m_padding;
};

std::optional<ValueRange> storedRange(const Volume& volume, const Telling& tells)
{
    return volume.visit([&](auto voxels) -> std::optional<ValueRange> {
        bool any = false;
        double lo = 0, hi = 0;
        for (const auto v : voxels) {
            const double x = static_cast<double>(v);
            if (!tells(x))
                continue;
            lo = any ? std::min(lo, x) : x;
            hi = any ? std::max(hi, x) : x;
            any = true;
        }
        return any ? std::optional(ValueRange{lo, hi}) : std::nullopt;
    });
}

} // namespace

ValueRange valueRange(const Volume& volume)
{
    if (volume.isNull())
        return {};
    auto stored = storedRange(volume, Telling(volume.padding()));
    if (!stored && volume.padding())
        stored = storedRange(volume, Telling()); // nothing but padding
    if (!stored)
        return {};
    const Rescale& r = volume.rescale();
    const double a = r.slope * stored->min + r.intercept, b = r.slope * stored->max + r.intercept;
    return {std::min(a, b), std::max(a, b)};
}

std::vector<double> percentiles(const Volume& volume, std::span<const double> fractions)
{
    constexpr std::size_t maxSamples = std::size_t{1} << 22, bins = std::size_t{1} << 16;
    const ValueRange range = valueRange(volume);
    std::vector<double> result(fractions.size(), range.min);
    const double width = range.max - range.min;
    if (width <= 0)
        return result;
    const Rescale r = volume.rescale();
    const Telling tells(volume.padding());
    std::vector<std::size_t> histogram(bins, 0);
    std::size_t total = 0;
    volume.visit([&](auto voxels) {
        const std::size_t step = std::max<std::size_t>(1, voxels.size() / maxSamples);
        for (std::size_t i = 0; i < voxels.size(); i += step) {
            if (!tells(static_cast<double>(voxels[i])))
                continue;
            const double x = r.slope * static_cast<double>(voxels[i]) + r.intercept;
            const double bin = (x - range.min) / width * static_cast<double>(bins - 1);
            ++histogram[static_cast<std::size_t>(std::clamp(bin, 0.0, static_cast<double>(bins - 1)))];
            ++total;
        }
    });
    std::size_t bin = 0, below = 0;
    for (std::size_t f = 0; f < fractions.size(); ++f) {
        const double wanted = fractions[f] * static_cast<double>(total);
        while (bin + 1 < bins && static_cast<double>(below + histogram[bin]) < wanted)
            below += histogram[bin++];
        result[f] = range.min + width * (static_cast<double>(bin) + 0.5) / static_cast<double>(bins - 1);
    }
    return result;
}

} // namespace annotomy
