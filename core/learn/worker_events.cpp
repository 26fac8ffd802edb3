#include "core/base/error_names.h"
#include "core/learn/learn_json.h"
#include "core/learn/worker_messages.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace annotomy {

namespace {

using Json = nlohmann::json;

Json toJson(const WorkerProgress& progress)
{
    return {{"type", "progress"},
            {"stage", progress.stage},
            {"fraction", progress.fraction},
            {"secondsLeft", progress.secondsLeft}};
}

Json toJson(const EpochRecord& epoch)
{
    Json json{{"type", "epoch"},
              {"epoch", epoch.epoch},
              {"step", epoch.step},
              {"seconds", epoch.seconds},
              {"learningRate", epoch.learningRate},
              {"trainLoss", epoch.trainLoss},
              {"classDice", epoch.classDice},
              {"stepsPerSecond", epoch.stepsPerSecond}};
    if (epoch.validationDice)
        json["validationDice"] = *epoch.validationDice;
    return json;
}

Json toJson(const WorkerHeartbeat&)
{
    return {{"type", "heartbeat"}};
}

Json toJson(const WorkerNote& note)
{
    return {{"type", "note"}, {"text", note.text}};
}

Json toJson(const ProposeDone& done)
{
    return {{"type", "proposed"},
            {"key", done.key},
            {"outPath", done.outPath},
            {"seconds", done.seconds},
            {"meanEntropy", done.meanEntropy}};
}

Json toJson(const ItemFailed& failed)
{
    return {{"type", "failed"},
            {"key", failed.key},
            {"code", errorName(failed.error.code)},
            {"subject", failed.error.subject},
            {"detail", failed.error.detail}};
}

Json toJson(const CaseScores& scores)
{
    Json classes = Json::array();
    for (const ClassScore& c : scores.classes)
        classes.push_back({{"name", c.name},
                           {"volumeMl", c.volumeMl},
                           {"entropy", c.entropy},
                           {"probability", c.probability}});
    return {{"type", "scored"},
            {"key", scores.key},
            {"entropy", scores.entropy},
            {"margin", scores.margin},
            {"disagreement", scores.disagreement},
            {"classes", classes},
            {"embedding", scores.embedding},
            {"seconds", scores.seconds}};
}

Json toJson(const CaseFigures& figures)
{
    const auto byClass = [](const std::map<std::string, std::optional<double>>& values) {
        Json json = Json::object();
        for (const auto& [name, value] : values)
            json[name] = value ? Json(*value) : Json();
        return json;
    };
    return {{"key", figures.key}, {"dice", byClass(figures.dice)}, {"nsd", byClass(figures.nsd)}};
}

Json toJson(const WorkerResult& result)
{
    Json models = Json::array();
    for (const ModelFigures& figures : result.figures) {
        Json cases = Json::array();
        for (const CaseFigures& item : figures.cases)
            cases.push_back(toJson(item));
        models.push_back({{"modelPath", figures.modelPath}, {"cases", cases}});
    }
    Json json{{"type", "result"},
              {"outPath", result.outPath},
              {"figures", models},
              {"stoppedEarly", result.stoppedEarly}};
    if (result.fingerprint)
        json["fingerprint"] = annotomy::toJson(*result.fingerprint);
    if (result.compute)
        json["compute"] = annotomy::toJson(*result.compute);
    if (result.card)
        json["card"] = annotomy::toJson(*result.card);
    return json;
}

Json toJson(const WorkerError& failure)
{
    return {{"type", "error"},
            {"code", errorName(failure.error.code)},
            {"subject", failure.error.subject},
            {"detail", failure.error.detail}};
}

WorkerProgress readProgress(JsonFields& fields)
{
    WorkerProgress progress;
    fields.require({"fraction"});
    fields.text("stage", progress.stage, 200);
    fields.number("fraction", progress.fraction, 0, 1);
    fields.number("secondsLeft", progress.secondsLeft, -1, 1e12);
    return progress;
}

EpochRecord readEpoch(JsonFields& fields)
{
    constexpr int mostSteps = std::numeric_limits<int>::max();
    EpochRecord epoch;
    fields.require({"epoch", "step", "trainLoss"});
    fields.integer("epoch", epoch.epoch, 0, mostSteps);
    fields.integer("step", epoch.step, 0, mostSteps);
    fields.number("seconds", epoch.seconds, 0, 1e12);
    fields.number("learningRate", epoch.learningRate, 0, 1e6);
    fields.number("trainLoss", epoch.trainLoss, -greatestNumber, greatestNumber);
    fields.number("stepsPerSecond", epoch.stepsPerSecond, 0, greatestNumber);
    if (fields.has("validationDice"))
        fields.number("validationDice", epoch.validationDice.emplace(), 0, 1);
    fields.numbersByName("classDice", [&](const std::string& name, double dice) {
        if (dice >= 0 && dice <= 1)
            epoch.classDice[name] = dice;
        else
            fields.problem("classDice", "not between 0 and 1");
    });
    return epoch;
}

WorkerNote readNote(JsonFields& fields)
{
    WorkerNote note;
    fields.require({"text"});
    fields.text("text", note.text, 65536);
    return note;
}

ProposeDone readProposed(JsonFields& fields)
{
    ProposeDone done;
    fields.require({"key", "outPath"});
    fields.text("key", done.key);
    fields.text("outPath", done.outPath);
    fields.number("seconds", done.seconds, 0, 1e12);
    fields.number("meanEntropy", done.meanEntropy, 0, greatestNumber);
    return done;
}

CaseScores readScored(JsonFields& fields)
{
    CaseScores scores;
    fields.require({"key", "entropy"});
    fields.text("key", scores.key);
    fields.number("entropy", scores.entropy, 0, greatestNumber);
    fields.number("margin", scores.margin, 0, 1);
    fields.number("disagreement", scores.disagreement, 0, 1);
    fields.objects("classes", [&](JsonFields& inner) {
        ClassScore& c = scores.classes.emplace_back();
        inner.require({"name"});
        inner.text("name", c.name, 1024);
        inner.number("volumeMl", c.volumeMl, 0, greatestNumber);
        inner.number("entropy", c.entropy, 0, greatestNumber);
        inner.number("probability", c.probability, 0, 1);
    });
    fields.numbers("embedding", -greatestNumber, greatestNumber,
                   [&](double value) { scores.embedding.push_back(value); });
    fields.number("seconds", scores.seconds, 0, 1e12);
    return scores;
}

void readShares(JsonFields& fields, const char* member, std::map<std::string, std::optional<double>>& shares)
{
    fields.numbersByName(member, [&](const std::string& name, double share) {
        if (std::isnan(share))
            shares[name] = std::nullopt;
        else if (share >= 0 && share <= 1)
            shares[name] = share;
        else
            fields.problem(member, "not between 0 and 1");
    });
}

void readCaseFigures(JsonFields& fields, CaseFigures& figures)
{
    fields.require({"key", "dice"});
    fields.text("key", figures.key);
    readShares(fields, "dice", figures.dice);
    readShares(fields, "nsd", figures.nsd);
}

WorkerResult readResult(JsonFields& fields)
{
    WorkerResult result;
    fields.text("outPath", result.outPath);
    fields.flag("stoppedEarly", result.stoppedEarly);
    fields.object("fingerprint",
                  [&](JsonFields& inner) { readDataFingerprint(inner, result.fingerprint.emplace()); });
    fields.object("compute", [&](JsonFields& inner) { readComputeReport(inner, result.compute.emplace()); });
    fields.object("card", [&](JsonFields& inner) { readModelCard(inner, result.card.emplace()); });
    fields.objects("figures", [&](JsonFields& inner) {
        ModelFigures& figures = result.figures.emplace_back();
        inner.require({"modelPath"});
        inner.text("modelPath", figures.modelPath);
        inner.objects("cases",
                      [&](JsonFields& item) { readCaseFigures(item, figures.cases.emplace_back()); });
    });
    return result;
}

void readError(JsonFields& fields, Error& error)
{
    std::string code;
    fields.require({"code"});
    fields.text("code", code, 64);
    error.code = errorCodeNamed(code).value_or(ErrorCode::WorkerFailed);
    fields.text("subject", error.subject, 65536);
    fields.text("detail", error.detail, 65536);
}

WorkerError readFailure(JsonFields& fields)
{
    WorkerError failure;
    readError(fields, failure.error);
    return failure;
}

ItemFailed readItemFailed(JsonFields& fields)
{
    ItemFailed failed;
    fields.require({"key"});
    fields.text("key", failed.key);
    readError(fields, failed.error);
    return failed;
}

WorkerEvent readEvent(const std::string& type, JsonFields& fields)
{
    if (type == "progress")
        return readProgress(fields);
    if (type == "epoch")
        return readEpoch(fields);
    if (type == "note")
        return readNote(fields);
    if (type == "proposed")
        return readProposed(fields);
    if (type == "scored")
        return readScored(fields);
    if (type == "result")
        return readResult(fields);
    if (type == "failed")
        return readItemFailed(fields);
    if (type == "error")
        return readFailure(fields);
    if (type != "heartbeat")
        fields.problem("type", "unknown");
    return WorkerHeartbeat{};
}

} // namespace

std::string toJsonLine(const WorkerEvent& event)
{
    return jsonLine(std::visit([](const auto& value) { return toJson(value); }, event));
}

Result<WorkerEvent> workerEventFromJson(const std::string& line)
{
    Json json;
    if (auto parsed = parseJsonObject(line, json); !parsed)
        return parsed.error();
    JsonProblem problem;
    JsonFields fields(json, "event", problem);
    std::string type;
    fields.require({"type"});
    fields.text("type", type, 64);
    WorkerEvent event = readEvent(type, fields);
    if (problem.found())
        return problem.error();
    return event;
}

} // namespace annotomy
