#include "app/workbench/model_files.h"

#include "core/io/bytes/atomic_file.h"
#include "storage/file_system.h"

#include <cerrno>
#include <filesystem>

namespace annotomy {

namespace fs = std::filesystem;

Result<StoredModelFile> storeModelFile(const Workspace& workspace, const std::string& path)
{
    const Result<std::string> hash = sha256OfFile(path);
    if (!hash)
        return hash.error();
    const std::string relative = "models/" + *hash + ".pt";
    const fs::path target = fs::path(workspace.folder()) / relative;
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    if (!error)
        fs::rename(path, target, error);
    if (error)
        return systemError(error.value(), target.string());
    // On the disk before the database speaks of it.
    for (const fs::path& part : {target, target.parent_path()})
        if (const auto synced = syncToDisk(part.string()); !synced)
            return synced.error();
    return StoredModelFile{relative, *hash};
}

Result<std::string> verifiedModelPath(const Workspace& workspace, const ModelRecord& model)
{
    const std::string path = (fs::path(workspace.folder()) / model.file).string();
    const Result<std::string> hash = sha256OfFile(path);
    if (!hash)
        return hash.error();
    if (*hash != model.hash)
        return Error{ErrorCode::HashMismatch, path, "the file of " + model.name + " is not the one that was stored"};
    return path;
}

namespace {

Result<ModelRecord> modelInUse(Workspace& workspace)
{
    Result<std::optional<ModelRecord>> current = workspace.currentModel();
    if (!current)
        return current.error();
    if (!*current)
        return Error{ErrorCode::Conflict, "A proposal", "there is no model yet; approve some cases and train one"};
    return **current;
}

} // namespace

Result<std::vector<ChosenModel>> chosenModels(Workspace& workspace, const std::vector<ModelId>& ids)
{
    std::vector<ChosenModel> models;
    for (const ModelId id : ids.empty() ? std::vector<ModelId>{{}} : ids) {
        Result<ModelRecord> record = id ? workspace.model(id) : modelInUse(workspace);
        if (!record)
            return record.error();
        Result<std::string> path = verifiedModelPath(workspace, *record);
        if (!path)
            return path.error();
        models.push_back({*std::move(record), *std::move(path)});
    }
    return models;
}

} // namespace annotomy
