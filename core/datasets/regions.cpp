#include "core/datasets/regions.h"

#include <algorithm>
#include <array>
#include <set>

namespace annotomy {

namespace {

std::vector<DatasetLabel> withUnnamed(std::vector<DatasetLabel> labels, const SegmentTable& table)
{
    std::set<std::int64_t> named;
    for (const DatasetLabel& label : labels)
        named.insert(label.values.begin(), label.values.end());
    for (const Segment& segment : table.segments())
        if (!named.contains(segment.fileValue))
            labels.push_back({segment.name, {segment.fileValue}});
    return labels;
}

// The first layer none of whose values the label shares.
int layerFor(const DatasetLabel& label, std::vector<std::set<std::int64_t>>& layers)
{
    std::size_t layer = 0;
    const auto meets = [&](std::int64_t value) { return layers[layer].contains(value); };
    while (layer < layers.size() && std::any_of(label.values.begin(), label.values.end(), meets))
        ++layer;
    if (layer == layers.size())
        layers.emplace_back();
    layers[layer].insert(label.values.begin(), label.values.end());
    return static_cast<int>(layer);
}

// A label of one value from 1 to 255 has it as number; the others take free numbers in order.
std::vector<SegmentNumber> numbersFor(const std::vector<DatasetLabel>& labels)
{
    std::array<bool, 256> taken{true};
    std::vector<SegmentNumber> numbers(labels.size(), background);
    for (std::size_t n = 0; n < labels.size(); ++n) {
        const std::int64_t value = labels[n].values.size() == 1 ? labels[n].values.front() : 0;
        if (value < 1 || value > 255 || taken[static_cast<std::size_t>(value)])
            continue;
        numbers[n] = static_cast<SegmentNumber>(value);
        taken[numbers[n]] = true;
    }
    std::size_t free = 1;
    for (SegmentNumber& number : numbers) {
        while (number == background && taken[free])
            ++free;
        if (number == background)
            number = static_cast<SegmentNumber>(free);
        taken[number] = true;
    }
    return numbers;
}

} // namespace

bool hasRegions(const std::vector<DatasetLabel>& labels)
{
    return std::any_of(labels.begin(), labels.end(), [](const DatasetLabel& label) { return label.values.size() > 1; });
}

Result<LabelMap> named(const LabelMap& values, const std::vector<DatasetLabel>& labels)
{
    const std::vector<DatasetLabel> all = withUnnamed(labels, values.segments());
    if (all.size() > 255)
        return Error{ErrorCode::TooManySegments, {}, "more than 255 regions"};
    LabelMap result(values.geometry());
    std::vector<std::set<std::int64_t>> layers;
    std::vector<std::array<std::uint8_t, 256>> numbers; // per layer: the new label of each segment of `values`
    const std::vector<SegmentNumber> own = numbersFor(all);
    for (std::size_t n = 0; n < all.size(); ++n) {
        const DatasetLabel& label = all[n];
        Segment segment;
        segment.number = own[n];
        segment.name = label.name;
        segment.colour = paletteColour(segment.number);
        segment.layer = layerFor(label, layers);
        segment.fileValue = label.values.size() == 1 ? label.values.front() : 0;
        numbers.resize(layers.size());
        for (const Segment& old : values.segments().segments())
            if (std::find(label.values.begin(), label.values.end(), old.fileValue) != label.values.end())
                numbers[static_cast<std::size_t>(segment.layer)][old.number] = segment.number;
        result.segments().insert(segment);
    }
    for (std::size_t layer = 0; layer < layers.size() && values.layerCount() > 0; ++layer) {
        const auto from = values.layer(0);
        std::vector<std::uint8_t> to(from.size());
        std::transform(from.begin(), from.end(), to.begin(), [&](std::uint8_t label) { return numbers[layer][label]; });
        result.setLayer(static_cast<int>(layer), std::move(to));
    }
    return result;
}

} // namespace annotomy
