#pragma once

#include "core/io/series.h"

#include <nlohmann/json_fwd.hpp>

namespace annotomy {

// Internal to core/io.
nlohmann::json toJson(const SeriesEntry& entry);
Result<SeriesEntry> seriesEntryFromJson(const nlohmann::json& value); // never throws

} // namespace annotomy
