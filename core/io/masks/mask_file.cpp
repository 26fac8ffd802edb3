#include "core/io/masks/mask_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_map>

namespace annotomy {

namespace {

constexpr double largestFileValue = 9007199254740992.0; // 2^53: beyond, doubles skip integers

constexpr double wholeTolerance = 1e-4; // float32 slopes such as 1/255 miss whole numbers by less

using FileValues = std::set<std::int64_t>;

// The real values of a volume as integers, one after the other, to `take`; stops when `take` says false.
// Neighbours are mostly equal, so a value is worked out again only when the stored one changes.
template <class Take>
Result<void> forEachInteger(const Volume& volume, const Take& take)
{
    const Rescale rescale = volume.rescale();
    return volume.visit([&](auto voxels) -> Result<void> {
        auto last = voxels[0];
        std::int64_t value = 0;
        bool known = false;
        for (std::size_t i = 0; i < voxels.size(); ++i) {
            if (!known || voxels[i] != last) {
                last = voxels[i];
                const double real = rescale.slope * static_cast<double>(last) + rescale.intercept;
                const double whole = std::round(real);
                if (!(std::abs(whole) <= largestFileValue) || std::abs(real - whole) > wholeTolerance)
                    return Error{ErrorCode::Malformed, {}, "a mask holds whole numbers only"};
                value = static_cast<std::int64_t>(whole);
                known = true;
            }
            if (!take(i, value))
                return Error{ErrorCode::TooManySegments, {}, "more than 255 different values"};
        }
        return {};
    });
}

Result<FileValues> distinctValues(const Volume& volume)
{
    FileValues values;
    std::int64_t last = 0;
    const auto take = [&](std::size_t, std::int64_t value) {
        if (value == last || value == 0)
            return true;
        last = value;
        values.insert(value);
        return values.size() <= 255;
    };
    if (auto all = forEachInteger(volume, take); !all)
        return all.error();
    return values;
}

std::string segmentName(std::int64_t value, const SegmentNames& names)
{
    const auto given = names.find(value);
    return given != names.end() ? given->second : "Segment " + std::to_string(value);
}

// Values 1..255 keep their number; the others take the free numbers in ascending order.
SegmentTable tableOf(const FileValues& values, const SegmentNames& names)
{
    std::map<std::int64_t, SegmentNumber> numbers;
    std::array<bool, 256> taken{};
    for (const std::int64_t value : values)
        if (value >= 1 && value <= 255)
            taken[static_cast<std::size_t>(value)] = true;
    std::size_t next = 1;
    SegmentTable table;
    for (const std::int64_t value : values) {
        Segment segment;
        segment.fileValue = value;
        segment.name = segmentName(value, names);
        if (value >= 1 && value <= 255) {
            segment.number = static_cast<SegmentNumber>(value);
        } else {
            while (taken[next])
                ++next;
            taken[next] = true;
            segment.number = static_cast<SegmentNumber>(next);
        }
        segment.colour = paletteColour(segment.number);
        table.insert(segment);
    }
    return table;
}

// The value each segment is written with: its file's own, else its number; one that is taken gives way.
std::array<std::int64_t, 256> fileValues(const SegmentTable& table)
{
    std::array<std::int64_t, 256> values{};
    std::set<std::int64_t> taken{0};
    for (const Segment& segment : table.segments()) {
        std::int64_t value = segment.fileValue != 0 ? segment.fileValue : segment.number;
        if (!std::in_range<std::int32_t>(value) || taken.contains(value))
            value = segment.number;
        while (taken.contains(value))
            ++value;
        taken.insert(value);
        values[segment.number] = value;
    }
    return values;
}

template <class T>
FlattenedMask flattenedAs(const LabelMap& labels, const std::array<std::int64_t, 256>& values)
{
    FlattenedMask result;
    std::vector<T> flat(labels.geometry().voxelCount(), T{0});
    for (int layer = 0; layer < labels.layerCount(); ++layer) {
        const std::span<const std::uint8_t> voxels = labels.layer(layer);
        for (std::size_t i = 0; i < voxels.size(); ++i) {
            if (voxels[i] == background)
                continue;
            result.overlapping |= flat[i] != 0;
            flat[i] = static_cast<T>(values[voxels[i]]);
        }
    }
    result.volume = Volume::fromVoxels(labels.geometry(), std::move(flat));
    return result;
}

} // namespace

Result<LabelMap> labelMapFromVolume(const Volume& volume, const SegmentNames& names)
{
    if (volume.isNull() || volume.geometry().voxelCount() == 0)
        return Error{ErrorCode::InvalidArgument, {}, "no volume"};
    const auto values = distinctValues(volume);
    if (!values)
        return values.error();
    LabelMap labels(volume.geometry());
    labels.segments() = tableOf(*values, names);
    std::unordered_map<std::int64_t, SegmentNumber> numbers{{0, background}};
    for (const Segment& segment : labels.segments().segments())
        numbers.emplace(segment.fileValue, segment.number);
    std::vector<std::uint8_t> layer(volume.geometry().voxelCount());
    std::int64_t last = 0;
    SegmentNumber number = background;
    const auto take = [&](std::size_t i, std::int64_t value) {
        if (value != last) {
            last = value;
            number = numbers.at(value);
        }
        layer[i] = number;
        return true;
    };
    if (auto all = forEachInteger(volume, take); !all)
        return all.error();
    labels.setLayer(0, std::move(layer));
    return labels;
}

FlattenedMask flattened(const LabelMap& labels)
{
    auto values = fileValues(labels.segments());
    for (std::size_t number = 1; number < values.size(); ++number)
        if (values[number] == 0)
            values[number] = static_cast<std::int64_t>(number); // a label without a row in the table
    const bool small = std::all_of(values.begin(), values.end(),
                                   [](std::int64_t v) { return std::in_range<std::uint8_t>(v); });
    return small ? flattenedAs<std::uint8_t>(labels, values) : flattenedAs<std::int32_t>(labels, values);
}

} // namespace annotomy
