#pragma once

#include <optional>
#include <string>

namespace annotomy {

// The path below a folder at which an entry of an archive may be written, '/' between its parts: backslashes
// are separators, too (some programs for Windows write them), empty parts and "." are dropped. Nothing for a
// name that leads out of the folder ("..", a drive, an absolute path), holds control characters, or is longer
// or deeper than file systems take. Internal to core/io.
std::optional<std::string> safeEntryPath(const std::string& name);

} // namespace annotomy
