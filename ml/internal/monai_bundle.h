#pragma once

#include <nlohmann/json_fwd.hpp>

namespace annotomy {

// What a MONAI bundle says of its model, as members of a card (MONAI's bundle specification: "network_data_format" of
// metadata.json; spacing, orientation, intensities and window of an inference configuration written out as values).
// What it does not say, or says in a way that a card cannot hold (z-score of non-zero voxels, values computed by
// expressions), is left out. Both may be empty objects.
nlohmann::json cardOfBundle(const nlohmann::json& metadata, const nlohmann::json& inference);

} // namespace annotomy
