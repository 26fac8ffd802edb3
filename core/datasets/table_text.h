#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// Tables of text with tabs between cells, as BIDS has them. Internal to core/datasets.
using TableRow = std::map<std::string, std::string>; // by the heading of the column

// Errors: NotFound, Unsupported (more than 16 MiB), Malformed (no headings).
Result<std::vector<TableRow>> readTable(const std::string& path);

std::string cell(const TableRow& row, const std::string& column); // empty when there is none
std::optional<std::int64_t> wholeNumber(const std::string& text);

} // namespace annotomy
