#include "app/workbench/model_transfer.h"

#include "app/workbench/model_files.h"
#include "app/workbench/workbench_impl.h"
#include "app/workbench/worker_client.h"
#include "core/base/clock.h"
#include "core/io/bytes/atomic_file.h"
#include "storage/file_system.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

constexpr std::size_t copiedAtOnce = 4 << 20;
constexpr std::size_t longestText = 1 << 19; // of a card or a description

// A file's JSON object becomes a member of `card`, or all of it without a name; nothing without a path.
Result<void> addFile(Json& card, const std::string& path, const char* member = nullptr)
{
    if (path.empty())
        return {};
    const auto bytes = readWholeFile(path, longestText);
    if (!bytes)
        return bytes.error();
    const auto* text = reinterpret_cast<const char*>(bytes->data());
    Json json = Json::parse(text, text + bytes->size(), nullptr, false);
    if (!json.is_object())
        return Error{ErrorCode::Malformed, path, "it is no JSON object"};
    (member ? card[member] : card) = std::move(json);
    return {};
}

// What is said of the model, as the worker takes it.
Result<std::string> givenCard(const ModelImportFiles& files)
{
    Json card = Json::object();
    for (const auto& [path, member] : {std::pair{&files.card, static_cast<const char*>(nullptr)},
                                       {&files.architecture, "architecture"},
                                       {&files.labels, "labels"}})
        if (const auto added = addFile(card, *path, member); !added)
            return added.error();
    if (!files.name.empty())
        card["name"] = files.name;
    return card.empty() ? std::string() : card.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// What was imported, unless it is there already.
Result<void> checkNew(Workspace& workspace, const std::string& path, const std::string& hash, const std::string& name)
{
    const Result<std::vector<ModelRecord>> models = workspace.models();
    if (!models)
        return models.error();
    for (const ModelRecord& model : *models) {
        if (model.hash == hash)
            return Error{ErrorCode::Duplicate, path, "it is the model " + model.name};
        if (model.name == name)
            return Error{ErrorCode::Conflict, path, "there is a model named \"" + name + "\" already; import it under another name"};
    }
    return {};
}

Result<ModelRecord> stored(Workspace& workspace, const std::string& path, const WorkerResult& result,
                           const std::string& person)
{
    const Result<std::string> hash = sha256OfFile(result.outPath);
    if (!hash)
        return hash.error();
    if (const auto isNew = checkNew(workspace, path, *hash, result.card->name); !isNew)
        return isNew.error();
    const Result<std::string> source = sha256OfFile(path);
    if (!source)
        return source.error();
    const Result<StoredModelFile> file = storeModelFile(workspace, result.outPath);
    if (!file)
        return file.error();
    ModelRecord model;
    model.name = result.card->name;
    model.file = file->relativePath;
    model.hash = file->hash;
    model.card = *result.card;
    model.timeMs = nowMs();
    Result<ModelRecord> added = workspace.addModel(model);
    if (!added)
        return added;
    DecisionRecord decision;
    decision.kind = "import-model";
    decision.who = person;
    decision.model = added->id;
    decision.detailsJson = Json{{"file", fs::path(path).filename().string()}, {"sha256", *source}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
    decision.timeMs = model.timeMs;
    if (const auto kept = workspace.addDecision(decision); !kept)
        return kept.error();
    return added;
}

} // namespace

Result<ModelRecord> importModelFile(Workbench& workbench, const ModelImportFiles& files, std::stop_token stop,
                                    const JobReport& report)
{
    const std::string& path = files.model;
    Workspace& workspace = workbench.workspace();
    if (const auto writable = requireWritable(workspace); !writable)
        return writable.error();
    Result<std::string> card = givenCard(files);
    if (!card)
        return card.error();
    reportStage(report, "loading", 0);
    std::error_code failure;
    fs::create_directories(workspace.folder() + "/runs", failure);
    const QTemporaryDir folder(QString::fromStdString(workspace.folder() + "/runs/import-XXXXXX"));
    if (!folder.isValid())
        return Error{ErrorCode::IoFailure, workspace.folder() + "/runs", folder.errorString().toStdString()};
    ImportModelJob job;
    job.path = fs::absolute(path, failure).string();
    job.cardJson = *std::move(card);
    job.outPath = folder.filePath(QStringLiteral("model.pt")).toStdString();
    const auto result = runWorkerJob(workbench.programs().worker, job, folder.path().toStdString(), path, {}, stop);
    if (!result)
        return result.error();
    if (!result->card)
        return Error{ErrorCode::WorkerFailed, path, "the worker returned a model without its card"};
    auto model = stored(workspace, path, *result, files.person);
    reportStage(report, "loading", 1);
    return model;
}

Result<void> exportModelFile(Workbench& workbench, ModelId id, const std::string& outPath, std::stop_token stop,
                             const JobReport& report)
{
    const Result<ModelRecord> model = workbench.workspace().model(id);
    if (!model)
        return model.error();
    const Result<std::string> source = verifiedModelPath(workbench.workspace(), *model);
    if (!source)
        return source.error();
    Result<AtomicFile> target = AtomicFile::create(outPath);
    if (!target)
        return target.error();
    std::error_code failure;
    const auto size = static_cast<double>(std::max<std::uintmax_t>(1, fs::file_size(*source, failure)));
    std::ifstream in(*source, std::ios::binary);
    std::vector<char> part(copiedAtOnce);
    double copied = 0;
    while (in) {
        if (stop.stop_requested())
            return cancelledError();
        in.read(part.data(), static_cast<std::streamsize>(part.size()));
        const auto count = static_cast<std::size_t>(in.gcount());
        if (const auto written = target->write(std::as_bytes(std::span(part).first(count))); !written)
            return written.error();
        reportStage(report, "exporting", (copied += static_cast<double>(count)) / size);
    }
    if (const auto committed = target->commit(); !committed)
        return committed.error();
    const Result<std::string> hash = sha256OfFile(outPath);
    if (!hash)
        return hash.error();
    if (*hash != model->hash)
        return Error{ErrorCode::HashMismatch, outPath, "the copy is not the model"};
    return {};
}

} // namespace annotomy
