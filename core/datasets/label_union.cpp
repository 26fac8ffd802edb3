#include "core/datasets/label_union.h"

#include <algorithm>
#include <set>

namespace annotomy {

namespace {

// What two spellings of a name share. "background" and "ignore" mean something else to those who read the data set.
std::string keyOf(const std::string& name)
{
    std::string key;
    for (const char c : name) {
        if (c == ' ' || c == '\t' || c == '_')
            key += key.empty() || key.back() == ' ' ? "" : " ";
        else
            key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return key.ends_with(' ') ? key.substr(0, key.size() - 1) : key;
}

std::string labelName(const Segment& segment)
{
    const std::string key = keyOf(segment.name);
    if (key.empty())
        return "segment " + std::to_string(segment.number);
    return key == "background" || key == "ignore" ? segment.name + " (segment)" : segment.name;
}

} // namespace

void LabelUnion::add(const std::string& caseName, const SegmentTable& segments)
{
    for (const Segment& segment : segments.segments()) {
        const std::string name = labelName(segment);
        const auto [at, isNew] = m_known.emplace(keyOf(name), m_labels.size());
        if (isNew) {
            m_labels.push_back({name, static_cast<int>(m_labels.size() + 1), segment.colour});
            if (name != segment.name)
                m_notes.push_back(caseName + ": the segment \"" + segment.name + "\" is called \"" + name + "\".");
        }
        const Label& label = m_labels[at->second];
        if (label.value != segment.number)
            m_notes.push_back(caseName + ": \"" + segment.name + "\" has number " + std::to_string(segment.number) +
                              " there; it is written as " + std::to_string(label.value) + ", as in all cases.");
        if (!isNew && label.name != name)
            m_notes.push_back(caseName + ": \"" + segment.name + "\" is taken for \"" + label.name + "\".");
    }
}

std::array<int, 256> LabelUnion::valuesOf(const SegmentTable& segments) const
{
    std::array<int, 256> values{};
    for (const Segment& segment : segments.segments())
        if (const auto it = m_known.find(keyOf(labelName(segment))); it != m_known.end())
            values[segment.number] = m_labels[it->second].value;
    return values;
}

std::vector<std::string> overlappingSegments(const LabelMap& labels)
{
    std::set<std::pair<std::uint8_t, std::uint8_t>> pairs;
    const std::size_t count = labels.geometry().voxelCount();
    for (int upper = 1; upper < labels.layerCount(); ++upper)
        for (int lower = 0; lower < upper; ++lower) {
            const auto a = labels.layer(lower), b = labels.layer(upper);
            for (std::size_t i = 0; i < count; ++i)
                if (a[i] != background && b[i] != background)
                    pairs.emplace(b[i], a[i]);
        }
    const auto name = [&](SegmentNumber number) {
        const Segment* segment = labels.segments().find(number);
        return segment ? segment->name : "segment " + std::to_string(number);
    };
    std::vector<std::string> names;
    for (const auto& [upper, lower] : pairs)
        names.push_back("\"" + name(upper) + "\" and \"" + name(lower) + "\"");
    return names;
}

namespace {

template <class T>
Volume flatAs(const LabelMap& labels, const std::array<int, 256>& values)
{
    std::vector<T> flat(labels.geometry().voxelCount());
    for (int layer = 0; layer < labels.layerCount(); ++layer) {
        const auto voxels = labels.layer(layer);
        for (std::size_t i = 0; i < voxels.size(); ++i)
            if (values[voxels[i]] != 0)
                flat[i] = static_cast<T>(values[voxels[i]]);
    }
    return Volume::fromVoxels(labels.geometry(), std::move(flat));
}

} // namespace

Volume flatValues(const LabelMap& labels, const std::array<int, 256>& values)
{
    const int most = *std::max_element(values.begin(), values.end());
    return most <= 255 ? flatAs<std::uint8_t>(labels, values) : flatAs<std::int32_t>(labels, values);
}

} // namespace annotomy
