#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace annotomy {

// The label of a segment, 1 to 255, unique within a case over all layers. 0 is background.
using SegmentNumber = std::uint8_t;
inline constexpr SegmentNumber background = 0;

struct Colour {
    std::uint8_t r = 0, g = 0, b = 0;
    bool operator==(const Colour&) const = default;
};

// A code of a terminology, e.g. {"85756007", "SCT", "Tissue"} (DICOM PS3.3 8.8).
struct CodedConcept {
    std::string value, scheme, meaning;
    bool operator==(const CodedConcept&) const = default;
};

struct Segment {
    SegmentNumber number = 0;
    std::string name; // UTF-8
    Colour colour;
    int layer = 0;    // labels of one layer exclude each other; layers may overlap
    bool visible = true;
    bool locked = false;    // no tool, import or proposal changes its voxels
    CodedConcept category;  // segmented property category; empty when unknown
    CodedConcept type;      // segmented property type
    CodedConcept typeModifier, region, regionModifier; // e.g. laterality; anatomic region sequence
    std::string description;   // UTF-8
    std::string algorithmType; // "MANUAL", "SEMIAUTOMATIC" or "AUTOMATIC"; empty when unknown
    std::string algorithmName;
    std::string trackingId, trackingUid; // the same finding over several studies (PS3.3 C.8.20.2)
    std::int64_t fileValue = 0; // the value it had in the file it came from; 0 when it came from none
    bool operator==(const Segment&) const = default;
};

// The segments of a case, in the order shown.
class SegmentTable {
public:
    const std::vector<Segment>& segments() const { return m_segments; }
    bool empty() const { return m_segments.empty(); }
    const Segment* find(SegmentNumber number) const;
    const Segment* findByName(const std::string& name) const;
    int layerOf(SegmentNumber number) const; // -1 when there is no such segment
    int layerCount() const;                  // highest layer + 1; 0 when empty

    SegmentNumber firstFreeNumber() const; // 0 when all 255 are taken
    // Adds a segment with the first free number and the palette's colour for it. Returns 0 when full.
    SegmentNumber add(const std::string& name, int layer = 0);
    bool insert(const Segment& segment); // false when the number is 0 or taken
    bool update(const Segment& segment); // false when there is none of that number
    bool remove(SegmentNumber number);

    bool operator==(const SegmentTable&) const = default;

private:
    std::vector<Segment> m_segments;
};

// Distinct on grey anatomy; repeats after 16.
Colour paletteColour(SegmentNumber number);

} // namespace annotomy
