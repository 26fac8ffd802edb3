#include "app/cli/command.h"
#include "app/cli/deidentification_arguments.h"
#include "app/workbench/deidentify.h"
#include "app/workbench/errors.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <memory>

namespace annotomy::cli {

namespace {

struct Arguments : DeidentificationArguments {
    std::vector<std::string> paths;
    std::string out;
};

Result<std::string> secretOf(Session& session, const Arguments& arguments)
{
    if (!arguments.key.empty())
        return deidentificationSecret(arguments.key);
    const auto workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    return deidentificationSecret(deidentificationKeyPath((*workbench)->workspace().folder()));
}

std::string errorText(const Error& error)
{
    return sentence(error).toStdString();
}

// Attributes by how many files each was handled in.
Json totals(const DeidentificationReport& report, std::map<std::string, int> DeidentifiedFile::*counts)
{
    std::map<std::string, int> sums;
    for (const DeidentifiedFile& file : report.files)
        for (const auto& [tag, count] : file.*counts)
            sums[tag] += count;
    return sums;
}

Json asJson(const DeidentificationReport& report, const std::string& out)
{
    Json warnings = Json::array(), failed = Json::array();
    for (const DeidentifiedFile& file : report.files)
        for (const std::string& warning : file.warnings)
            warnings.push_back({{"output", file.output}, {"text", warning}});
    for (const FailedFile& file : report.failed)
        failed.push_back({{"path", file.source}, {"text", errorText(file.error)}});
    return {{"folder", out},
            {"report", out + "/" + deidentificationReportName},
            {"files", report.files.size()},
            {"removed", totals(report, &DeidentifiedFile::removed)},
            {"emptied", totals(report, &DeidentifiedFile::emptied)},
            {"replaced", totals(report, &DeidentifiedFile::replaced)},
            {"cleaned", totals(report, &DeidentifiedFile::cleaned)},
            {"warnings", warnings},
            {"failed", failed},
            {"notDicom", report.notDicom}};
}

// One line a sentence, however many files it is about.
void tellWarnings(const DeidentificationReport& report, const Output& output)
{
    std::map<std::string, std::pair<int, std::string>> sentences;
    for (const DeidentifiedFile& file : report.files) {
        for (const std::string& warning : file.warnings) {
            auto& [count, first] = sentences[warning];
            first = count++ == 0 ? file.output : first;
        }
    }
    for (const auto& [text, where] : sentences)
        output.line("warning: " + text + " ("
                    + (where.first == 1 ? std::string() : std::to_string(where.first) + " files, the first: ")
                    + where.second + ")");
}

Result<void> deidentify(Session& session, const Arguments& arguments)
{
    const auto secret = secretOf(session, arguments);
    if (!secret)
        return secret.error();
    const auto report = deidentifyPaths(arguments.paths, arguments.out, *secret, arguments.chosen(),
                                        defaultProgramPaths(), session.stop, session.progress());
    if (!report)
        return report.error();
    const Output output = session.output();
    output.document(asJson(*report, arguments.out));
    tellWarnings(*report, output);
    for (const FailedFile& file : report->failed)
        output.line("left out: " + errorText(file.error));
    output.line(std::to_string(report->files.size()) + " files de-identified, " +
                std::to_string(report->failed.size()) + " left out, " + std::to_string(report->notDicom) +
                " no DICOM; report: " + arguments.out + "/" + deidentificationReportName);
    if (report->files.empty())
        return Error{ErrorCode::Unsupported, arguments.paths.front(),
                     "none of its files could be de-identified"};
    return {};
}

} // namespace

void addDeidentifyCommand(Commands& commands)
{
    const auto arguments = std::make_shared<Arguments>();
    CLI::App& command =
        commands.add("deidentify", "Write DICOM files without what tells whose they are",
                     [arguments](Session& session) { return deidentify(session, *arguments); });
    command.add_option("PATH", arguments->paths, "Files, folders, DICOMDIRs or ZIP archives")->required();
    command.add_option("--out", arguments->out, "Folder to write to: empty or new")->required();
    addDeidentificationOptions(command, *arguments);
}

} // namespace annotomy::cli
