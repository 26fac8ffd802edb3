#pragma once

#include "core/learn/compute_report.h"
#include "core/learn/data_fingerprint.h"
#include "core/learn/json_fields.h"
#include "core/learn/model_card.h"

#include <nlohmann/json_fwd.hpp>

namespace annotomy {

// The JSON of values that occur inside others. Private to core/learn.
nlohmann::json toJson(const Recipe& recipe);
void readRecipe(JsonFields& fields, Recipe& recipe);
nlohmann::json toJson(const ModelClass& modelClass);
void readModelClass(JsonFields& fields, ModelClass& modelClass);
// Output channels and segment numbers must be distinct.
void readModelClasses(JsonFields& fields, const char* name, std::vector<ModelClass>& classes);
nlohmann::json toJson(const DataFingerprint& fingerprint);
void readDataFingerprint(JsonFields& fields, DataFingerprint& fingerprint);
nlohmann::json toJson(const ComputeReport& report);
void readComputeReport(JsonFields& fields, ComputeReport& report);
nlohmann::json toJson(const ModelCard& card);
void readModelCard(JsonFields& fields, ModelCard& card);

} // namespace annotomy
