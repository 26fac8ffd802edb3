#include "core/io/reader_messages.h"

#include "core/base/error_names.h"
#include "core/io/bytes/json_values.h"
#include "core/io/series_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace annotomy {

using nlohmann::json;

namespace {

json asJson(const ScanRequest& request)
{
    const ScanSettings& settings = request.settings;
    return {{"type", "scan"},
            {"paths", request.paths},
            {"out", request.outPath},
            {"scratchFolder", settings.scratchFolder},
            {"archiveFolder", settings.archiveFolder},
            {"headerCacheFolder", settings.headerCacheFolder},
            {"leaveOut", settings.leaveOut}};
}

json asJson(const DecodeRequest& request)
{
    return {{"type", "decode"}, {"entry", toJson(request.entry)}, {"out", request.outPath}};
}

json asJson(const ReadMaskRequest& request)
{
    json names = json::array();
    for (const auto& [value, name] : request.names)
        names.push_back({{"value", value}, {"name", name}});
    json result{{"type", "readMask"}, {"path", request.path}, {"names", names}, {"out", request.outPath}};
    if (request.onGrid)
        result["grid"] = toJson(request.grid);
    if (const MaskedImage& image = request.image; image != MaskedImage())
        result["image"] = {{"seriesUid", image.seriesUid},
                           {"frameOfReferenceUid", image.frameOfReferenceUid},
                           {"files", image.files}};
    return result;
}

json asJson(const ReadOverlaysRequest& request)
{
    return {{"type", "readOverlays"}, {"entry", toJson(request.entry)}, {"out", request.outPath}};
}

json asJson(const DescribeMaskRequest& request)
{
    return {{"type", "describeMask"}, {"path", request.path}, {"out", request.outPath}};
}

json asJson(const DeidentifyRequest& request)
{
    return {{"type", "deidentify"},
            {"paths", request.paths},
            {"outFolder", request.outFolder},
            {"secret", request.secret},
            {"options", request.options},
            {"singleFile", request.singleFile},
            {"archiveFolder", request.archiveFolder},
            {"out", request.outPath}};
}

json asJson(const ReadDatasetRequest& request)
{
    return {{"type", "readDataset"}, {"layout", request.layout}, {"path", request.path}, {"out", request.outPath}};
}

json asJson(const WriteObjectRequest& request)
{
    return {{"type", "writeObject"},
            {"format", request.format},
            {"labels", request.labelsPath},
            {"entry", toJson(request.entry)},
            {"author", request.author},
            {"image", request.imagePath},
            {"segmentation", request.segmentationPath},
            {"out", request.outPath},
            {"secret", request.secret},
            {"deidentification", request.deidentification}};
}

json asJson(const ReaderProgress& event)
{
    json result{{"type", "progress"}, {"fraction", event.fraction}};
    if (event.found > 0) {
        result["found"] = event.found;
        result["done"] = event.done;
        result["perSecond"] = event.perSecond;
    }
    return result;
}

json asJson(const ReaderDone& event)
{
    json result{{"type", "done"}};
    if (!event.notes.empty())
        result["notes"] = event.notes;
    if (!event.warnings.empty())
        result["warnings"] = toJson(event.warnings);
    return result;
}

json asJson(const ReaderFailed& event)
{
    return {{"type", "failed"},
            {"code", errorName(event.error.code)},
            {"subject", event.error.subject},
            {"detail", event.error.detail}};
}

json asJson(const ReaderFile& event)
{
    return {{"type", "file"}, {"path", event.path}};
}

Error malformed(const std::string& detail)
{
    return {ErrorCode::Malformed, {}, detail};
}

Result<ReaderRequest> readMaskFromJson(const json& value)
{
    ReadMaskRequest request;
    request.path = value.at("path").get<std::string>();
    request.outPath = value.at("out").get<std::string>();
    for (const json& name : value.value("names", json::array()))
        request.names[name.at("value").get<std::int64_t>()] = name.at("name").get<std::string>();
    if (value.contains("grid")) {
        const auto grid = geometryFromJson(value.at("grid"));
        if (!grid)
            return malformed("impossible grid");
        request.onGrid = true;
        request.grid = *grid;
    }
    if (value.contains("image")) {
        const json& image = value.at("image");
        request.image = {image.at("seriesUid").get<std::string>(), image.at("frameOfReferenceUid").get<std::string>(),
                         image.at("files").get<std::vector<std::string>>()};
    }
    return ReaderRequest(request);
}

Result<ReaderRequest> scanFromJson(const json& value)
{
    ScanRequest request;
    request.paths = value.at("paths").get<std::vector<std::string>>();
    request.outPath = value.at("out").get<std::string>();
    request.settings.scratchFolder = value.value("scratchFolder", std::string());
    request.settings.archiveFolder = value.value("archiveFolder", std::string());
    request.settings.headerCacheFolder = value.value("headerCacheFolder", std::string());
    request.settings.leaveOut = value.value("leaveOut", std::vector<std::string>());
    std::sort(request.settings.leaveOut.begin(), request.settings.leaveOut.end());
    return ReaderRequest(std::move(request));
}

// Of a request that is a series and a file to write.
template <class Request>
Result<ReaderRequest> ofSeriesFromJson(const json& value)
{
    auto entry = seriesEntryFromJson(value.at("entry"));
    if (!entry)
        return entry.error();
    return ReaderRequest(Request{std::move(*entry), value.at("out").get<std::string>()});
}

DeidentifyRequest deidentifyFromJson(const json& value)
{
    return {value.at("paths").get<std::vector<std::string>>(), value.at("outFolder").get<std::string>(),
            value.at("secret").get<std::string>(),             value.at("options").get<std::string>(),
            value.at("out").get<std::string>(),                value.value("singleFile", false),
            value.value("archiveFolder", std::string())};
}

Result<ReaderRequest> writeObjectFromJson(const json& value)
{
    auto entry = seriesEntryFromJson(value.at("entry"));
    if (!entry)
        return entry.error();
    WriteObjectRequest request;
    request.format = value.at("format").get<std::string>();
    request.labelsPath = value.at("labels").get<std::string>();
    request.entry = std::move(*entry);
    request.author = value.value("author", std::string());
    request.imagePath = value.value("image", std::string());
    request.segmentationPath = value.value("segmentation", std::string());
    request.outPath = value.at("out").get<std::string>();
    request.secret = value.value("secret", std::string());
    request.deidentification = value.value("deidentification", std::string());
    return ReaderRequest(std::move(request));
}

} // namespace

