#include "app/cli/command.h"
#include "app/cli/json_forms.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <memory>

namespace annotomy::cli {

namespace {

struct TrainArguments {
    std::string from; // a model's number or name; "current"
    std::int64_t resume = 0;
    std::optional<double> minutes;
    std::optional<std::uint64_t> seed;
    std::string recipe, device = "auto";
};

struct ProposeArguments {
    std::vector<std::string> names;
    std::string model;
};

Result<void> train(Session& session, const TrainArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    TrainOptions options;
    options.fromCurrent = arguments.from == "current";
    if (!arguments.from.empty() && !options.fromCurrent) {
        const Result<ModelId> model = findModel((*workbench)->workspace(), arguments.from);
        if (!model)
            return model.error();
        options.from = *model;
    }
    options.resume = {arguments.resume};
    options.recipe = arguments.recipe;
    options.minutes = arguments.minutes;
    options.seed = arguments.seed;
    options.device = arguments.device;
    const auto outcome = (*workbench)->train(options, session.stop, session.progress());
    if (!outcome)
        return outcome.error();
    session.output().document({{"model", outcome->model.value},
                               {"run", outcome->run.value},
                               {"promoted", outcome->gate.promoted},
                               {"gate", gateJson(outcome->gate)}});
    session.output().line("model " + std::to_string(outcome->model.value) + " from run "
                          + std::to_string(outcome->run.value) + ". " + outcome->gate.reason);
    return {};
}

Result<void> propose(Session& session, const ProposeArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    ModelId model;
    if (!arguments.model.empty()) {
        const Result<ModelId> found = findModel((*workbench)->workspace(), arguments.model);
        if (!found)
            return found.error();
        model = *found;
    }
    std::vector<CaseId> cases;
    for (const std::string& name : arguments.names) {
        const Result<CaseId> id = (*workbench)->findCase(name);
        if (!id)
            return id.error();
        cases.push_back(*id);
    }
    const auto proposals = (*workbench)->propose(cases, model, session.stop, session.progress());
    if (!proposals)
        return proposals.error();
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const Proposal& proposal : *proposals) {
        list.push_back({{"case", proposal.caseId.value},
                        {"revision", proposal.revision.value},
                        {"model", proposal.model.value},
                        {"meanEntropy", proposal.meanEntropy}});
        rows.push_back({std::to_string(proposal.caseId.value), std::to_string(proposal.revision.value),
                        std::to_string(proposal.model.value), fixed(proposal.meanEntropy, 4)});
    }
    session.output().document({{"proposals", list}});
    session.output().table({"case", "revision", "model", "mean entropy"}, rows);
    return {};
}

} // namespace

void addLearningCommands(Commands& commands)
{
    const auto trained = std::make_shared<TrainArguments>();
    CLI::App& training = commands.add("train", "Train a model on the approved cases of the training pool",
                                      [trained](Session& session) { return train(session, *trained); });
    training.add_option("--from", trained->from, "Model to start from: number, name or \"current\"");
    training.add_option("--resume", trained->resume, "Run to go on with")->check(CLI::PositiveNumber);
    training.add_option("--minutes", trained->minutes, "Time to train")->check(isPositive);
    training.add_option("--seed", trained->seed, "Seed of everything random");
    std::vector<std::string> recipes;
    for (const Recipe& recipe : builtInRecipes())
        recipes.push_back(recipe.name);
    training.add_option("--recipe", trained->recipe, "standard, light, fine-tune or quick")
        ->check(CLI::IsMember(recipes));
    training.add_option("--device", trained->device, "auto, cpu or cuda");

    const auto proposed = std::make_shared<ProposeArguments>();
    CLI::App& proposing = commands.add("propose", "Let a model propose masks",
                                       [proposed](Session& session) { return propose(session, *proposed); });
    proposing.add_option("CASE", proposed->names, "Numbers of cases, or their patients")->required();
    proposing.add_option("--model", proposed->model, "Number or name of a model; the current one by default");
}

} // namespace annotomy::cli
