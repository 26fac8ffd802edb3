#include "core/learn/data_fingerprint.h"

#include "core/learn/learn_json.h"

#include <nlohmann/json.hpp>

namespace annotomy {

namespace {

using Json = nlohmann::json;

constexpr double mostVoxels = 1e15;

Json toJson(const CaseFingerprint& one)
{
    return {{"key", one.key},
            {"patient", one.patient},
            {"pool", one.pool},
            {"modality", one.modality},
            {"spacing", one.spacing},
            {"size", one.size},
            {"low", one.low},
            {"high", one.high},
            {"imageHash", one.imageHash},
            {"labelHash", one.labelHash},
            {"classVoxels", one.classVoxels}};
}

void readCase(JsonFields& fields, CaseFingerprint& one)
{
    fields.require({"key", "spacing", "size"});
    fields.text("key", one.key);
    fields.text("patient", one.patient);
    fields.text("pool", one.pool, 64);
    fields.text("modality", one.modality, 64);
    fields.vector("spacing", one.spacing, 1e-6, 1e6);
    fields.index("size", one.size, 1, 1 << 20);
    fields.number("low", one.low, -greatestNumber, greatestNumber);
    fields.number("high", one.high, -greatestNumber, greatestNumber);
    fields.text("imageHash", one.imageHash, 64);
    fields.text("labelHash", one.labelHash, 64);
    fields.numbers("classVoxels", -1, mostVoxels,
                   [&](double count) { one.classVoxels.push_back(static_cast<std::int64_t>(count)); });
}

} // namespace

Json toJson(const DataFingerprint& fingerprint)
{
    Json classes = Json::array(), cases = Json::array();
    for (const ModelClass& one : fingerprint.classes)
        classes.push_back(toJson(one));
    for (const CaseFingerprint& one : fingerprint.cases)
        cases.push_back(toJson(one));
    return {{"classes", classes},
            {"cases", cases},
            {"device", fingerprint.device},
            {"multiplicationsPerSecond", fingerprint.multiplicationsPerSecond},
            {"memoryFree", fingerprint.memoryFree}};
}

void readDataFingerprint(JsonFields& fields, DataFingerprint& fingerprint)
{
    fields.require({"classes", "cases"});
    readModelClasses(fields, "classes", fingerprint.classes);
    fields.objects("cases", [&](JsonFields& inner) { readCase(inner, fingerprint.cases.emplace_back()); });
    fields.text("device", fingerprint.device, 64);
    fields.number("multiplicationsPerSecond", fingerprint.multiplicationsPerSecond, 0, greatestNumber);
    double memory = 0;
    fields.number("memoryFree", memory, 0, 1e18);
    fingerprint.memoryFree = static_cast<std::int64_t>(memory);
}

std::string toJsonText(const DataFingerprint& fingerprint)
{
    return jsonLine(toJson(fingerprint));
}

Result<DataFingerprint> dataFingerprintFromJson(const std::string& text)
{
    Json json;
    if (auto parsed = parseJsonObject(text, json); !parsed)
        return parsed.error();
    JsonProblem problem;
    JsonFields fields(json, "fingerprint", problem);
    DataFingerprint fingerprint;
    readDataFingerprint(fields, fingerprint);
    if (problem.found())
        return problem.error();
    return fingerprint;
}

} // namespace annotomy
