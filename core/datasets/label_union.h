#pragma once

#include "core/image/label_map.h"
#include "core/image/volume.h"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace annotomy {

// The labels of a whole data set: every segment name of any case once, with one value for all cases. A case whose segment has
// another number is written with the common value, and a note says so.
class LabelUnion {
public:
    // Names that differ in case or blanks alone are one label. Cases are told apart by `caseName` in the notes.
    void add(const std::string& caseName, const SegmentTable& segments);

    struct Label {
        std::string name;
        int value = 0; // consecutive from 1, in the order of the first case's segments
        Colour colour;
    };
    const std::vector<Label>& labels() const { return m_labels; }
    const std::vector<std::string>& notes() const { return m_notes; }

    // The value that each segment number of a mask is written with; 0 where it has none.
    std::array<int, 256> valuesOf(const SegmentTable& segments) const;

private:
    std::vector<Label> m_labels;
    std::vector<std::string> m_notes;
    std::map<std::string, std::size_t> m_known; // by key
};

// Pairs of segments of a mask that share a voxel, "tumour and liver"; empty when none do.
std::vector<std::string> overlappingSegments(const LabelMap& labels);

// One volume of values, uint8 or int32; where layers overlap the last one wins.
Volume flatValues(const LabelMap& labels, const std::array<int, 256>& values);

} // namespace annotomy
