#include "core/learn/learn_json.h"
#include "core/learn/worker_messages.h"

#include <nlohmann/json.hpp>

namespace annotomy {

namespace {

using Json = nlohmann::json;

constexpr int mostThreads = 4096;

Json toJson(const TrainingCase& item)
{
    return {{"key", item.key},
            {"imagePath", item.imagePath},
            {"labelPath", item.labelPath},
            {"modality", item.modality},
            {"hash", item.hash},
            {"patient", item.patient}};
}

Json toJson(const ProposeItem& item)
{
    return {{"key", item.key},
            {"imagePath", item.imagePath},
            {"modality", item.modality},
            {"outPath", item.outPath},
            {"probabilitiesPath", item.probabilitiesPath},
            {"uncertaintyPath", item.uncertaintyPath}};
}

Json toJson(const ScoreItem& item)
{
    return {{"key", item.key}, {"imagePath", item.imagePath}, {"modality", item.modality}};
}

Json toJson(const InferenceOptions& options)
{
    return {{"overlap", options.overlap},
            {"mirror", options.mirror},
            {"ensemble", ensembleRuleNames().at(static_cast<std::size_t>(options.rule))},
            {"weights", options.weights}};
}

template <class Item>
Json arrayOf(const std::vector<Item>& items)
{
    Json array = Json::array();
    for (const Item& item : items)
        array.push_back(toJson(item));
    return array;
}

Json arrayOf(const std::vector<ModelClass>& classes)
{
    Json array = Json::array();
    for (const ModelClass& modelClass : classes)
        array.push_back(annotomy::toJson(modelClass));
    return array;
}

Json toJson(const TrainJob& job)
{
    return {{"type", "train"},
            {"recipe", annotomy::toJson(job.recipe)},
            {"train", arrayOf(job.train)},
            {"replay", arrayOf(job.replay)},
            {"validation", arrayOf(job.validation)},
            {"classes", arrayOf(job.classes)},
            {"parentPath", job.parentPath},
            {"checkpointPath", job.checkpointPath},
            {"resume", job.resume},
            {"outPath", job.outPath},
            {"device", job.device},
            {"threads", job.threads}};
}

Json toJson(const ProposeJob& job)
{
    return {{"type", "propose"},
            {"modelPaths", job.modelPaths},
            {"items", arrayOf(job.items)},
            {"options", toJson(job.options)},
            {"device", job.device},
            {"threads", job.threads}};
}

Json toJson(const ScoreJob& job)
{
    return {{"type", "score"},
            {"modelPaths", job.modelPaths},
            {"items", arrayOf(job.items)},
            {"options", toJson(job.options)},
            {"device", job.device},
            {"threads", job.threads}};
}

Json toJson(const ExplainJob& job)
{
    return {{"type", "explain"},        {"modelPath", job.modelPath}, {"imagePath", job.imagePath},
            {"className", job.className}, {"method", job.method},       {"outPath", job.outPath},
            {"device", job.device},     {"threads", job.threads}};
}

Json toJson(const ImportModelJob& job)
{
    return {{"type", "importModel"}, {"path", job.path}, {"cardJson", job.cardJson}, {"outPath", job.outPath}};
}

Json toJson(const ComputeJob& job)
{
    return {{"type", "compute"}, {"selfTest", job.selfTest}, {"threads", job.threads}};
}

Json toJson(const EvaluateJob& job)
{
    return {{"type", "evaluate"},
            {"modelPaths", job.modelPaths},
            {"cases", arrayOf(job.cases)},
            {"device", job.device},
            {"threads", job.threads}};
}

Json toJson(const SurveyJob& job)
{
    return {{"type", "survey"},
            {"train", arrayOf(job.train)},
            {"validation", arrayOf(job.validation)},
            {"classes", arrayOf(job.classes)},
            {"device", job.device},
            {"threads", job.threads}};
}

Json toJson(const InspectJob& job)
{
    return {{"type", "inspect"}, {"modelPath", job.modelPath}};
}

void readDevice(JsonFields& fields, std::string& device, int& threads)
{
    fields.text("device", device, 64);
    fields.integer("threads", threads, 0, mostThreads);
}

void readTrainingCases(JsonFields& fields, const char* name, std::vector<TrainingCase>& cases)
{
    fields.objects(name, [&](JsonFields& inner) {
        TrainingCase& item = cases.emplace_back();
        inner.require({"key", "imagePath", "labelPath"});
        inner.text("key", item.key);
        inner.text("imagePath", item.imagePath);
        inner.text("labelPath", item.labelPath);
        inner.text("modality", item.modality, 64);
        inner.text("hash", item.hash);
        inner.text("patient", item.patient);
    });
}

TrainJob readTrainJob(JsonFields& fields)
{
    TrainJob job;
    fields.require({"train", "classes", "outPath"});
    fields.object("recipe", [&](JsonFields& inner) { readRecipe(inner, job.recipe); });
    readTrainingCases(fields, "train", job.train);
    readTrainingCases(fields, "replay", job.replay);
    readTrainingCases(fields, "validation", job.validation);
    readModelClasses(fields, "classes", job.classes);
    fields.text("parentPath", job.parentPath);
    fields.text("checkpointPath", job.checkpointPath);
    fields.flag("resume", job.resume);
    fields.text("outPath", job.outPath);
    readDevice(fields, job.device, job.threads);
    return job;
}

void readModelPaths(JsonFields& fields, std::vector<std::string>& paths)
{
    fields.require({"modelPaths"});
    fields.texts("modelPaths", [&](const std::string& path) { paths.push_back(path); });
    if (paths.empty())
        fields.problem("modelPaths", "none");
}

void readInferenceOptions(JsonFields& fields, InferenceOptions& options, std::size_t models)
{
    fields.object("options", [&](JsonFields& inner) {
        inner.number("overlap", options.overlap, 0, 0.95);
        inner.flag("mirror", options.mirror);
        inner.choice("ensemble", options.rule, ensembleRuleNames());
        inner.numbers("weights", 0, 1e6, [&](double weight) { options.weights.push_back(weight); });
        if (!options.weights.empty() && options.weights.size() != models)
            inner.problem("weights", "not one for each model");
    });
}

ProposeJob readProposeJob(JsonFields& fields)
{
    ProposeJob job;
    fields.require({"items"});
    readModelPaths(fields, job.modelPaths);
    fields.objects("items", [&](JsonFields& inner) {
        ProposeItem& item = job.items.emplace_back();
        inner.require({"key", "imagePath", "outPath"});
        inner.text("key", item.key);
        inner.text("imagePath", item.imagePath);
        inner.text("modality", item.modality, 64);
        inner.text("outPath", item.outPath);
        inner.text("probabilitiesPath", item.probabilitiesPath);
        inner.text("uncertaintyPath", item.uncertaintyPath);
    });
    readInferenceOptions(fields, job.options, job.modelPaths.size());
    readDevice(fields, job.device, job.threads);
    return job;
}

ScoreJob readScoreJob(JsonFields& fields)
{
    ScoreJob job;
    fields.require({"items"});
    readModelPaths(fields, job.modelPaths);
    fields.objects("items", [&](JsonFields& inner) {
        ScoreItem& item = job.items.emplace_back();
        inner.require({"key", "imagePath"});
        inner.text("key", item.key);
        inner.text("imagePath", item.imagePath);
        inner.text("modality", item.modality, 64);
    });
    readInferenceOptions(fields, job.options, job.modelPaths.size());
    readDevice(fields, job.device, job.threads);
    return job;
}

ExplainJob readExplainJob(JsonFields& fields)
{
    ExplainJob job;
    fields.require({"modelPath", "imagePath", "className", "outPath"});
    fields.text("modelPath", job.modelPath);
    fields.text("imagePath", job.imagePath);
    fields.text("className", job.className, 1024);
    fields.text("method", job.method, 64);
    fields.text("outPath", job.outPath);
    if (job.method != "grad-cam" && job.method != "occlusion")
        fields.problem("method", "unknown");
    readDevice(fields, job.device, job.threads);
    return job;
}

ImportModelJob readImportModelJob(JsonFields& fields)
{
    ImportModelJob job;
    fields.require({"path", "outPath"});
    fields.text("path", job.path);
    fields.text("cardJson", job.cardJson, std::size_t{1} << 20);
    fields.text("outPath", job.outPath);
    return job;
}

ComputeJob readComputeJob(JsonFields& fields)
{
    ComputeJob job;
    fields.flag("selfTest", job.selfTest);
    fields.integer("threads", job.threads, 0, mostThreads);
    return job;
}

EvaluateJob readEvaluateJob(JsonFields& fields)
{
    EvaluateJob job;
    fields.require({"modelPaths", "cases"});
    fields.texts("modelPaths", [&](const std::string& path) { job.modelPaths.push_back(path); });
    readTrainingCases(fields, "cases", job.cases);
    readDevice(fields, job.device, job.threads);
    return job;
}

SurveyJob readSurveyJob(JsonFields& fields)
{
    SurveyJob job;
    fields.require({"train", "classes"});
    readTrainingCases(fields, "train", job.train);
    readTrainingCases(fields, "validation", job.validation);
    readModelClasses(fields, "classes", job.classes);
    readDevice(fields, job.device, job.threads);
    return job;
}

InspectJob readInspectJob(JsonFields& fields)
{
    InspectJob job;
    fields.require({"modelPath"});
    fields.text("modelPath", job.modelPath);
    return job;
}

WorkerRequest readRequest(const std::string& type, JsonFields& fields)
{
    if (type == "train")
        return readTrainJob(fields);
    if (type == "propose")
        return readProposeJob(fields);
    if (type == "evaluate")
        return readEvaluateJob(fields);
    if (type == "survey")
        return readSurveyJob(fields);
    if (type == "score")
        return readScoreJob(fields);
    if (type == "explain")
        return readExplainJob(fields);
    if (type == "importModel")
        return readImportModelJob(fields);
    if (type == "compute")
        return readComputeJob(fields);
    if (type != "inspect")
        fields.problem("type", "unknown");
    return readInspectJob(fields);
}

} // namespace

const std::vector<std::string>& ensembleRuleNames()
{
    static const std::vector<std::string> names{"mean", "weighted", "vote", "staple"};
    return names;
}

std::string toJsonLine(const WorkerRequest& request)
{
    return jsonLine(std::visit([](const auto& job) { return toJson(job); }, request));
}

Result<WorkerRequest> workerRequestFromJson(const std::string& line)
{
    Json json;
    if (auto parsed = parseJsonObject(line, json); !parsed)
        return parsed.error();
    JsonProblem problem;
    JsonFields fields(json, "request", problem);
    std::string type;
    fields.require({"type"});
    fields.text("type", type, 64);
    WorkerRequest request = readRequest(type, fields);
    if (problem.found())
        return problem.error();
    return request;
}

} // namespace annotomy
