#include "core/learn/model_card.h"

#include "core/learn/learn_json.h"

#include <nlohmann/json.hpp>

#include <set>

namespace annotomy {

namespace {

using Json = nlohmann::json;

Json toJson(const CodedConcept& code)
{
    return {{"value", code.value}, {"scheme", code.scheme}, {"meaning", code.meaning}};
}

void readConcept(JsonFields& fields, const char* name, CodedConcept& target)
{
    fields.object(name, [&](JsonFields& inner) {
        inner.text("value", target.value, 256);
        inner.text("scheme", target.scheme, 64);
        inner.text("meaning", target.meaning, 1024);
    });
}

// By the enumerations' values.
const std::vector<std::string> normalisationNames{"ctClipZScore", "bodyZScore", "imageZScore",
                                                  "range",        "quantiles",  "none"};
const std::vector<std::string> outputKindNames{"softmax", "sigmoid"};
const std::vector<std::string> axisOrderNames{"kji", "ijk"};

template <class Choice>
const std::string& nameOf(Choice choice, const std::vector<std::string>& names)
{
    return names.at(static_cast<std::size_t>(choice));
}

Json toJson(const ModelChannel& channel)
{
    return {{"name", channel.name},
            {"modality", channel.modality},
            {"clipLow", channel.clipLow},
            {"normalisation", nameOf(channel.normalisation, normalisationNames)},
            {"clipHigh", channel.clipHigh},
            {"mean", channel.mean},
            {"sd", channel.sd}};
}

void readChannel(JsonFields& fields, ModelChannel& channel)
{
    constexpr double highest = 1e9;
    fields.require({"name", "normalisation"});
    fields.text("name", channel.name, 200);
    fields.text("modality", channel.modality, 64);
    fields.choice("normalisation", channel.normalisation, normalisationNames);
    fields.number("clipLow", channel.clipLow, -highest, highest);
    fields.number("clipHigh", channel.clipHigh, -highest, highest);
    fields.number("mean", channel.mean, -highest, highest);
    fields.number("sd", channel.sd, 1e-9, highest);
    const bool usesRange = channel.normalisation == Normalisation::CtClipZScore ||
                           channel.normalisation == Normalisation::Range ||
                           channel.normalisation == Normalisation::Quantiles;
    if (usesRange && channel.clipLow >= channel.clipHigh)
        fields.problem("clipLow", "not below clipHigh");
    if (channel.normalisation == Normalisation::Quantiles && (channel.clipLow < 0 || channel.clipHigh > 1))
        fields.problem("clipLow", "a quantile is not between 0 and 1");
}

void readColour(JsonFields& fields, Colour& colour)
{
    Index3 rgb{colour.r, colour.g, colour.b};
    fields.index("colour", rgb, 0, 255);
    colour = {static_cast<std::uint8_t>(rgb[0]), static_cast<std::uint8_t>(rgb[1]),
              static_cast<std::uint8_t>(rgb[2])};
}

void readIdentity(JsonFields& fields, ModelCard& card)
{
    fields.require({"version", "channels", "classes", "spacing", "patch", "divisor"});
    fields.integer("version", card.version, 1, 1);
    fields.text("name", card.name, 200);
    fields.text("network", card.network, 200);
    fields.choice("outputKind", card.outputKind, outputKindNames);
    fields.choice("axisOrder", card.axisOrder, axisOrderNames);
    fields.number("temperature", card.temperature, 0.05, 20);
    fields.text("parentHash", card.parentHash, 64);
    fields.texts("caseHashes", [&](const std::string& hash) { card.caseHashes.push_back(hash); });
}

void readGrid(JsonFields& fields, ModelCard& card)
{
    fields.vector("spacing", card.spacing, 0.01, 100);
    fields.index("patch", card.patch, 1, 1024);
    fields.index("divisor", card.divisor, 1, 256);
    for (std::size_t a = 0; a < 3; ++a)
        if (card.patch[a] % card.divisor[a] != 0)
            fields.problem("patch", "not a multiple of the divisor");
}

} // namespace

Json toJson(const ModelClass& modelClass)
{
    const Colour& c = modelClass.colour;
    return {{"output", modelClass.output},
            {"name", modelClass.name},
            {"number", modelClass.number},
            {"colour", Index3{c.r, c.g, c.b}},
            {"category", toJson(modelClass.category)},
            {"type", toJson(modelClass.type)},
            {"threshold", modelClass.threshold},
            {"largestOnly", modelClass.largestOnly}};
}

void readModelClass(JsonFields& fields, ModelClass& modelClass)
{
    int number = 0;
    fields.require({"output", "name", "number"});
    fields.integer("output", modelClass.output, 1, 255);
    fields.text("name", modelClass.name, 1024);
    fields.integer("number", number, 1, 255);
    modelClass.number = static_cast<SegmentNumber>(number);
    readColour(fields, modelClass.colour);
    readConcept(fields, "category", modelClass.category);
    readConcept(fields, "type", modelClass.type);
    fields.number("threshold", modelClass.threshold, 0, 1);
    fields.flag("largestOnly", modelClass.largestOnly);
}

void readModelClasses(JsonFields& fields, const char* name, std::vector<ModelClass>& classes)
{
    std::set<int> outputs, numbers;
    fields.objects(name, [&](JsonFields& inner) {
        ModelClass modelClass;
        readModelClass(inner, modelClass);
        if (!outputs.insert(modelClass.output).second || !numbers.insert(modelClass.number).second)
            inner.problem("output", "the output or number of another class");
        classes.push_back(std::move(modelClass));
    });
}

Json toJson(const ModelCard& card)
{
    Json channels = Json::array(), classes = Json::array();
    for (const ModelChannel& channel : card.channels)
        channels.push_back(toJson(channel));
    for (const ModelClass& modelClass : card.classes)
        classes.push_back(toJson(modelClass));
    Json figures;
    if (!parseJsonObject(card.figuresJson, figures))
        figures = Json::object();
    return {{"version", card.version},       {"name", card.name},       {"network", card.network},
            {"channels", channels},          {"classes", classes},      {"spacing", card.spacing},
            {"patch", card.patch},           {"divisor", card.divisor}, {"recipe", toJson(card.recipe)},
            {"parentHash", card.parentHash}, {"figures", figures},      {"caseHashes", card.caseHashes},
            {"outputKind", nameOf(card.outputKind, outputKindNames)},
            {"axisOrder", nameOf(card.axisOrder, axisOrderNames)},
            {"temperature", card.temperature}};
}

void readModelCard(JsonFields& fields, ModelCard& card)
{
    readIdentity(fields, card);
    readGrid(fields, card);
    fields.objects("channels", [&](JsonFields& inner) { readChannel(inner, card.channels.emplace_back()); });
    readModelClasses(fields, "classes", card.classes);
    fields.object("recipe", [&](JsonFields& inner) { readRecipe(inner, card.recipe); });
    if (card.channels.empty() || card.channels.size() > 16)
        fields.problem("channels", "not 1 to 16");
    if (card.classes.empty())
        fields.problem("classes", "none");
    fields.rawObject("figures", card.figuresJson);
}

std::string toJsonText(const ModelCard& card)
{
    return jsonLine(toJson(card));
}

Result<ModelCard> modelCardFromJson(const std::string& text)
{
    Json json;
    if (auto parsed = parseJsonObject(text, json); !parsed)
        return parsed.error();
    JsonProblem problem;
    JsonFields fields(json, "card", problem);
    ModelCard card;
    readModelCard(fields, card);
    if (problem.found())
        return problem.error();
    return card;
}

} // namespace annotomy
