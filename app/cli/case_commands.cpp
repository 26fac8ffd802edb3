#include "app/cli/command.h"
#include "app/cli/import_output.h"
#include "app/cli/json_forms.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace annotomy::cli {

namespace {

struct ImportArguments {
    std::vector<std::string> paths;
    ImportOptions options;
    std::string layout; // empty: plain files and folders
};

Result<void> importDataset(Session& session, const ImportArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    if (arguments.paths.size() != 1)
        return Error{ErrorCode::InvalidArgument, "import", "name one data set's folder"};
    const DatasetImportOptions options{arguments.layout, arguments.options.copy};
    const auto report = (*workbench)->importDataset(arguments.paths.front(), options, session.stop, session.progress());
    if (!report)
        return report.error();
    Json json = importJson(report->report);
    json.update(datasetJson(*report));
    session.output().document(json);
    printImport(session.output(), report->report);
    for (const std::string& note : report->notes)
        session.output().line(note);
    for (const auto& [pool, count] : report->reserved)
        session.output().line(std::to_string(count) + " cases: pool " + nameOf(pool) + " reserved");
    return {};
}

Result<void> import(Session& session, const ImportArguments& arguments)
{
    if (!arguments.layout.empty())
        return importDataset(session, arguments);
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const auto report = (*workbench)->importPaths(arguments.paths, arguments.options, session.stop, session.progress());
    if (!report)
        return report.error();
    session.output().document(importJson(*report));
    printImport(session.output(), *report);
    return {};
}

Result<Json> segmentsJson(Workspace& workspace, RevisionId revision)
{
    Json list = Json::array();
    if (!revision)
        return list;
    const Result<LabelMap> labels = workspace.loadMask(revision);
    if (!labels)
        return labels.error();
    const std::vector<std::int64_t> counts = voxelCounts(*labels);
    for (const Segment& segment : labels->segments().segments()) {
        Json json = toJson(segment);
        json["voxels"] = counts[segment.number];
        json["volumeMl"] = static_cast<double>(counts[segment.number]) * labels->geometry().voxelVolumeMm3() / 1000;
        list.push_back(std::move(json));
    }
    return list;
}

Result<Json> caseJson(Workbench& workbench, CaseId id, std::int64_t asked)
{
    Workspace& workspace = workbench.workspace();
    const auto record = workspace.caseById(id);
    if (!record)
        return record.error();
    Json json = toJson(*record);
    json.update(geometryJson(record->series.geometry));
    json["files"] = record->series.files;
    const auto revisions = workspace.revisions(id);
    if (!revisions)
        return revisions.error();
    RevisionId shown;
    if (asked != 0 || !revisions->empty()) {
        const Result<RevisionId> chosen = workbench.chosenRevision(id, {asked});
        if (!chosen)
            return chosen.error();
        shown = *chosen;
    }
    json["revision"] = shown ? Json(shown.value) : Json(nullptr);
    auto segments = segmentsJson(workspace, shown);
    if (!segments)
        return segments.error();
    json["segments"] = *std::move(segments);
    json["revisions"] = Json::array();
    for (const RevisionRecord& revision : *revisions)
        json["revisions"].push_back(toJson(revision));
    const auto metrics = workspace.metrics(id);
    if (!metrics)
        return metrics.error();
    json["metrics"] = Json::array();
    for (const MetricRecord& metric : *metrics) {
        Json one{{"purpose", metric.purpose}, {"reference", metric.reference.value}, {"mask", metric.mask.value}};
        one.update(toJson(metric.metrics));
        json["metrics"].push_back(std::move(one));
    }
    return json;
}

void printCase(const Output& output, const Json& json)
{
    output.line("case " + json["id"].dump() + ": " + json["patient"].get<std::string>() + ", "
                + json["modality"].get<std::string>() + ", size " + json["size"].dump() + ", spacing "
                + json["spacing"].dump() + " mm, state " + json["state"].get<std::string>());
    std::vector<std::vector<std::string>> rows;
    for (const Json& segment : json["segments"]) {
        rows.push_back({segment["number"].dump(), segment["name"].get<std::string>(), segment["voxels"].dump(),
                        fixed(segment["volumeMl"].get<double>(), 2)});
    }
    output.table({"segment", "name", "voxels", "ml"}, rows);
    rows.clear();
    for (const Json& revision : json["revisions"]) {
        rows.push_back({revision["id"].dump(), revision["author"].get<std::string>(),
                        revision["time"].get<std::string>(), revision["approved"].get<bool>() ? "approved" : "",
                        revision["note"].get<std::string>()});
    }
    output.table({"revision", "author", "time", "", "note"}, rows);
    for (const Json& metric : json["metrics"]) {
        output.line(metric["purpose"].get<std::string>() + ": segment " + metric["value"].dump() + ", Dice "
                    + metric["dice"].dump() + ", HD95 " + metric["hd95Mm"].dump() + " mm");
    }
}

struct CaseArguments {
    std::string name;
    std::int64_t revision = 0;
};

Result<void> showCase(Session& session, const CaseArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const Result<CaseId> id = (*workbench)->findCase(arguments.name);
    if (!id)
        return id.error();
    const Result<Json> json = caseJson(**workbench, *id, arguments.revision);
    if (!json)
        return json.error();
    session.output().document(*json);
    if (!session.json)
        printCase(session.output(), *json);
    return {};
}

} // namespace

void addCaseCommands(Commands& commands)
{
    const auto arguments = std::make_shared<ImportArguments>();
    CLI::App& importing = commands.add("import", "Make cases of the images in files and folders",
                                       [arguments](Session& session) { return import(session, *arguments); });
    importing.add_option("PATH", arguments->paths, "Files or folders: DICOM, NIfTI, NRRD, MetaImage")->required();
    importing.add_flag("--copy", arguments->options.copy, "Copy the files into the workspace");
    importing.add_option("--channel", arguments->options.channel,
                         "Join the patient's case of the same frame of reference under this name");
    importing.add_flag("--regularise", arguments->options.regularise,
                       "Resample tilted or uneven slices onto an even grid");
    importing.add_option("--masks", arguments->options.masksFolder, "Folder of masks, matched by file name");
    importing.add_option("--layout", arguments->layout, "PATH is a data set: nnunet, msd, bids or lidc")
        ->check(CLI::IsMember({"nnunet", "msd", "bids", "lidc"}));

    const auto shown = std::make_shared<CaseArguments>();
    CLI::App& showing = commands.add("case", "Show a case: state, geometry, segments, revisions, metrics",
                                     [shown](Session& session) { return showCase(session, *shown); });
    showing.add_option("CASE", shown->name, "Number of the case, or its patient")->required();
    showing.add_option("--revision", shown->revision, "Revision whose segments are shown; the newest by default");
}

} // namespace annotomy::cli
