#include "core/io/bytes/json_values.h"
#include "core/io/masks/mask_description.h"

#include <nlohmann/json.hpp>

#include <array>

namespace annotomy {

using nlohmann::json;

namespace {

constexpr std::array<std::pair<const char*, CodedConcept Segment::*>, 5> codes{
    {{"category", &Segment::category},
     {"type", &Segment::type},
     {"typeModifier", &Segment::typeModifier},
     {"region", &Segment::region},
     {"regionModifier", &Segment::regionModifier}}};

constexpr std::array<std::pair<const char*, std::string Segment::*>, 4> texts{
    {{"name", &Segment::name},
     {"description", &Segment::description},
     {"algorithmType", &Segment::algorithmType},
     {"algorithmName", &Segment::algorithmName}}};

json toJson(const MaskDescription::Part& part)
{
    const Segment& segment = part.segment;
    json value{{"number", segment.number},
               {"fileValue", segment.fileValue},
               {"layer", segment.layer},
               {"colour", {segment.colour.r, segment.colour.g, segment.colour.b}},
               {"pieces", part.pieces}};
    for (const auto& [name, member] : texts)
        value[name] = segment.*member;
    for (const auto& [name, member] : codes)
        value[name] = {(segment.*member).value, (segment.*member).scheme, (segment.*member).meaning};
    return value;
}

MaskDescription::Part partFromJson(const json& value)
{
    MaskDescription::Part part;
    Segment& segment = part.segment;
    segment.number = value.at("number").get<SegmentNumber>();
    segment.fileValue = value.at("fileValue").get<std::int64_t>();
    segment.layer = value.at("layer").get<int>();
    const auto colour = value.at("colour").get<std::array<std::uint8_t, 3>>();
    segment.colour = {colour[0], colour[1], colour[2]};
    part.pieces = value.at("pieces").get<int>();
    for (const auto& [name, member] : texts)
        segment.*member = value.at(name).get<std::string>();
    for (const auto& [name, member] : codes) {
        const auto code = value.at(name).get<std::array<std::string, 3>>();
        segment.*member = {code[0], code[1], code[2]};
    }
    return part;
}

} // namespace

std::string toJsonText(const MaskDescription& mask)
{
    json value{{"path", mask.path},
               {"format", mask.format},
               {"type", mask.type},
               {"pieces", mask.pieces},
               {"patientName", mask.patientName},
               {"patientId", mask.patientId},
               {"seriesUids", mask.seriesUids},
               {"frameOfReferenceUids", mask.frameOfReferenceUids},
               {"parts", json::array()}};
    for (const MaskDescription::Part& part : mask.parts)
        value["parts"].push_back(toJson(part));
    if (mask.grid)
        value["grid"] = toJson(*mask.grid);
    return dumped(value);
}

Result<MaskDescription> maskDescriptionFromJson(const std::string& text)
{
    try {
        const json value = parsedJson(text);
        MaskDescription mask;
        mask.path = value.at("path").get<std::string>();
        mask.format = value.at("format").get<std::string>();
        mask.type = value.at("type").get<std::string>();
        mask.pieces = value.at("pieces").get<int>();
        mask.patientName = value.at("patientName").get<std::string>();
        mask.patientId = value.at("patientId").get<std::string>();
        mask.seriesUids = value.at("seriesUids").get<std::vector<std::string>>();
        mask.frameOfReferenceUids = value.at("frameOfReferenceUids").get<std::vector<std::string>>();
        for (const json& part : value.at("parts"))
            mask.parts.push_back(partFromJson(part));
        if (value.contains("grid"))
            mask.grid = geometryFromJson(value.at("grid"));
        return mask;
    } catch (const json::exception& exception) {
        return Error{ErrorCode::Malformed, {}, exception.what()};
    }
}

} // namespace annotomy