std::string toJsonLine(const ReaderRequest& request)
{
    return std::visit([](const auto& r) { return dumped(asJson(r)); }, request);
}

Result<ReaderRequest> readerRequestFromJson(const std::string& line)
{
    const json value = parsedJson(line);
    try {
        const auto type = value.at("type").get<std::string>();
        if (type == "scan")
            return scanFromJson(value);
        if (type == "decode")
            return ofSeriesFromJson<DecodeRequest>(value);
        if (type == "readMask")
            return readMaskFromJson(value);
        if (type == "readOverlays")
            return ofSeriesFromJson<ReadOverlaysRequest>(value);
        if (type == "describeMask")
            return ReaderRequest(
                DescribeMaskRequest{value.at("path").get<std::string>(), value.at("out").get<std::string>()});
        if (type == "deidentify")
            return ReaderRequest(deidentifyFromJson(value));
        if (type == "readDataset")
            return ReaderRequest(ReadDatasetRequest{value.at("layout").get<std::string>(),
                                                    value.at("path").get<std::string>(),
                                                    value.at("out").get<std::string>()});
        if (type == "writeObject")
            return writeObjectFromJson(value);
        return malformed("unknown request \"" + type + "\"");
    } catch (const json::exception& exception) {
        return malformed(exception.what());
    }
}

std::string cancelJsonLine()
{
    return R"({"type":"cancel"})";
}

bool isCancelJsonLine(const std::string& line)
{
    const json value = parsedJson(line);
    return value.is_object() && value.value("type", json()) == "cancel";
}

std::string toJsonLine(const ReaderEvent& event)
{
    return std::visit([](const auto& e) { return dumped(asJson(e)); }, event);
}

Result<ReaderEvent> readerEventFromJson(const std::string& line)
{
    const json value = parsedJson(line);
    try {
        const auto type = value.at("type").get<std::string>();
        if (type == "progress")
            return ReaderEvent(ReaderProgress{value.at("fraction").get<double>(), value.value("found", std::int64_t{0}),
                                              value.value("done", std::int64_t{0}), value.value("perSecond", 0.0)});
        if (type == "done")
            return ReaderEvent(ReaderDone{value.value("notes", std::vector<std::string>()),
                                          warningsFromJson(value.value("warnings", json::array()))});
        if (type == "file")
            return ReaderEvent(ReaderFile{value.at("path").get<std::string>()});
        if (type == "failed")
            return ReaderEvent(
                ReaderFailed{{errorCodeNamed(value.at("code").get<std::string>()).value_or(ErrorCode::IoFailure),
                              value.value("subject", std::string()),
                              value.value("detail", std::string())}});
        return malformed("unknown event \"" + type + "\"");
    } catch (const json::exception& exception) {
        return malformed(exception.what());
    }
}

} // namespace annotomy
