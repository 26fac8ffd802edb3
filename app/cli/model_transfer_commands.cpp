#include "app/cli/command.h"
#include "app/cli/json_forms.h"
#include "app/workbench/model_transfer.h"
#include "core/io/bytes/atomic_file.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <QByteArray>

#include <memory>

namespace annotomy::cli {

namespace {

constexpr std::size_t longestText = 1 << 20;

struct ImportModelArguments {
    std::string file, name, card, architecture, labels, person; // card, architecture, labels: paths
};

struct ExportModelArguments {
    std::string model, out;
};

Result<std::string> textOf(const std::string& path)
{
    if (path.empty())
        return std::string();
    const auto bytes = readWholeFile(path, longestText);
    if (!bytes)
        return bytes.error();
    return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

Result<void> importModel(Session& session, const ImportModelArguments& arguments)
{
    ModelImportOptions options;
    options.name = arguments.name;
    options.person = arguments.person.empty() ? qgetenv("USER").toStdString() : arguments.person;
    for (const auto& [path, text] : {std::pair{&arguments.card, &options.card},
                                     {&arguments.architecture, &options.architecture},
                                     {&arguments.labels, &options.labels}}) {
        Result<std::string> read = textOf(*path);
        if (!read)
            return read.error();
        *text = *std::move(read);
    }
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const auto model = importModelFile(**workbench, arguments.file, options, session.stop, session.progress());
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
    const auto imported = std::make_shared<ImportModelArguments>();
    CLI::App& importing = commands.add("import-model", "Add a TorchScript model, a MONAI bundle's, or weights of another program",
                                       [imported](Session& session) { return importModel(session, *imported); });
    importing.add_option("FILE", imported->file, "The model")->required();
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
