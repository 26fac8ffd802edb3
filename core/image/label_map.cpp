#include "core/image/label_map.h"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace annotomy {

void LabelMap::ensureLayers(int count)
{
    while (layerCount() < count)
        m_layers.push_back(std::make_shared<std::vector<std::uint8_t>>(m_geometry.voxelCount(), std::uint8_t{0}));
}

std::span<const std::uint8_t> LabelMap::layer(int index) const
{
    assert(index >= 0 && index < layerCount());
    return *m_layers[static_cast<std::size_t>(index)];
}

std::span<std::uint8_t> LabelMap::writableLayer(int index)
{
    assert(index >= 0 && index < layerCount());
    auto& layer = m_layers[static_cast<std::size_t>(index)];
    if (layer.use_count() > 1)
        layer = std::make_shared<std::vector<std::uint8_t>>(*layer);
    return *layer;
}

void LabelMap::setLayer(int index, std::vector<std::uint8_t> labels)
{
    assert(labels.size() == m_geometry.voxelCount());
    ensureLayers(index); // the layers below; the one itself is replaced, never zeroed first
    auto layer = std::make_shared<std::vector<std::uint8_t>>(std::move(labels));
    if (index == layerCount())
        m_layers.push_back(std::move(layer));
    else
        m_layers[static_cast<std::size_t>(index)] = std::move(layer);
}

std::uint8_t LabelMap::labelAt(int layer, const Index3& index) const
{
    if (layer < 0 || layer >= layerCount())
        return background;
    return (*m_layers[static_cast<std::size_t>(layer)])[m_geometry.offset(index)];
}

std::uint8_t LabelMap::topLabelAt(const Index3& index) const
{
    for (int layer = layerCount() - 1; layer >= 0; --layer) {
        const std::uint8_t label = labelAt(layer, index);
        const Segment* segment = label ? m_segments.find(label) : nullptr;
        if (segment && segment->visible)
            return label;
    }
    return background;
}

bool LabelMap::operator==(const LabelMap& other) const
{
    if (m_geometry != other.m_geometry || m_segments != other.m_segments)
        return false;
    const auto isEmpty = [](const auto& layer) {
        return std::all_of(layer->begin(), layer->end(), [](std::uint8_t label) { return label == background; });
    };
    const auto& [fewer, more] = m_layers.size() < other.m_layers.size() ? std::tie(m_layers, other.m_layers)
                                                                         : std::tie(other.m_layers, m_layers);
    const auto common = static_cast<std::ptrdiff_t>(fewer.size());
    return std::equal(fewer.begin(), fewer.end(), more.begin(),
                      [](const auto& a, const auto& b) { return a == b || *a == *b; }) &&
           std::all_of(more.begin() + common, more.end(), isEmpty);
}

std::vector<std::int64_t> voxelCounts(const LabelMap& labels)
{
    std::vector<std::int64_t> counts(256, 0);
    for (int layer = 0; layer < labels.layerCount(); ++layer)
        for (const std::uint8_t label : labels.layer(layer))
            ++counts[label];
    counts[0] = 0;
    return counts;
}

IndexBox boundingBox(const LabelMap& labels, SegmentNumber number)
{
    const int layer = labels.segments().layerOf(number);
    if (layer < 0 || layer >= labels.layerCount())
        return {};
    const Index3 size = labels.geometry().size;
    const auto voxels = labels.layer(layer);
    const auto ni = static_cast<std::size_t>(size[0]);
    IndexBox box;
    for (int k = 0; k < size[2]; ++k) {
        for (int j = 0; j < size[1]; ++j) {
            const auto row = voxels.subspan(labels.geometry().offset({0, j, k}), ni);
            const auto first = std::find(row.begin(), row.end(), number);
            if (first == row.end())
                continue;
            const auto last = std::find(row.rbegin(), row.rend(), number);
            box.include({static_cast<int>(first - row.begin()), j, k});
            box.include({static_cast<int>(row.rend() - last) - 1, j, k});
        }
    }
    return box;
}

} // namespace annotomy
