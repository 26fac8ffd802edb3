#include "app/cli/command.h"
#include "app/cli/json_forms.h"
#include "app/workbench/model_transfer.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <QByteArray>

#include <memory>

namespace annotomy::cli {

namespace {

struct ExportModelArguments {
    std::string model, out;
};

Result<void> importModel(Session& session, ModelImportFiles files)
{
    if (files.person.empty())
        files.person = qgetenv("USER").toStdString();
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const auto model = importModelFile(**workbench, files, session.stop, session.progress());
    if (!model)
        return model.error();
    Json json = toJson(*model);
    json["card"] = parsed(toJsonText(model->card));
    session.output().document(json);
    std::string classes;
    for (const ModelClass& one : model->card.classes)
        classes += (classes.empty() ? "" : ", ") + one.name;
    session.output().line("model " + std::to_string(model->id.value) + ": " + model->name + ", finds " + classes);
    return {};
}

Result<void> exportModel(Session& session, const ExportModelArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const Result<ModelId> id = findModel((*workbench)->workspace(), arguments.model);
    if (!id)
        return id.error();
    if (const auto done = exportModelFile(**workbench, *id, arguments.out, session.stop, session.progress()); !done)
        return done;
    session.output().document({{"model", id->value}, {"out", arguments.out}});
    session.output().line("model " + std::to_string(id->value) + " is in " + arguments.out);
    return {};
}

} // namespace

void addModelTransferCommands(Commands& commands)
{
    const auto imported = std::make_shared<ModelImportFiles>();
    CLI::App& importing = commands.add("import-model", "Add a TorchScript model, a MONAI bundle's, or weights of another program",
                                       [imported](Session& session) { return importModel(session, *imported); });
    importing.add_option("FILE", imported->model, "The model")->required();
    importing.add_option("--name", imported->name, "Its name here; its card's or file's by default");
    importing.add_option("--card", imported->card, "JSON file with what the model's own does not say: channels, classes, patch, ...");
    importing.add_option("--architecture", imported->architecture, "JSON file that describes the network of weights (brainchop's model.json)");
    importing.add_option("--labels", imported->labels, "JSON file with the names of the classes (brainchop's colormap.json)");
    importing.add_option("--as", imported->person, "Who imports it; the account's name by default");

    const auto exported = std::make_shared<ExportModelArguments>();
    CLI::App& exporting = commands.add("export-model", "Write a model as one TorchScript file, its card inside",
                                       [exported](Session& session) { return exportModel(session, *exported); });
    exporting.add_option("MODEL", exported->model, "Number or name of the model")->required();
    exporting.add_option("--out", exported->out, "The file to write")->required();
}

} // namespace annotomy::cli
