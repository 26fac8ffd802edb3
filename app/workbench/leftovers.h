#pragma once

#include <string>

namespace annotomy {

// Removes what killed programs left in a workspace: half-written files of the cache and the folders of proposals, once
// they have not been touched for a day.
void removeLeftovers(const std::string& workspaceFolder);

} // namespace annotomy
