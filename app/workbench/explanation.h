#pragma once

#include "app/workbench/workbench.h"

namespace annotomy {

struct ExplainOptions {
    ModelId model;                   // 0: the current one
    std::string segment;             // a class of the model, by name
    std::string method = "grad-cam"; // or "occlusion"; see docs/learning.md
    std::string device = "auto";
};

struct Explanation {
    ModelId model;
    std::string modelName;
    Volume map; // 0 to 1, float32 on the case's own grid: where in the image the model sees the segment
};

// Where in a case's image a model sees what it calls a segment. Nothing is kept in the workspace. Errors: NotFound for a class
// that the model does not know; Conflict where it finds none in this image; Unsupported for Grad-CAM of a foreign network;
// those of chosenModels() and Workbench::image().
Result<Explanation> explainSegment(Workbench& workbench, CaseId id, const ExplainOptions& options,
                                   std::stop_token stop = {}, const JobReport& report = {});

struct Uncertainty {
    ModelId model;
    std::string modelName;
    double mostNats = 0; // the largest entropy that so many classes can have: where all are equally likely
    Volume entropy;     // of the classes, nats; float32 on the case's own grid
    Volume probability; // that a voxel is none of the background; likewise
};

// How sure a model, or an ensemble, is of a case: as a proposal with maps (options' paths do not matter), but nothing is kept in
// the workspace.
Result<Uncertainty> uncertaintyOf(Workbench& workbench, CaseId id, const ProposeOptions& options,
                                  std::stop_token stop = {}, const JobReport& report = {});

} // namespace annotomy
