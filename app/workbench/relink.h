#pragma once

#include "storage/records.h"

#include <optional>

namespace annotomy {

// `scanned` as the moved series of a case, with the case's identity; nothing when it is another one. Files without UIDs
// are known by their path: a moved one is recognised by its name and grid instead.
std::optional<SeriesEntry> asMoved(const CaseRecord& record, const SeriesEntry& scanned);

} // namespace annotomy
