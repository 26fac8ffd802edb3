#include "ml/internal/foreign_card.h"

#include "ml/internal/monai_bundle.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <numeric>

namespace annotomy {

namespace {

using Json = nlohmann::json;

constexpr int largestDivisor = 256; // that a card may have

// A text that is there must be an object.
Result<Json> objectOf(const std::string& text, const std::string& what)
{
    if (text.empty())
        return Json::object();
    bool tooDeep = false;
    const auto watchDepth = [&](int depth, Json::parse_event_t, Json&) {
        tooDeep = tooDeep || depth > 64;
        return !tooDeep;
    };
    Json json = Json::parse(text, watchDepth, false);
    if (tooDeep || !json.is_object())
        return Error{ErrorCode::Malformed, what, "it is no JSON object"};
    return json;
}

Json classOf(std::size_t output, const Json& name)
{
    const Colour colour = paletteColour(static_cast<SegmentNumber>(std::min<std::size_t>(output, 255)));
    return {{"output", output}, {"number", output}, {"name", name}, {"colour", {colour.r, colour.g, colour.b}}};
}

// Of names for the outputs from 1.
Json classesOfNames(const Json& names)
{
    Json classes = Json::array();
    for (std::size_t n = 0; n < names.size(); ++n)
        classes.push_back(classOf(n + 1, names[n]));
    return classes;
}

bool areTexts(const Json& json)
{
    return json.is_array() && !json.empty() && std::all_of(json.begin(), json.end(), [](const Json& one) { return one.is_string(); });
}

// brainchop's colormap.json.
Json classesOfLabels(const Json& labels)
{
    const Json names = labels.is_object() ? labels.value("labels", Json()) : Json();
    if (!areTexts(names))
        return {};
    Json classes = Json::array();
    for (std::size_t n = 1; n < names.size(); ++n) {
        Json one = classOf(n, names[n]);
        Json colour = Json::array();
        for (const char* part : {"R", "G", "B"})
            if (const auto values = labels.find(part); values != labels.end() && values->is_array() && n < values->size())
                colour.push_back((*values)[n]);
        if (colour.size() == 3)
            one["colour"] = colour;
        classes.push_back(std::move(one));
    }
    return classes;
}

void expandClasses(Json& given)
{
    if (const auto classes = given.find("classes"); classes != given.end() && areTexts(*classes))
        *classes = classesOfNames(*classes);
    if (const auto labels = given.find("labels"); labels != given.end()) {
        if (const Json classes = classesOfLabels(*labels); !classes.is_null())
            given["classes"] = classes;
        given.erase("labels");
    }
}

Json layeredDefaults()
{
    return {{"channels", Json::array({{{"name", "image"}, {"modality", "MR"}, {"normalisation", "quantiles"}, {"clipLow", 0.02}, {"clipHigh", 0.98}}})},
            {"spacing", {1, 1, 1}},
            {"patch", {256, 256, 256}},
            {"divisor", {1, 1, 1}}};
}

int divisorOf(const Json& edge)
{
    if (!edge.is_number_integer())
        return 1;
    return edge > largestDivisor ? std::gcd(edge.get<int>(), largestDivisor) : edge.get<int>();
}

// Members that a card must have and that follow from others, or that do not matter.
void completeCard(Json& card)
{
    const Json defaults{{"version", 1}, {"network", foreignNetwork}, {"spacing", {1, 1, 1}}};
    for (const auto& [name, value] : defaults.items())
        if (!card.contains(name))
            card[name] = value;
    // Nothing but the patch is known to be a size that the network takes.
    const auto patch = card.find("patch");
    if (card.contains("divisor") || patch == card.end() || !patch->is_array())
        return;
    Json divisor = Json::array();
    for (const Json& edge : *patch)
        divisor.push_back(divisorOf(edge));
    card["divisor"] = divisor;
}

Result<void> checkKnown(const Json& card)
{
    constexpr std::array<std::array<const char*, 2>, 3> needed{
        {{"channels", "how the image is normalised (channels)"},
         {"classes", "what its outputs are (classes)"},
         {"patch", "the size of image that it takes (patch)"}}};
    std::string missing;
    for (const auto& [member, words] : needed)
        if (!card.contains(member))
            missing += (missing.empty() ? "" : ", ") + std::string(words);
    if (missing.empty())
        return {};
    return Error{ErrorCode::Unsupported, {}, "the file does not say " + missing + ": give a card that does"};
}

} // namespace

Result<ModelCard> foreignCard(const ForeignDescription& description)
{
    const Result<Json> own = objectOf(description.ownCard, "card.json"), metadata = objectOf(description.metadata, "metadata.json"),
                       inference = objectOf(description.inference, "inference.json");
    Result<Json> given = objectOf(description.given, "the card that was given");
    for (const auto* part : {&own, &metadata, &inference, static_cast<const Result<Json>*>(&given)})
        if (!*part)
            return part->error();
    expandClasses(*given);
    given->erase("architecture");
    Json card = description.isLayered ? layeredDefaults() : Json::object();
    card.merge_patch(cardOfBundle(*metadata, *inference));
    card.merge_patch(*own);
    card.merge_patch(*given);
    if (const Result<void> known = checkKnown(card); !known)
        return known.error();
    completeCard(card);
    return modelCardFromJson(card.dump(-1, ' ', false, Json::error_handler_t::replace));
}

} // namespace annotomy
