#include "core/privacy/deidentification.h"

#include "core/base/error_names.h"

#include <nlohmann/json.hpp>

namespace annotomy {

using nlohmann::json;

namespace {

constexpr const char* dateNames[] = {"remove", "shift", "keep"};

json asJson(const DeidentificationOptions& options)
{
    return {{"dates", dateNames[static_cast<int>(options.dates)]},
            {"retainUids", options.retainUids},
            {"retainDevice", options.retainDevice},
            {"retainInstitution", options.retainInstitution},
            {"retainPatientCharacteristics", options.retainPatientCharacteristics},
            {"retainSafePrivate", options.retainSafePrivate},
            {"cleanDescriptors", options.cleanDescriptors}};
}

json asJson(const DeidentifiedFile& file, bool withSources)
{
    json value{{"output", file.output},
               {"removed", file.removed},
               {"emptied", file.emptied},
               {"replaced", file.replaced},
               {"cleaned", file.cleaned},
               {"uidsReplaced", file.uidsReplaced},
               {"privateRemoved", file.privateRemoved},
               {"warnings", file.warnings}};
    if (withSources)
        value["source"] = file.source;
    return value;
}

// The subject of an error is mostly the path, which may hold a name.
json asJson(const FailedFile& file, bool withSources)
{
    json value{{"code", errorName(file.error.code)}, {"detail", file.error.detail}};
    if (withSources) {
        value["source"] = file.source;
        value["subject"] = file.error.subject;
    }
    return value;
}

DeidentificationOptions optionsFrom(const json& value)
{
    DeidentificationOptions options;
    const auto dates = value.at("dates").get<std::string>();
    options.dates = dates == "keep"    ? DateHandling::Keep
                    : dates == "shift" ? DateHandling::Shift
                                       : DateHandling::Remove;
    value.at("retainUids").get_to(options.retainUids);
    value.at("retainDevice").get_to(options.retainDevice);
    value.at("retainInstitution").get_to(options.retainInstitution);
    value.at("retainPatientCharacteristics").get_to(options.retainPatientCharacteristics);
    value.at("retainSafePrivate").get_to(options.retainSafePrivate);
    value.at("cleanDescriptors").get_to(options.cleanDescriptors);
    return options;
}

DeidentifiedFile fileFrom(const json& value)
{
    DeidentifiedFile file;
    file.source = value.value("source", std::string());
    value.at("output").get_to(file.output);
    value.at("removed").get_to(file.removed);
    value.at("emptied").get_to(file.emptied);
    value.at("replaced").get_to(file.replaced);
    value.at("cleaned").get_to(file.cleaned);
    value.at("uidsReplaced").get_to(file.uidsReplaced);
    value.at("privateRemoved").get_to(file.privateRemoved);
    value.at("warnings").get_to(file.warnings);
    return file;
}

} // namespace

std::string toJsonText(const DeidentificationOptions& options)
{
    return asJson(options).dump();
}

Result<DeidentificationOptions> deidentificationOptionsFromJson(const std::string& text)
{
    try {
        return optionsFrom(json::parse(text));
    } catch (const json::exception& exception) {
        return Error{ErrorCode::Malformed, {}, exception.what()};
    }
}

std::string toJsonText(const DeidentificationReport& report, bool withSources)
{
    json files = json::array(), failed = json::array();
    for (const DeidentifiedFile& file : report.files)
        files.push_back(asJson(file, withSources));
    for (const FailedFile& file : report.failed)
        failed.push_back(asJson(file, withSources));
    const json value{{"profile", "PS3.15 Annex E Basic Profile, table E.1-1 of 2026d"},
                     {"options", asJson(report.options)},
                     {"files", std::move(files)},
                     {"failed", std::move(failed)},
                     {"notDicom", report.notDicom}};
    return value.dump(1, ' ', false, json::error_handler_t::replace);
}

Result<DeidentificationReport> deidentificationReportFromJson(const std::string& text)
{
    try {
        const json value = json::parse(text);
        DeidentificationReport report;
        report.options = optionsFrom(value.at("options"));
        for (const json& file : value.at("files"))
            report.files.push_back(fileFrom(file));
        for (const json& file : value.at("failed"))
            report.failed.push_back(
                {file.value("source", std::string()),
                 {errorCodeNamed(file.at("code").get<std::string>()).value_or(ErrorCode::IoFailure),
                  file.value("subject", std::string()), file.at("detail").get<std::string>()}});
        value.at("notDicom").get_to(report.notDicom);
        return report;
    } catch (const json::exception& exception) {
        return Error{ErrorCode::Malformed, {}, exception.what()};
    }
}

} // namespace annotomy
