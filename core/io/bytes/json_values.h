#pragma once

#include "core/base/result.h"
#include "core/image/image_info.h"
#include "core/image/volume_geometry.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <vector>

namespace annotomy {

// JSON of the values that several files of this folder store. Internal to core/io. The fromJson functions
// throw nlohmann::json::exception where the text has another shape; an impossible grid is nullopt.

nlohmann::json toJson(const VolumeGeometry& geometry);
std::optional<VolumeGeometry> geometryFromJson(const nlohmann::json& json);

nlohmann::json toJson(const std::vector<Warning>& warnings);
std::vector<Warning> warningsFromJson(const nlohmann::json& json);

nlohmann::json toJson(const ImageInfo& info);
ImageInfo imageInfoFromJson(const nlohmann::json& json);

// The document of a text that may be anything; discarded when it is no JSON or nests deeper than any that is written here:
// the library copies values by recursion.
nlohmann::json parsedJson(const std::string& text);

// The text of a document in one line. Bytes that are not UTF-8 become U+FFFD.
std::string dumped(const nlohmann::json& json);

} // namespace annotomy
