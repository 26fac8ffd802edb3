#include "app/cli/command.h"
#include "app/cli/json_forms.h"
#include "app/workbench/errors.h"
#include "app/workbench/evaluation.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace annotomy::cli {

namespace {

struct TrainArguments {
    std::string from; // a model's number or name; "current"
    std::int64_t resume = 0;
    std::optional<double> minutes;
    std::optional<std::uint64_t> seed;
    std::optional<double> gigabytes;
    std::string recipe, fold, device = "auto";
};

std::int64_t bytesOf(double gigabytes)
{
    return static_cast<std::int64_t>(gigabytes * 1e9);
}

// By number or name.
Result<std::vector<ModelId>> modelsOf(Workbench& workbench, const std::vector<std::string>& numbersOrNames)
{
    std::vector<ModelId> models;
    for (const std::string& name : numbersOrNames) {
        const Result<ModelId> id = findModel(workbench.workspace(), name);
        if (!id)
            return id.error();
        models.push_back(*id);
    }
    return models;
}

// "2/5".
Result<void> readFold(const std::string& text, TrainOptions& options)
{
    char rest = 0;
    if (text.empty() || std::sscanf(text.c_str(), "%d/%d%c", &options.fold, &options.folds, &rest) == 2)
        return {};
    return Error{ErrorCode::InvalidArgument, "--fold " + text, "give it as 1/5 to 5/5"};
}

struct PlanArguments {
    double minutes = 10;
    double gigabytes = 0;
    std::string device = "auto";
};

struct InferenceArguments {
    std::vector<std::string> models; // numbers or names
    bool mirror = false;
    std::string ensemble = "mean";
    std::vector<double> weights;
    std::string device = "auto";
};

struct ProposeArguments {
    std::vector<std::string> names;
    bool all = false;
    InferenceArguments inference;
    std::string probabilities, uncertainty;
};

Result<ProposeOptions> proposeOptions(Workbench& workbench, const InferenceArguments& arguments)
{
    Result<std::vector<ModelId>> models = modelsOf(workbench, arguments.models);
    if (!models)
        return models.error();
    ProposeOptions options;
    options.models = *std::move(models);
    options.inference.mirror = arguments.mirror;
    const auto& names = ensembleRuleNames();
    options.inference.rule =
        static_cast<EnsembleRule>(std::find(names.begin(), names.end(), arguments.ensemble) - names.begin());
    options.inference.weights = arguments.weights;
    options.device = arguments.device;
    const std::size_t count = std::max<std::size_t>(1, options.models.size());
    if (!arguments.weights.empty() && arguments.weights.size() != count)
        return Error{ErrorCode::InvalidArgument, "--weights", "give one weight for each model"};
    return options;
}

void addInferenceOptions(CLI::App& command, InferenceArguments& arguments)
{
    command.add_option("--model", arguments.models,
                       "Number or name of a model, once for each of an ensemble; the current one by default");
    command.add_flag("--tta", arguments.mirror, "Average over mirror images, along the axes that the model knows mirrored");
    command.add_option("--ensemble", arguments.ensemble, "How several models become one: mean, weighted, vote or staple")
        ->check(CLI::IsMember(ensembleRuleNames()));
    command.add_option("--weights", arguments.weights, "Of the models, for \"--ensemble weighted\"")->check(isPositive);
    command.add_option("--device", arguments.device, "auto, cpu or cuda");
}

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
    options.bytes = bytesOf(arguments.gigabytes.value_or(0));
    if (const auto read = readFold(arguments.fold, options); !read)
        return read;
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

Json planJson(const TrainingPlan& plan)
{
    return {{"recipe", parsed(toJsonText(plan.recipe))},
            {"medianSpacing", plan.medianSpacing},
            {"medianSize", plan.medianSize},
            {"memoryBytes", plan.bytes},
            {"secondsPerStep", plan.secondsPerStep},
            {"steps", plan.steps},
            {"notes", plan.notes}};
}

std::string planText(const TrainingPlan& plan)
{
    const Recipe& r = plan.recipe;
    const std::string network = parsed(toJsonText(r)).at("network");
    return network + ", " + std::to_string(r.baseWidth) + " channels, " + std::to_string(r.levels) + " levels; patch "
        + sizeText(r.patch) + " at " + fixed(r.spacing[0], 2) + " x " + fixed(r.spacing[1], 2) + " x "
        + fixed(r.spacing[2], 2) + " mm, " + std::to_string(r.batch) + " a step; " + std::to_string(plan.steps)
        + " steps of " + fixed(plan.secondsPerStep, 2) + " s in " + fixed(r.minutes, 1) + " minutes; needs "
        + fixed(static_cast<double>(plan.bytes) / 1e9, 2) + " GB of memory";
}

Result<void> plan(Session& session, const PlanArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const auto outcome = (*workbench)->plan({arguments.minutes, bytesOf(arguments.gigabytes), arguments.device},
                                            session.stop, session.progress());
    if (!outcome)
        return outcome.error();
    Json findings = Json::array();
    for (const DataFinding& finding : outcome->findings) {
        findings.push_back({{"code", finding.code}, {"stops", finding.stops}, {"text", finding.text}});
        session.output().line(finding.text);
    }
    if (outcome->obstacle)
        return *outcome->obstacle;
    session.output().document({{"plan", planJson(*outcome->plan)},
                               {"findings", findings},
                               {"fingerprint", parsed(toJsonText(outcome->data))}});
    session.output().line(planText(*outcome->plan) + '.');
    for (const std::string& note : outcome->plan->notes)
        session.output().line(note);
    return {};
}

// Those that are named; with --all every one that is not approved.
Result<std::vector<CaseId>> casesToPropose(Workbench& workbench, const ProposeArguments& arguments)
{
    std::vector<CaseId> cases;
    for (const std::string& name : arguments.names) {
        const Result<CaseId> id = workbench.findCase(name);
        if (!id)
            return id.error();
        cases.push_back(*id);
    }
    if (!arguments.all && cases.empty())
        return Error{ErrorCode::InvalidArgument, "propose", "name cases, or give --all"};
    if (!arguments.all)
        return cases;
    const auto rows = workbench.workspace().findCases({});
    if (!rows)
        return rows.error();
    for (const CaseRow& row : *rows)
        if (row.state != CaseState::Approved)
            cases.push_back(row.id);
    return cases;
}

Result<void> propose(Session& session, const ProposeArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    auto options = proposeOptions(**workbench, arguments.inference);
    if (!options)
        return options.error();
    const auto cases = casesToPropose(**workbench, arguments);
    if (!cases)
        return cases.error();
    std::vector<std::string> failures;
    Json failed = Json::array();
    options->onFailure = [&](CaseId id, const Error& error) {
        failures.push_back("case " + std::to_string(id.value) + " is left out: " + sentence(error).toStdString());
        failed.push_back({{"case", id.value}, {"sentence", sentence(error).toStdString()}});
    };
    options->probabilitiesPath = arguments.probabilities;
    options->uncertaintyPath = arguments.uncertainty;
    const auto proposals = (*workbench)->propose(*cases, *options, session.stop, session.progress());
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
    session.output().document({{"proposals", list}, {"failed", failed}});
    session.output().table({"case", "revision", "model", "mean entropy"}, rows);
    for (const std::string& failure : failures)
        session.output().line(failure);
    return {};
}

struct EvaluateArguments {
    std::string pool, out;
    InferenceArguments inference;
};

Result<void> evaluate(Session& session, const EvaluateArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const auto options = proposeOptions(**workbench, arguments.inference);
    if (!options)
        return options.error();
    const Pool pool = arguments.pool == "test" ? Pool::Test : Pool::Validation;
    const auto evaluation = (*workbench)->evaluate(pool, *options, session.stop, session.progress());
    if (!evaluation)
        return evaluation.error();
    if (const auto written = writeEvaluation(*evaluation, arguments.out); !written)
        return written;
    Json classes = Json::object();
    std::vector<std::vector<std::string>> rows;
    for (const std::string& name : evaluation->classes) {
        std::vector<std::string> row{name};
        for (const EvaluatedFigure& figure : evaluatedFigures()) {
            const std::vector<double> values = figuresOfClass(*evaluation, name, figure.name);
            const auto mean = pairedDifference(values, std::vector<double>(values.size(), 0));
            classes[name][figure.name] = mean ? Json(mean->mean) : Json(nullptr);
            row.push_back(mean ? fixed(mean->mean, 4) : "");
        }
        rows.push_back(row);
    }
    session.output().document({{"model", evaluation->model.value},
                               {"pool", arguments.pool},
                               {"cases", evaluation->cases.size()},
                               {"patients", evaluation->patients},
                               {"classes", classes},
                               {"out", arguments.out}});
    std::vector<std::string> titles{"class"};
    for (const EvaluatedFigure& figure : evaluatedFigures())
        titles.push_back(figure.title);
    session.output().table(titles, rows);
    session.output().line(std::to_string(evaluation->cases.size()) + " cases; report in " + arguments.out);
    return {};
}

} // namespace

