#include "app/cli/command.h"
#include "app/cli/json_forms.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <QByteArray>

#include <charconv>
#include <memory>

namespace annotomy::cli {

namespace {

struct PromoteArguments {
    std::string model, person, reason;
};

std::vector<std::string> modelRow(const ModelRecord& model, ModelId current)
{
    const Json gate = parsed(model.gateJson);
    const bool scored = gate.is_object() && gate.contains("candidateDice") && gate["candidateDice"].is_number();
    const std::string used = model.id == current ? ", in use" : "";
    return {std::to_string(model.id.value), model.name, nameOf(model.status) + used,
            model.parent ? std::to_string(model.parent.value) : "", std::to_string(model.trainedOn.size()),
            scored ? fixed(gate["candidateDice"].get<double>(), 4) : "", timeText(model.timeMs)};
}

void printModels(const Output& output, const std::vector<ModelRecord>& models, ModelId current)
{
    std::vector<std::vector<std::string>> rows;
    for (const ModelRecord& model : models)
        rows.push_back(modelRow(model, current));
    output.table({"model", "name", "status", "parent", "cases", "gate Dice", "time"}, rows);
}

// The model that proposes unless another is named; 0: none.
Result<ModelId> modelInUse(Workspace& workspace)
{
    const auto current = workspace.currentModel();
    if (!current)
        return current.error();
    return *current ? (*current)->id : ModelId{};
}

Json modelJson(const ModelRecord& model, ModelId current)
{
    Json json = toJson(model);
    json["current"] = model.id == current;
    return json;
}

Result<void> listModels(Session& session)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const auto models = (*workbench)->workspace().models();
    if (!models)
        return models.error();
    const Result<ModelId> current = modelInUse((*workbench)->workspace());
    if (!current)
        return current.error();
    Json list = Json::array();
    for (const ModelRecord& model : *models)
        list.push_back(modelJson(model, *current));
    session.output().document({{"models", list}});
    printModels(session.output(), *models, *current);
    return {};
}

Result<void> showModel(Session& session, const std::string& name)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const Result<ModelId> id = findModel((*workbench)->workspace(), name);
    if (!id)
        return id.error();
    const Result<ModelRecord> model = (*workbench)->workspace().model(*id);
    if (!model)
        return model.error();
    const Result<ModelId> current = modelInUse((*workbench)->workspace());
    if (!current)
        return current.error();
    Json json = modelJson(*model, *current);
    json["card"] = parsed(toJsonText(model->card));
    session.output().document(json);
    printModels(session.output(), {*model}, *current);
    if (!session.json)
        session.output().line(json["gate"].is_object() ? json["gate"].dump(2) : "");
    return {};
}

Result<void> promote(Session& session, const PromoteArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const Result<ModelId> id = findModel((*workbench)->workspace(), arguments.model);
    if (!id)
        return id.error();
    const std::string person = arguments.person.empty() ? qgetenv("USER").toStdString() : arguments.person;
    if (const auto done = (*workbench)->promote(*id, person, arguments.reason); !done)
        return done;
    session.output().document({{"model", id->value}, {"status", "current"}});
    session.output().line("model " + std::to_string(id->value) + " is now the current one");
    return {};
}

Result<void> showHistory(Session& session, std::int64_t number)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const Result<RunRecord> run = (*workbench)->workspace().run({number});
    if (!run)
        return run.error();
    const auto epochs = (*workbench)->workspace().epochs({number});
    if (!epochs)
        return epochs.error();
    Json json = toJson(*run);
    json["epochs"] = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const EpochRecord& epoch : *epochs) {
        json["epochs"].push_back(toJson(epoch));
        rows.push_back({std::to_string(epoch.epoch), std::to_string(epoch.step), fixed(epoch.seconds, 1),
                        fixed(epoch.trainLoss, 4), epoch.validationDice ? fixed(*epoch.validationDice, 4) : "",
                        fixed(epoch.stepsPerSecond, 2)});
    }
    session.output().document(json);
    session.output().line("run " + std::to_string(number) + ": " + nameOf(run->status));
    session.output().table({"epoch", "step", "seconds", "loss", "validation Dice", "steps/s"}, rows);
    return {};
}

} // namespace

Result<ModelId> findModel(Workspace& workspace, const std::string& numberOrName)
{
    const auto models = workspace.models();
    if (!models)
        return models.error();
    std::int64_t number = 0;
    const char* end = numberOrName.data() + numberOrName.size();
    const auto parse = std::from_chars(numberOrName.data(), end, number);
    const bool isNumber = parse.ec == std::errc() && parse.ptr == end;
    for (const ModelRecord& model : *models) {
        if (isNumber ? model.id.value == number : model.name == numberOrName)
            return model.id;
    }
    return Error{ErrorCode::NotFound, "model " + numberOrName, "no model has this number or name"};
}

void addModelCommands(Commands& commands)
{
    commands.add("models", "List the models", listModels);

    const auto shown = std::make_shared<std::string>();
    CLI::App& showing = commands.add("model", "Show a model: its card, cases and gate",
                                     [shown](Session& session) { return showModel(session, *shown); });
    showing.add_option("MODEL", *shown, "Number or name of the model")->required();

    const auto promoted = std::make_shared<PromoteArguments>();
    CLI::App& promoting = commands.add("promote", "Make a model the current one, whatever the gate said",
                                       [promoted](Session& session) { return promote(session, *promoted); });
    promoting.add_option("MODEL", promoted->model, "Number or name of the model")->required();
    promoting.add_option("--as", promoted->person, "Who decides; the account's name by default");
    promoting.add_option("--reason", promoted->reason, "Why");

    const auto run = std::make_shared<std::int64_t>(0);
    CLI::App& telling = commands.add("history", "Show a training run, epoch by epoch",
                                     [run](Session& session) { return showHistory(session, *run); });
    telling.add_option("RUN", *run, "Number of the run")->required()->check(CLI::PositiveNumber);
}

} // namespace annotomy::cli
