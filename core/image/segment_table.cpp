#include "core/image/segment_table.h"

#include <algorithm>

namespace annotomy {

namespace {

auto byNumber(SegmentNumber number)
{
    return [number](const Segment& s) { return s.number == number; };
}

} // namespace

const Segment* SegmentTable::find(SegmentNumber number) const
{
    const auto it = std::find_if(m_segments.begin(), m_segments.end(), byNumber(number));
    return it == m_segments.end() ? nullptr : &*it;
}

const Segment* SegmentTable::findByName(const std::string& name) const
{
    const auto it = std::find_if(m_segments.begin(), m_segments.end(),
                                 [&](const Segment& s) { return s.name == name; });
    return it == m_segments.end() ? nullptr : &*it;
}

int SegmentTable::layerOf(SegmentNumber number) const
{
    const Segment* segment = find(number);
    return segment ? segment->layer : -1;
}

int SegmentTable::layerCount() const
{
    int count = 0;
    for (const Segment& segment : m_segments)
        count = std::max(count, segment.layer + 1);
    return count;
}

SegmentNumber SegmentTable::firstFreeNumber() const
{
    for (int number = 1; number <= 255; ++number)
        if (!find(static_cast<SegmentNumber>(number)))
            return static_cast<SegmentNumber>(number);
    return 0;
}

SegmentNumber SegmentTable::add(const std::string& name, int layer)
{
    Segment segment;
    segment.number = firstFreeNumber();
    segment.name = name;
    segment.layer = layer;
    segment.colour = paletteColour(segment.number);
    return insert(segment) ? segment.number : background;
}

bool SegmentTable::insert(const Segment& segment)
{
    if (segment.number == background || find(segment.number))
        return false;
    m_segments.push_back(segment);
    return true;
}

bool SegmentTable::update(const Segment& segment)
{
    const auto it = std::find_if(m_segments.begin(), m_segments.end(), byNumber(segment.number));
    if (it == m_segments.end())
        return false;
    *it = segment;
    return true;
}

bool SegmentTable::remove(SegmentNumber number)
{
    return std::erase_if(m_segments, byNumber(number)) > 0;
}

Colour paletteColour(SegmentNumber number)
{
    static constexpr std::array<Colour, 16> palette{{{255, 196, 87},  {97, 186, 255}, {120, 220, 140},
                                                     {240, 100, 120}, {190, 150, 255}, {110, 225, 220},
                                                     {255, 150, 90},  {170, 210, 80},  {240, 140, 200},
                                                     {130, 150, 255}, {230, 215, 120}, {90, 200, 170},
                                                     {220, 120, 90},  {160, 190, 220}, {205, 170, 130},
                                                     {150, 120, 200}}};
    return number == background ? Colour{} : palette[(number - 1U) % palette.size()];
}

} // namespace annotomy
