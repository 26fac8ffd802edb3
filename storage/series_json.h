#pragma once

#include "core/io/series.h"

#include <optional>
#include <string>

namespace annotomy {

// A series' header and grid as the database keeps them. Reading checks types and ranges: nullopt or false when
// damaged. The header is `info` and how the series was assembled: frames, place in a sequence, irregular slices.
std::string headerJson(const SeriesEntry& series);
bool readHeaderJson(const std::string& json, SeriesEntry& series);
std::string geometryJson(const VolumeGeometry& geometry);
std::optional<VolumeGeometry> geometryFromJson(const std::string& json);

bool isJsonObject(const std::string& text);

} // namespace annotomy
