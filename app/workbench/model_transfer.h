#pragma once

#include "app/workbench/workbench.h"

namespace annotomy {

// What is said of a model that is imported, beside its file. The texts are JSON, or empty.
struct ModelImportOptions {
    std::string name;         // in the workspace; empty: the card's, else the file's
    std::string card;         // members of a card (docs/file-formats.md), which prevail over the file's own
    std::string architecture; // of weights alone: their network, as in brainchop's model.json
    std::string labels;       // the classes, as in brainchop's colormap.json
    std::string person;       // who imports it
};

// Makes a model of the workspace of a TorchScript file, a MONAI bundle's or not, or of weights. The file is only ever parsed in a
// worker process; the model becomes a candidate: which one is in use does not change. Errors: what is wrong with file or card;
// Duplicate when the same model is there already; Conflict when its name is; ReadOnly, Cancelled, WorkerDied.
Result<ModelRecord> importModelFile(Workbench& workbench, const std::string& path, const ModelImportOptions& options,
                                    std::stop_token stop = {}, const JobReport& report = {});

// Copies a model's file, once its hash has been verified, and verifies the copy. Errors: NotFound, HashMismatch, those of writing.
Result<void> exportModelFile(Workbench& workbench, ModelId model, const std::string& outPath, std::stop_token stop = {},
                             const JobReport& report = {});

} // namespace annotomy
