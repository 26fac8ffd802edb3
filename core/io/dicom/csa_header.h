#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// Siemens' CSA header, versions 1 and 2: named lists of texts. Damaged input gives what came before the damage.
// Internal to core/io.
std::map<std::string, std::vector<std::string>> csaElements(std::span<const std::byte> bytes);

} // namespace annotomy
