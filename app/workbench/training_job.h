#pragma once

#include "app/workbench/approved_masks.h"
#include "app/workbench/workbench.h"

#include <functional>

namespace annotomy {

// Everything a training run starts from: the worker's request with its files written, and where they lie.
struct PreparedRun {
    TrainJob job;
    std::string folder; // relative to the workspace
    std::vector<CaseId> cases; // trained on, replay included
};

using ImageProvider = std::function<Result<std::string>(CaseId)>; // path of the decoded image, .avol

// The classes to learn: a parent's own, then segments with voxels in any of the masks, one per name. A foreign parent's are its
// own alone; Conflict when no mask has a segment of one of their names.
Result<std::vector<ModelClass>> classesToLearn(Workspace& workspace, const std::vector<ApprovedMask>& masks,
                                               const ModelCard* parent);

// Writes a mask under the classes' numbers as the worker reads it, and names the case without patient data.
// Segments that are no class are left out.
Result<TrainingCase> writeTrainingCase(Workspace& workspace, const ApprovedMask& mask,
                                       const std::vector<ModelClass>& classes, const std::string& folder,
                                       const ImageProvider& imagePath);

// The recipe that the options ask for. Errors: InvalidArgument for an unknown name or a budget out of range.
Result<Recipe> chosenRecipe(const TrainOptions& options, bool hasParent);

// Takes the cases of one fold (1 to `folds`) out of `masks`; a patient's stay together. Errors: Conflict when either part
// would be empty.
Result<std::vector<ApprovedMask>> heldOutFold(std::vector<ApprovedMask>& masks, int fold, int folds);

// `planned`: the recipe to take instead of chosenRecipe(); may be null. Errors: Conflict when no case of the training pool
// is approved.
Result<PreparedRun> prepareRun(Workspace& workspace, const TrainOptions& options, const Recipe* planned,
                               const ModelRecord* parent, const ImageProvider& imagePath, std::stop_token stop,
                               const JobReport& report);

// The stored request of a run, with its paths in the workspace as it lies now.
Result<PreparedRun> resumedRun(Workspace& workspace, const RunRecord& run, const ImageProvider& imagePath);

} // namespace annotomy
