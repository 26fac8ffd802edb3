#include "core/io/series_json.h"

#include "core/base/error_names.h"
#include "core/io/bytes/json_values.h"

#include <nlohmann/json.hpp>

namespace annotomy {

using nlohmann::json;

namespace {

json toJson(const SequencePlace& place)
{
    return {{"key", place.key},     {"kind", place.kind},   {"index", place.index},
            {"count", place.count}, {"value", place.value}, {"unit", place.unit}};
}

SequencePlace sequenceFromJson(const json& value)
{
    SequencePlace place;
    place.key = value.at("key").get<std::string>();
    place.kind = value.at("kind").get<std::string>();
    place.index = value.at("index").get<int>();
    place.count = value.at("count").get<int>();
    place.value = value.at("value").get<double>();
    place.unit = value.value("unit", std::string());
    return place;
}

void appendAssembly(const SeriesEntry& entry, json& value)
{
    if (!entry.frames.empty())
        value["frames"] = entry.frames;
    if (!entry.sequence.key.empty())
        value["sequence"] = toJson(entry.sequence);
    if (entry.irregular)
        value["irregular"] = {{"grid", toJson(entry.irregular->grid)}, {"positions", entry.irregular->positions}};
    if (!entry.partOf.empty())
        value["partOf"] = entry.partOf;
    if (entry.mosaic > 0)
        value["mosaic"] = entry.mosaic;
    if (entry.regularised)
        value["regularised"] = true;
}

// Throws json::exception; false for an impossible grid or place.
bool readAssembly(const json& value, SeriesEntry& entry)
{
    entry.frames = value.value("frames", std::vector<int>());
    if (value.contains("sequence"))
        entry.sequence = sequenceFromJson(value.at("sequence"));
    if (value.contains("irregular")) {
        const json& irregular = value.at("irregular");
        const auto grid = geometryFromJson(irregular.at("grid"));
        if (!grid)
            return false;
        entry.irregular = SlicePositions{*grid, irregular.at("positions").get<std::vector<Vec3>>()};
    }
    entry.partOf = value.value("partOf", std::string());
    entry.mosaic = value.value("mosaic", 0);
    entry.regularised = value.value("regularised", false);
    const bool isPlaced = entry.sequence.index >= 0 && entry.sequence.index < entry.sequence.count;
    return isPlaced && (entry.irregular || !entry.regularised);
}

} // namespace

json toJson(const SeriesEntry& entry)
{
    json value{{"info", toJson(entry.info)},
               {"geometry", toJson(entry.geometry)},
               {"files", entry.files},
               {"format", entry.format},
               {"transferSyntaxUid", entry.transferSyntaxUid},
               {"contentKey", entry.contentKey}};
    appendAssembly(entry, value);
    return value;
}

Result<SeriesEntry> seriesEntryFromJson(const json& value)
{
    try {
        SeriesEntry entry;
        const auto geometry = geometryFromJson(value.at("geometry"));
        if (!geometry)
            return Error{ErrorCode::Malformed, {}, "impossible grid"};
        entry.geometry = *geometry;
        entry.info = imageInfoFromJson(value.at("info"));
        entry.files = value.at("files").get<std::vector<std::string>>();
        entry.format = value.at("format").get<std::string>();
        entry.transferSyntaxUid = value.value("transferSyntaxUid", std::string());
        entry.contentKey = value.value("contentKey", std::string());
        if (!readAssembly(value, entry))
            return Error{ErrorCode::Malformed, {}, "impossible grid or place in a sequence"};
        return entry;
    } catch (const json::exception& exception) {
        return Error{ErrorCode::Malformed, {}, exception.what()};
    }
}

std::string toJsonText(const SeriesEntry& entry)
{
    return dumped(toJson(entry));
}

Result<SeriesEntry> seriesEntryFromJson(const std::string& text)
{
    return seriesEntryFromJson(parsedJson(text));
}

std::string toJsonText(const std::vector<Warning>& warnings)
{
    return dumped(toJson(warnings));
}

Result<std::vector<Warning>> warningsFromJsonText(const std::string& text)
{
    try {
        const json value = parsedJson(text);
        if (!value.is_array())
            return Error{ErrorCode::Malformed, {}, "no list of warnings"};
        return warningsFromJson(value);
    } catch (const json::exception& exception) {
        return Error{ErrorCode::Malformed, {}, exception.what()};
    }
}

std::string assemblyJsonText(const SeriesEntry& entry)
{
    json value = json::object();
    appendAssembly(entry, value);
    return dumped(value);
}

bool readAssembly(const std::string& text, SeriesEntry& entry)
{
    try {
        const json value = parsedJson(text);
        return value.is_object() && readAssembly(value, entry);
    } catch (const json::exception&) {
        return false;
    }
}

json toJson(const MaskFile& mask)
{
    json result{{"path", mask.path},
                {"format", mask.format},
                {"referencedSeriesUid", mask.referencedSeriesUid},
                {"frameOfReferenceUid", mask.frameOfReferenceUid},
                {"patientId", mask.patientId}};
    if (mask.firstPlane)
        result["firstPlane"] = toJson(*mask.firstPlane);
    return result;
}

MaskFile maskFileFromJson(const json& value)
{
    MaskFile mask{value.at("path").get<std::string>(), value.at("format").get<std::string>(),
                  value.value("referencedSeriesUid", std::string())};
    mask.frameOfReferenceUid = value.value("frameOfReferenceUid", std::string());
    mask.patientId = value.value("patientId", std::string());
    if (value.contains("firstPlane"))
        if (const auto plane = geometryFromJson(value.at("firstPlane")))
            mask.firstPlane = *plane;
    return mask;
}

json toJson(const ScanTotals& totals)
{
    json skipped = json::array(), counts = json::array();
    for (const SkippedFile& file : totals.skipped)
        skipped.push_back({{"path", file.path}, {"code", errorName(file.code)}, {"detail", file.detail}});
    for (const SkippedCount& reason : totals.skippedCounts)
        counts.push_back({{"code", errorName(reason.code)}, {"detail", reason.detail}, {"count", reason.count}});
    return {{"skipped", skipped},
            {"skippedCounts", counts},
            {"filesSeen", totals.filesSeen},
            {"filesInSeries", totals.filesInSeries},
            {"filesInMasks", totals.filesInMasks},
            {"filesSkipped", totals.filesSkipped}};
}

ScanTotals scanTotalsFromJson(const json& value)
{
    const auto code = [](const json& one) {
        return errorCodeNamed(one.at("code").get<std::string>()).value_or(ErrorCode::IoFailure);
    };
    const auto count = [&value](const char* name) { return value.at(name).get<std::int64_t>(); };
    ScanTotals totals;
    for (const json& file : value.at("skipped"))
        totals.skipped.push_back({file.at("path").get<std::string>(), code(file), file.value("detail", std::string())});
    for (const json& reason : value.at("skippedCounts"))
        totals.skippedCounts.push_back(
            {code(reason), reason.value("detail", std::string()), reason.at("count").get<std::int64_t>()});
    totals.filesSeen = count("filesSeen");
    totals.filesInSeries = count("filesInSeries");
    totals.filesInMasks = count("filesInMasks");
    totals.filesSkipped = count("filesSkipped");
    return totals;
}

std::string toJsonText(const ScanReport& report)
{
    json value = toJson(static_cast<const ScanTotals&>(report));
    value["series"] = json::array();
    value["masks"] = json::array();
    for (const SeriesEntry& entry : report.series)
        value["series"].push_back(toJson(entry));
    for (const MaskFile& mask : report.masks)
        value["masks"].push_back(toJson(mask));
    return dumped(value);
}

Result<ScanReport> scanReportFromJson(const std::string& text)
{
    const json value = parsedJson(text);
    try {
        ScanReport report{scanTotalsFromJson(value), {}, {}};
        for (const json& one : value.at("series")) {
            auto entry = seriesEntryFromJson(one);
            if (!entry)
                return entry.error();
            report.series.push_back(std::move(*entry));
        }
        for (const json& mask : value.at("masks"))
            report.masks.push_back(maskFileFromJson(mask));
        return report;
    } catch (const json::exception& exception) {
        return Error{ErrorCode::Malformed, {}, exception.what()};
    }
}

} // namespace annotomy
