#pragma once

#include "core/io/series.h"

#include <nlohmann/json_fwd.hpp>

namespace annotomy {

// Internal to core/io.
nlohmann::json toJson(const SeriesEntry& entry);
Result<SeriesEntry> seriesEntryFromJson(const nlohmann::json& value); // never throws

// The fromJson functions throw nlohmann::json::exception where the text has another shape.
nlohmann::json toJson(const MaskFile& mask);
MaskFile maskFileFromJson(const nlohmann::json& value);
nlohmann::json toJson(const ScanTotals& totals);
ScanTotals scanTotalsFromJson(const nlohmann::json& value);

} // namespace annotomy
