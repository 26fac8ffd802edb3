#include "app/workbench/segment_matching.h"

#include <algorithm>
#include <functional>

namespace annotomy {

namespace {

using Match = std::function<bool(const Segment&, const Segment&)>;

SegmentNumber firstFree(const std::array<bool, 256>& taken)
{
    for (std::size_t number = 1; number < taken.size(); ++number) {
        if (!taken[number])
            return static_cast<SegmentNumber>(number);
    }
    return 0;
}

Renumbering renumberingBy(const Match& same, const SegmentTable& segments, const SegmentTable& reference)
{
    Renumbering result{};
    std::array<bool, 256> taken{};
    taken[0] = true;
    for (const Segment& other : reference.segments())
        taken[other.number] = true;
    std::array<bool, 256> given{};
    for (const Segment& segment : segments.segments()) {
        for (const Segment& other : reference.segments()) {
            if (!given[other.number] && same(segment, other)) {
                result[segment.number] = other.number;
                given[other.number] = true;
                break;
            }
        }
    }
    for (const Segment& segment : segments.segments()) {
        if (result[segment.number] != 0)
            continue;
        const SegmentNumber number = taken[segment.number] ? firstFree(taken) : segment.number;
        result[segment.number] = number;
        taken[number] = true;
    }
    return result;
}

} // namespace

LabelMap renumbered(const LabelMap& labels, const Renumbering& renumbering)
{
    LabelMap result(labels.geometry());
    for (Segment segment : labels.segments().segments()) {
        segment.number = renumbering[segment.number];
        if (segment.number != 0)
            result.segments().insert(segment);
    }
    for (int index = 0; index < labels.layerCount(); ++index) {
        const auto from = labels.layer(index);
        std::vector<std::uint8_t> to(from.size());
        std::transform(from.begin(), from.end(), to.begin(), [&](std::uint8_t label) { return renumbering[label]; });
        result.ensureLayers(index + 1);
        result.setLayer(index, std::move(to));
    }
    return result;
}

Result<LabelMap> renumberedWhole(const LabelMap& labels, const Renumbering& renumbering, const std::string& subject)
{
    const auto& segments = labels.segments().segments();
    const bool drops = std::any_of(segments.begin(), segments.end(),
                                   [&](const Segment& segment) { return renumbering[segment.number] == 0; });
    if (drops)
        return Error{ErrorCode::TooManySegments, subject, "more than 255 segments together with those of the other mask"};
    return renumbered(labels, renumbering);
}

Renumbering renumberingByName(const SegmentTable& segments, const SegmentTable& reference)
{
    return renumberingBy([](const Segment& a, const Segment& b) { return !a.name.empty() && a.name == b.name; },
                         segments, reference);
}

Renumbering renumberingByFileValue(const SegmentTable& segments, const SegmentTable& reference)
{
    const auto valueOf = [](const Segment& s) { return s.fileValue != 0 ? s.fileValue : std::int64_t{s.number}; };
    return renumberingBy([&](const Segment& a, const Segment& b) { return valueOf(a) == valueOf(b); }, segments,
                         reference);
}

} // namespace annotomy
