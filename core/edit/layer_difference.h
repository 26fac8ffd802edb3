#pragma once

#include "core/edit/edit.h"

#include <array>
#include <span>

namespace annotomy {

// What a voxel becomes: its label when that is `fixed`, else `wanted[target's label]`.
struct LabelRule {
    std::array<bool, 256> fixed{};
    std::array<std::uint8_t, 256> wanted{};

    static LabelRule takeTarget(); // no label fixed, every label wanted as it is
};

// Adds `run` behind `runs`, joined to the last one when it goes on with the same labels.
void appendRun(std::vector<LabelRun>& runs, const LabelRun& run);

// Adds to `edit` (layer and box) what changes in `layer` when its labels `from` become `to` under `rule`. An empty
// span stands for a layer that is not there.
void addLayerDifference(const VolumeGeometry& geometry, int layer, std::span<const std::uint8_t> from,
                        std::span<const std::uint8_t> to, const LabelRule& rule, Edit& edit);

} // namespace annotomy
