#include "app/cli/command.h"
#include "app/cli/json_forms.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <memory>

namespace annotomy::cli {

namespace {

struct ExportArguments {
    std::string out;
    std::vector<std::string> cases;
    DatasetExportOptions options;
};

Json reportJson(const DatasetExportReport& report, const std::string& out)
{
    Json cases = Json::array();
    for (const DatasetExportReport::Case& one : report.cases)
        cases.push_back({{"case", one.id.value},
                         {"revision", one.revision.value},
                         {"name", one.name},
                         {"pool", nameOf(one.pool)}});
    Json labels = Json::object();
    for (std::size_t n = 0; n < report.labels.size(); ++n)
        labels[report.labels[n]] = n + 1;
    return {{"path", out},          {"cases", cases},         {"labels", labels},
            {"files", report.files}, {"bytes", report.bytes}, {"notes", report.notes}};
}

Result<void> exportDataset(Session& session, ExportArguments arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    for (const std::string& name : arguments.cases) {
        const Result<CaseId> id = (*workbench)->findCase(name);
        if (!id)
            return id.error();
        arguments.options.cases.push_back(*id);
    }
    const auto report =
        (*workbench)->exportDataset(arguments.out, arguments.options, session.stop, session.progress());
    if (!report)
        return report.error();
    const Output output = session.output();
    output.document(reportJson(*report, arguments.out));
    std::vector<std::vector<std::string>> rows;
    for (const DatasetExportReport::Case& one : report->cases)
        rows.push_back({one.name, std::to_string(one.id.value), std::to_string(one.revision.value), nameOf(one.pool)});
    output.table({"name", "case", "revision", "pool"}, rows);
    for (const std::string& note : report->notes)
        output.line(note);
    output.line("written and read back: " + arguments.out + " (" + std::to_string(report->cases.size()) + " cases, " +
                std::to_string(report->files) + " files)");
    return {};
}

} // namespace

void addDatasetCommands(Commands& commands)
{
    const auto arguments = std::make_shared<ExportArguments>();
    CLI::App& exporting = commands.add("export-dataset", "Write the approved masks with their images as a data set to learn from",
                                       [arguments](Session& session) { return exportDataset(session, *arguments); });
    DatasetExportOptions& options = arguments->options;
    exporting.add_option("CASE", arguments->cases, "Numbers of cases, or their patients; all approved ones by default");
    exporting.add_option("--layout", options.layout, "nnunet, msd, coco or bids")
        ->required()
        ->check(CLI::IsMember({"nnunet", "msd", "coco", "bids"}));
    exporting.add_option("--out", arguments->out, "Folder to make")->required();
    exporting.add_option("--name", options.name, "Name of the data set; the folder's by default");
    exporting.add_option("--modality", options.modality, "Only cases of this modality, such as CT");
    exporting.add_flag("--flatten", options.flatten, "Where segments overlap, keep the upper layer's (nnunet, msd, bids)");
    exporting.add_option("--plane", options.plane, "Plane of the slices (coco); axial by default")
        ->check(CLI::IsMember({"axial", "coronal", "sagittal"}));
    exporting.add_option("--suffix", options.suffix, "What the images show (bids): T1w, T2w, FLAIR, ...");
}

} // namespace annotomy::cli
