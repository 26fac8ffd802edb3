#include "ml/internal/monai_bundle.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace annotomy {

namespace {

using Json = nlohmann::json;

// A member below others; null where there is none.
Json within(const Json& json, std::initializer_list<const char*> path)
{
    const Json* at = &json;
    for (const char* name : path) {
        if (!at->is_object() || !at->contains(name))
            return {};
        at = &(*at)[name];
    }
    return *at;
}

std::optional<double> number(const Json& json)
{
    return json.is_number() ? std::optional(json.get<double>()) : std::nullopt;
}

// The first transform of a pipeline whose class is `name`, such as "Spacingd"; null without one.
Json transform(const Json& inference, const char* pipeline, const std::string& name)
{
    const Json transforms = within(inference, {pipeline, "transforms"});
    if (!transforms.is_array())
        return {};
    for (const Json& one : transforms) {
        const Json target = within(one, {"_target_"});
        if (target == name)
            return one;
    }
    return {};
}

// A list of three numbers in the order (x, y, z).
bool areThree(const Json& json, bool whole)
{
    return json.is_array() && json.size() == 3 &&
           std::all_of(json.begin(), json.end(), [whole](const Json& n) { return (whole ? n.is_number_integer() : n.is_number()) && n > 0; });
}

// Of classes on their own the first channel is one, too: it becomes output 1.
Json classesOf(const Json& metadata, bool onTheirOwn)
{
    const Json outputs = within(metadata, {"network_data_format", "outputs", "pred", "channel_def"});
    Json classes = Json::array();
    for (int channel = onTheirOwn ? 0 : 1; channel < 255; ++channel) {
        const Json name = within(outputs, {std::to_string(channel).c_str()});
        const int output = onTheirOwn ? channel + 1 : channel;
        if (name.is_string())
            classes.push_back({{"output", output}, {"number", output}, {"name", name}});
    }
    return classes.empty() ? Json() : classes;
}

// How the intensities are scaled; null where that is not told.
Json intensities(const Json& inference)
{
    const Json range = transform(inference, "preprocessing", "ScaleIntensityRanged");
    const auto low = number(within(range, {"a_min"})), high = number(within(range, {"a_max"}));
    const auto from = number(within(range, {"b_min"})), to = number(within(range, {"b_max"}));
    if (low && high && from && to && *low < *high && *from < *to && within(range, {"clip"}) == true) {
        if (*from == 0 && *to == 1)
            return {{"normalisation", "range"}, {"clipLow", *low}, {"clipHigh", *high}};
        const double sd = (*high - *low) / (*to - *from);
        return {{"normalisation", "ctClipZScore"}, {"clipLow", *low}, {"clipHigh", *high}, {"mean", *low - *from * sd}, {"sd", sd}};
    }
    const Json quantiles = transform(inference, "preprocessing", "ScaleIntensityRangePercentilesd");
    const auto lower = number(within(quantiles, {"lower"})), upper = number(within(quantiles, {"upper"}));
    const bool toUnit = within(quantiles, {"b_min"}) == 0 && within(quantiles, {"b_max"}) == 1 && within(quantiles, {"clip"}) == true;
    if (lower && upper && toUnit)
        return {{"normalisation", "quantiles"}, {"clipLow", *lower / 100}, {"clipHigh", *upper / 100}};
    const Json zScore = transform(inference, "preprocessing", "NormalizeIntensityd");
    const bool plain = zScore.is_object() && within(zScore, {"nonzero"}) != true && !zScore.contains("subtrahend") && !zScore.contains("divisor");
    return plain ? Json{{"normalisation", "imageZScore"}} : Json();
}

Json channelsOf(const Json& metadata, const Json& inference)
{
    Json channel = intensities(inference);
    if (channel.is_null())
        return {};
    channel["name"] = "image";
    const Json modality = within(metadata, {"network_data_format", "inputs", "image", "modality"});
    if (modality.is_string())
        channel["modality"] = modality == "MRI" ? Json("MR") : modality;
    return Json::array({channel});
}

// In (i, j, k) of the patient's axes, where the tensor runs along (x, y, z).
Json patchOf(const Json& metadata, const Json& inference)
{
    const Json window = within(inference, {"inferer", "roi_size"});
    if (areThree(window, true))
        return window;
    const Json shape = within(metadata, {"network_data_format", "inputs", "image", "spatial_shape"});
    return areThree(shape, true) ? shape : Json();
}

} // namespace

Json cardOfBundle(const Json& metadata, const Json& inference)
{
    Json card = Json::object();
    const auto add = [&card](const char* name, Json value) {
        if (!value.is_null())
            card[name] = std::move(value);
    };
    if (const Json name = within(metadata, {"name"}); name.is_string())
        card["name"] = name;
    const bool onTheirOwn = within(transform(inference, "postprocessing", "Activationsd"), {"sigmoid"}) == true;
    if (onTheirOwn)
        card["outputKind"] = "sigmoid";
    add("classes", classesOf(metadata, onTheirOwn));
    add("channels", channelsOf(metadata, inference));
    add("patch", patchOf(metadata, inference));
    const Json spacing = within(transform(inference, "preprocessing", "Spacingd"), {"pixdim"});
    if (areThree(spacing, false))
        card["spacing"] = spacing;
    // MONAI's tensors run along x, y and z. Another orientation than RAS is passed on for the card to refuse.
    const Json orientation = within(transform(inference, "preprocessing", "Orientationd"), {"axcodes"});
    if (metadata.contains("network_data_format"))
        card["axisOrder"] = orientation.is_null() || orientation == "RAS" ? Json("ijk") : orientation;
    return card;
}

} // namespace annotomy
