#include "viewer/segment_boxes.h"

#include <cstring>

namespace annotomy {

std::array<IndexBox, 256> segmentBoxes(const LabelMap& labels)
{
    std::array<IndexBox, 256> boxes{};
    const Index3 size = labels.geometry().size;
    for (int layer = 0; layer < labels.layerCount(); ++layer) {
        const std::uint8_t* row = labels.layer(layer).data();
        for (int k = 0; k < size[2]; ++k) {
            for (int j = 0; j < size[1]; ++j, row += size[0]) {
                for (int i = 0; i < size[0];) {
                    if (i + 8 <= size[0]) {
                        std::uint64_t eight;
                        std::memcpy(&eight, row + i, sizeof eight);
                        if (eight == 0) {
                            i += 8;
                            continue;
                        }
                    }
                    const std::uint8_t label = row[i];
                    const int begin = i;
                    while (i < size[0] && row[i] == label)
                        ++i;
                    if (label != background)
                        boxes[label] = unionOf(boxes[label], {{begin, j, k}, {i, j + 1, k + 1}});
                }
            }
        }
    }
    return boxes;
}

} // namespace annotomy
