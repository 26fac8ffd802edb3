#include "core/io/bytes/json_values.h"

#include "core/image/voi_curve.h"

#include <nlohmann/json.hpp>

namespace annotomy {

using nlohmann::json;

namespace {

// Where each text of an ImageInfo is kept.
constexpr std::pair<const char*, std::string ImageInfo::*> infoTexts[] = {
    {"modality", &ImageInfo::modality},
    {"patientName", &ImageInfo::patientName},
    {"patientId", &ImageInfo::patientId},
    {"patientBirthDate", &ImageInfo::patientBirthDate},
    {"patientSex", &ImageInfo::patientSex},
    {"studyUid", &ImageInfo::studyUid},
    {"studyDate", &ImageInfo::studyDate},
    {"studyDescription", &ImageInfo::studyDescription},
    {"seriesUid", &ImageInfo::seriesUid},
    {"seriesNumber", &ImageInfo::seriesNumber},
    {"seriesDescription", &ImageInfo::seriesDescription},
    {"frameOfReferenceUid", &ImageInfo::frameOfReferenceUid},
};

json toJson(const DisplayWindow& window)
{
    json value{{"centre", window.centre}, {"width", window.width}, {"explanation", window.explanation}};
    if (window.function == VoiFunction::Linear)
        return value;
    value["function"] = functionName(window.function);
    if (!window.curve.empty())
        value["curve"] = curveText(window.curve);
    return value;
}

// What is no curve leaves the window straight.
DisplayWindow windowFromJson(const json& value)
{
    DisplayWindow window{value.at("centre").get<double>(), value.at("width").get<double>(),
                         value.value("explanation", std::string())};
    if (value.contains("function"))
        setCurve(window, value.value("function", std::string()), value.value("curve", std::string()));
    return window;
}

} // namespace

json toJson(const VolumeGeometry& g)
{
    return {{"size", g.size},
            {"spacing", g.spacing},
            {"origin", g.origin},
            {"direction", {g.axis(0), g.axis(1), g.axis(2)}}};
}

std::optional<VolumeGeometry> geometryFromJson(const json& value)
{
    VolumeGeometry g;
    const std::vector<Vec3> axes = value.at("direction").get<std::vector<Vec3>>();
    if (axes.size() != 3)
        return std::nullopt;
    for (const double size : value.at("size").get<Vec3>())
        if (!(size >= 1 && size <= 65535))
            return std::nullopt;
    g.size = value.at("size").get<Index3>();
    g.spacing = value.at("spacing").get<Vec3>();
    g.origin = value.at("origin").get<Vec3>();
    g.direction = fromColumns(axes[0], axes[1], axes[2]);
    return isPlausible(g) ? std::optional(g) : std::nullopt;
}

json toJson(const std::vector<Warning>& warnings)
{
    json value = json::array();
    for (const Warning& w : warnings)
        value.push_back({{"code", w.code}, {"text", w.text}, {"files", w.files}});
    return value;
}

std::vector<Warning> warningsFromJson(const json& value)
{
    std::vector<Warning> warnings;
    for (const json& w : value)
        warnings.push_back({w.at("code").get<std::string>(), w.value("text", std::string()),
                            w.value("files", std::vector<std::string>())});
    return warnings;
}

json toJson(const ImageInfo& info)
{
    json value;
    for (const auto& [name, member] : infoTexts)
        if (!(info.*member).empty())
            value[name] = info.*member;
    json windows = json::array();
    for (const DisplayWindow& w : info.windows)
        windows.push_back(toJson(w));
    value["windows"] = std::move(windows);
    value["warnings"] = toJson(info.warnings);
    return value;
}

ImageInfo imageInfoFromJson(const json& value)
{
    ImageInfo info;
    for (const auto& [name, member] : infoTexts)
        info.*member = value.value(name, std::string());
    for (const json& w : value.value("windows", json::array()))
        info.windows.push_back(windowFromJson(w));
    info.warnings = warningsFromJson(value.value("warnings", json::array()));
    return info;
}

json parsedJson(const std::string& text)
{
    constexpr int greatestDepth = 32;
    bool tooDeep = false;
    const auto watchDepth = [&](int depth, json::parse_event_t, json&) {
        tooDeep = tooDeep || depth > greatestDepth;
        return !tooDeep;
    };
    json document = json::parse(text, watchDepth, /*allow_exceptions=*/false);
    return tooDeep ? json(json::value_t::discarded) : document;
}

std::string dumped(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace annotomy
