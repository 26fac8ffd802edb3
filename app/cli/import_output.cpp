#include "app/cli/import_output.h"

#include "app/cli/json_forms.h"
#include "app/workbench/errors.h"
#include "core/base/error_names.h"

#include <nlohmann/json.hpp>

namespace annotomy::cli {

Json importJson(const ImportReport& report)
{
    Json cases = Json::array();
    for (const ImportedCase& one : report.cases) {
        cases.push_back({{"id", one.id.value},
                         {"patient", one.patient},
                         {"modality", one.modality},
                         {"size", one.size},
                         {"volumes", one.volumes},
                         {"new", one.isNew},
                         {"grew", one.grew},
                         {"revision", one.revision ? Json(one.revision.value) : Json(nullptr)},
                         {"warnings", toJson(one.warnings)}});
    }
    Json skipped = Json::array(), counts = Json::array();
    for (const SkippedFile& file : report.skipped)
        skipped.push_back(toJson(file));
    for (const SkippedCount& reason : report.skippedCounts)
        counts.push_back({{"code", errorName(reason.code)}, {"reason", reason.detail}, {"count", reason.count}});
    return {{"cases", cases},
            {"newCases", report.newCases},
            {"grownCases", report.grownCases},
            {"skipped", skipped},
            {"skippedCounts", counts},
            {"filesSeen", report.filesSeen},
            {"filesInSeries", report.filesInSeries},
            {"filesInMasks", report.filesInMasks},
            {"filesSkipped", report.filesSkipped}};
}

void printImport(const Output& output, const ImportReport& report)
{
    std::vector<std::vector<std::string>> rows;
    for (const ImportedCase& one : report.cases) {
        rows.push_back({std::to_string(one.id.value), one.patient, one.modality, sizeText(one.size),
                        one.isNew  ? "new"
                        : one.grew ? "grown"
                                   : "known",
                        one.revision ? "with mask" : ""});
    }
    output.table({"case", "patient", "modality", "size", "", ""}, rows);
    for (const ImportedCase& one : report.cases) {
        for (const Warning& warning : one.warnings)
            output.line("case " + std::to_string(one.id.value) + ": " + warning.text);
    }
    for (const SkippedFile& file : report.skipped)
        output.line("left out: " + sentence({file.code, file.path, file.detail}).toStdString());
    const auto named = static_cast<std::int64_t>(report.skipped.size());
    if (report.filesSkipped > named) {
        output.line("left out altogether:");
        for (const SkippedCount& reason : report.skippedCounts)
            output.line("  " + std::to_string(reason.count) + ": " + reason.detail);
    }
    output.line(std::to_string(report.filesSeen) + " files: " + std::to_string(report.filesInSeries) + " of images, "
                + std::to_string(report.filesInMasks) + " of masks, " + std::to_string(report.filesSkipped)
                + " left out; " + std::to_string(report.newCases) + " new cases, " + std::to_string(report.grownCases)
                + " grown");
    if (report.newCases + report.grownCases == 0)
        output.line("nothing new");
}

} // namespace annotomy::cli
