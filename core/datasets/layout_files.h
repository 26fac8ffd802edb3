#pragma once

#include "core/datasets/dataset.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// What the readers of the layouts share. Internal to core/datasets.

// Errors: NotFound, Malformed, Unsupported (more than 64 MiB).
Result<nlohmann::ordered_json> readJson(const std::string& path);

// The object under a key. Throws std::exception where there is none, as the JSON library does for other shapes.
const nlohmann::ordered_json& objectAt(const nlohmann::ordered_json& json, const char* key);

// A path that a file of the data set names, within its folder; nothing when it leads out of it.
std::optional<std::string> pathWithin(const std::string& folder, const std::string& named);

// The regular files of a folder by name, not of those below it. Empty when there is none.
std::vector<std::string> filesIn(const std::string& folder);
// All files below a folder, by path; links are not followed. Errors: Cancelled.
Result<std::vector<std::string>> filesBelow(const std::string& folder, const std::stop_token& stop);

// A file's name without the ending of an image format that is read; nothing for other files and hidden ones.
std::optional<std::string> imageStem(const std::string& path);

bool fileExists(const std::string& path);

// The readers; see readDataset.
Result<Dataset> readNnUnet(const std::string& folder);
Result<Dataset> readMsd(const std::string& folder);
Result<Dataset> readBids(const std::string& folder, const std::stop_token& stop);
Result<Dataset> readLidc(const std::string& folder, const std::stop_token& stop);

} // namespace annotomy
