#include "app/cli/command.h"
#include "app/workbench/explanation.h"
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
}

} // namespace annotomy::cli
