#include "app/cli/command.h"
#include "app/cli/json_forms.h"
#include "app/workbench/suspicion_tour.h"
#include "app/workbench/mask_export.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <memory>

namespace annotomy::cli {

namespace {

struct ExplainArguments {
    std::string name, model, out; // the case and the model: numbers or names
    ExplainOptions options;
};

Result<void> explain(Session& session, const ExplainArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const Result<CaseId> id = (*workbench)->findCase(arguments.name);
    if (!id)
        return id.error();
    ExplainOptions options = arguments.options;
    if (!arguments.model.empty()) {
        const Result<ModelId> model = findModel((*workbench)->workspace(), arguments.model);
        if (!model)
            return model.error();
        options.model = *model;
    }
    if (const auto valid = checkOutput(arguments.out); !valid)
        return valid;
    const auto explanation = explainSegment(**workbench, *id, options, session.stop, session.progress());
    if (!explanation)
        return explanation.error();
    if (const auto written = writeVolumeAs(explanation->map, arguments.out, session.stop); !written)
        return written;
    session.output().document({{"case", id->value},
                               {"model", explanation->model.value},
                               {"segment", options.segment},
                               {"method", options.method},
                               {"out", arguments.out}});
    session.output().line("where " + explanation->modelName + " sees " + options.segment + ", 0 to 1, in " + arguments.out);
    return {};
}

struct SuspicionArguments {
    std::string name, model; // numbers or names
    bool mirror = false;
    std::string device = "auto";
};

// The newest mask, or one without a segment.
Result<LabelMap> newestMask(Workbench& workbench, CaseId id)
{
    const Result<CaseRecord> record = workbench.workspace().caseById(id);
    if (!record)
        return record.error();
    const auto revisions = workbench.workspace().revisions(id);
    if (!revisions)
        return revisions.error();
    if (revisions->empty())
        return LabelMap(record->series.geometry);
    const Result<RevisionRecord> newest = workbench.newestRevision(id);
    return newest ? workbench.workspace().loadMask(newest->id) : newest.error();
}

void tell(const Output& output, const std::vector<SuspiciousRegion>& regions, const SegmentTable& segments)
{
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const SuspiciousRegion& region : regions) {
        const Segment* segment = segments.find(region.segment);
        const std::string name = segment ? segment->name : "";
        list.push_back({{"segment", name},
                        {"entropy", region.meanEntropy},
                        {"boundaryShare", region.boundaryShare},
                        {"sizeDeviation", region.sizeDeviation},
                        {"score", region.score},
                        {"volumeMl", region.volumeMl},
                        {"centreLps", region.centreLps},
                        {"centre", region.centre}});
        rows.push_back({std::to_string(rows.size() + 1), name, fixed(region.meanEntropy, 3), fixed(region.boundaryShare, 2),
                        fixed(region.sizeDeviation, 1), fixed(region.volumeMl, 2), sizeText(region.centre)});
    }
    output.document({{"regions", list}});
    output.table({"rank", "segment", "entropy (nats)", "border share", "size (SD)", "ml", "voxel"}, rows);
}

Result<void> suspicions(Session& session, const SuspicionArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const Result<CaseId> id = (*workbench)->findCase(arguments.name);
    if (!id)
        return id.error();
    ProposeOptions options;
    options.inference.mirror = arguments.mirror;
    options.device = arguments.device;
    if (!arguments.model.empty()) {
        const Result<ModelId> model = findModel((*workbench)->workspace(), arguments.model);
        if (!model)
            return model.error();
        options.models = {*model};
    }
    const Result<LabelMap> mask = newestMask(**workbench, *id);
    if (!mask)
        return mask.error();
    const auto tour = suspicionTour(**workbench, *id, *mask, options, session.stop, session.progress());
    if (!tour)
        return tour.error();
    tell(session.output(), tour->regions, mask->segments());
    return {};
}

} // namespace

void addExplainCommand(Commands& commands)
{
    const auto asked = std::make_shared<ExplainArguments>();
    CLI::App& explaining = commands.add("explain", "Show where in the image a model sees a segment",
                                        [asked](Session& session) { return explain(session, *asked); });
    explaining.add_option("CASE", asked->name, "Number of the case, or its patient")->required();
    explaining.add_option("--segment", asked->options.segment, "Name of the segment")->required();
    explaining.add_option("--out", asked->out, "Where the map goes, as NIfTI, NRRD or MetaImage")->required();
    explaining.add_option("--method", asked->options.method, "grad-cam (the default) or occlusion")
        ->check(CLI::IsMember({"grad-cam", "occlusion"}));
    explaining.add_option("--model", asked->model, "Number or name of a model; the current one by default");
    explaining.add_option("--device", asked->options.device, "auto, cpu or cuda");

    const auto doubted = std::make_shared<SuspicionArguments>();
    CLI::App& doubting = commands.add("suspicions", "Rank the regions of a case's newest mask that deserve a look",
                                      [doubted](Session& session) { return suspicions(session, *doubted); });
    doubting.add_option("CASE", doubted->name, "Number of the case, or its patient")->required();
    doubting.add_option("--model", doubted->model, "Number or name of a model; the current one by default");
    doubting.add_flag("--tta", doubted->mirror, "Average over mirror images, along the axes that the model knows mirrored");
    doubting.add_option("--device", doubted->device, "auto, cpu or cuda");
}

} // namespace annotomy::cli
