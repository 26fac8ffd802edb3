#pragma once

#include "storage/workspace.h"

#include <string>

namespace annotomy {

// Moves a finished model file to `models/<SHA-256>.pt` in the workspace.
struct StoredModelFile {
    std::string relativePath;
    std::string hash;
};
Result<StoredModelFile> storeModelFile(const Workspace& workspace, const std::string& path);

// The model's file, once its hash has been verified. Errors: NotFound, HashMismatch.
Result<std::string> verifiedModelPath(const Workspace& workspace, const ModelRecord& model);

// The model asked for, or the current one for 0. Errors: NotFound; Conflict when there is no current model.
Result<ModelRecord> modelOrCurrent(Workspace& workspace, ModelId id);

} // namespace annotomy
