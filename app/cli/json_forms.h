#pragma once

#include "app/cli/output.h"
#include "app/workbench/workbench.h"

#include <nlohmann/json_fwd.hpp>

namespace annotomy::cli {

// The JSON that scripts rely on: names are lowerCamelCase, lengths in mm, coordinates LPS; undefined figures are null.
Json toJson(const Warning& warning);
Json toJson(const std::vector<Warning>& warnings);
Json toJson(const SkippedFile& file);
Json geometryJson(const VolumeGeometry& geometry); // size, spacing, origin, direction (unit vectors of i, of j, of k)
Json toJson(const SeriesEntry& series);
Json toJson(const SegmentMetrics& metrics);
Json toJson(const Segment& segment);
Json toJson(const CodedConcept& code); // null when it is empty
Json toJson(const MaskDescription& mask);
Json toJson(const RevisionRecord& revision);
Json toJson(const CaseRecord& record);
Json toJson(const ModelRecord& model);
Json toJson(const RunRecord& run);
Json toJson(const EpochRecord& epoch);
Json datasetJson(const DatasetImportReport& report);
Json gateJson(const GateDecision& gate);
Json parsed(const std::string& text); // null when it is no JSON

std::string nameOf(CaseState state);
std::string nameOf(Pool pool);
std::string nameOf(AuthorKind kind);
std::string nameOf(ModelStatus status);
std::string nameOf(RunStatus status);
std::string timeText(std::int64_t ms); // ISO 8601, UTC; empty for 0
std::string sizeText(const Index3& size);

} // namespace annotomy::cli
