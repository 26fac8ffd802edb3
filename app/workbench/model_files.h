#pragma once

#include "storage/workspace.h"

#include <string>
#include <vector>

namespace annotomy {

// Moves a finished model file to `models/<SHA-256>.pt` in the workspace.
struct StoredModelFile {
    std::string relativePath;
    std::string hash;
};
Result<StoredModelFile> storeModelFile(const Workspace& workspace, const std::string& path);

// The model's file, once its hash has been verified. Errors: NotFound, HashMismatch.
Result<std::string> verifiedModelPath(const Workspace& workspace, const ModelRecord& model);

struct ChosenModel {
    ModelRecord record;
    std::string path; // of its file, verified
};

// The models asked for, or the current one when none is. Errors: NotFound, HashMismatch; Conflict when there is no current
// model.
Result<std::vector<ChosenModel>> chosenModels(Workspace& workspace, const std::vector<ModelId>& ids);

} // namespace annotomy