void addLearningCommands(Commands& commands)
{
    const auto planned = std::make_shared<PlanArguments>();
    CLI::App& planning = commands.add("plan", "Tell how a model would best be trained on the approved cases",
                                      [planned](Session& session) { return plan(session, *planned); });
    planning.add_option("--minutes", planned->minutes, "Time to train; 10 by default")->check(isPositive);
    planning.add_option("--memory", planned->gigabytes, "GB that may be used; four fifths of what is free by default")
        ->check(isPositive);
    planning.add_option("--device", planned->device, "auto, cpu or cuda");

    const auto trained = std::make_shared<TrainArguments>();
    CLI::App& training = commands.add("train", "Train a model on the approved cases of the training pool",
                                      [trained](Session& session) { return train(session, *trained); });
    training.add_option("--from", trained->from, "Model to start from: number, name or \"current\"");
    training.add_option("--resume", trained->resume, "Run to go on with")->check(CLI::PositiveNumber);
    training.add_option("--minutes", trained->minutes, "Time to train")->check(isPositive);
    training.add_option("--seed", trained->seed, "Seed of everything random");
    training.add_option("--memory", trained->gigabytes, "GB that a planned recipe may use")->check(isPositive);
    training.add_option("--fold", trained->fold, "Hold one part of the training pool out, as in 1/5");
    std::vector<std::string> recipes{"planned"};
    for (const Recipe& recipe : builtInRecipes())
        recipes.push_back(recipe.name);
    training.add_option("--recipe", trained->recipe, "planned, standard, light, fine-tune or quick")
        ->check(CLI::IsMember(recipes));
    training.add_option("--device", trained->device, "auto, cpu or cuda");

    const auto proposed = std::make_shared<ProposeArguments>();
    CLI::App& proposing = commands.add("propose", "Let a model propose masks",
                                       [proposed](Session& session) { return propose(session, *proposed); });
    auto* cases = proposing.add_option("CASE", proposed->names, "Numbers of cases, or their patients");
    auto* all = proposing.add_flag("--all", proposed->all, "For every case that is not approved; one that cannot be done is told");
    cases->excludes(all);
    addInferenceOptions(proposing, proposed->inference);
    proposing.add_option("--probabilities", proposed->probabilities,
                         "Where the foreground's probability goes, as NIfTI, NRRD or MetaImage; a folder for several cases");
    proposing.add_option("--uncertainty", proposed->uncertainty, "Where the entropy of the classes (nats) goes, likewise");

    const auto judged = std::make_shared<EvaluateArguments>();
    CLI::App& evaluating = commands.add("evaluate", "Judge a model on the approved cases of a pool, as HTML, PDF and CSV",
                                        [judged](Session& session) { return evaluate(session, *judged); });
    evaluating.add_option("--pool", judged->pool, "validation or test")
        ->required()
        ->check(CLI::IsMember({"validation", "test"}));
    addInferenceOptions(evaluating, judged->inference);
    evaluating.add_option("--out", judged->out, "Folder for the report")->required();
}

} // namespace annotomy::cli
