#pragma once

#include "core/image/image_info.h"
#include "core/image/volume_geometry.h"

#include <optional>
#include <string>

namespace annotomy {

// A series' header and grid as the database keeps them. Reading checks types and ranges: nullopt when
// damaged.
std::string headerJson(const ImageInfo& info);
std::optional<ImageInfo> headerFromJson(const std::string& json);
std::string geometryJson(const VolumeGeometry& geometry);
std::optional<VolumeGeometry> geometryFromJson(const std::string& json);

bool isJsonObject(const std::string& text);

} // namespace annotomy
