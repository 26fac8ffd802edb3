#include "core/io/series_json.h"

#include "core/io/json_values.h"

#include <nlohmann/json.hpp>

namespace annotomy {

using nlohmann::json;

json toJson(const SeriesEntry& entry)
{
    json value{{"info", toJson(entry.info)},
               {"geometry", toJson(entry.geometry)},
               {"files", entry.files},
               {"format", entry.format},
               {"transferSyntaxUid", entry.transferSyntaxUid},
               {"contentKey", entry.contentKey}};
    if (!entry.frames.empty())
        value["frames"] = entry.frames;
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
        entry.frames = value.value("frames", std::vector<int>());
        entry.format = value.at("format").get<std::string>();
        entry.transferSyntaxUid = value.value("transferSyntaxUid", std::string());
        entry.contentKey = value.value("contentKey", std::string());
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
    return seriesEntryFromJson(json::parse(text, nullptr, false));
}

std::string toJsonText(const ScanReport& report)
{
    json series = json::array(), masks = json::array(), skipped = json::array();
    for (const SeriesEntry& entry : report.series)
        series.push_back(toJson(entry));
    for (const MaskFile& mask : report.masks)
        masks.push_back({{"path", mask.path},
                         {"format", mask.format},
                         {"referencedSeriesUid", mask.referencedSeriesUid}});
    for (const SkippedFile& file : report.skipped)
        skipped.push_back(
            {{"path", file.path}, {"code", static_cast<int>(file.code)}, {"detail", file.detail}});
    return dumped(
        {{"series", series}, {"masks", masks}, {"skipped", skipped}, {"filesSeen", report.filesSeen}});
}

Result<ScanReport> scanReportFromJson(const std::string& text)
{
    const json value = json::parse(text, nullptr, false);
    try {
        ScanReport report;
        for (const json& one : value.at("series")) {
            auto entry = seriesEntryFromJson(one);
            if (!entry)
                return entry.error();
            report.series.push_back(std::move(*entry));
        }
        for (const json& mask : value.at("masks"))
            report.masks.push_back({mask.at("path").get<std::string>(), mask.at("format").get<std::string>(),
                                    mask.value("referencedSeriesUid", std::string())});
        for (const json& file : value.at("skipped"))
            report.skipped.push_back({file.at("path").get<std::string>(), errorCodeFromJson(file.at("code")),
                                      file.value("detail", std::string())});
        report.filesSeen = value.at("filesSeen").get<std::int64_t>();
        return report;
    } catch (const json::exception& exception) {
        return Error{ErrorCode::Malformed, {}, exception.what()};
    }
}

} // namespace annotomy
