#pragma once

#include "core/image/image_info.h"
#include "core/image/label_map.h"
#include "core/image/volume.h"

#include <cstdint>

namespace annotomy {

// A synthetic chest CT with its truth: body, lungs, heart, ribs, spine, vessels, and nodules of varied size and contrast, plus
// noise. The same seed gives the same voxels. Values are HU (int16, rescale 1/-1024 as scanners store).
struct ChestPhantom {
    Volume image;
    LabelMap truth; // 1 "Left lung", 2 "Right lung", 3 "Nodule"
    ImageInfo info; // modality CT, invented patient, unique UIDs from the seed
};

struct ChestPhantomOptions {
    std::uint64_t seed = 1;
    Index3 size{112, 96, 56};
    Vec3 spacing{3.2, 3.2, 5.0};
    double obliqueDegrees = 0; // rotation of the grid about the patient's left-right axis
    double smallestNoduleMm = 4, largestNoduleMm = 12; // radius, in an adult; smaller chests have smaller ones
};

ChestPhantom makeChestPhantom(const ChestPhantomOptions& options);

} // namespace annotomy
