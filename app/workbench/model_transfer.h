#pragma once

#include "app/workbench/workbench.h"

namespace annotomy {

// A model of another program and what is said of it, in JSON files (docs/file-formats.md); all but the model may be missing.
struct ModelImportFiles {
    std::string model;        // path, as the next three
    std::string card;         // members of a card, which prevail over the model's own
    std::string architecture; // of weights alone: their network, as in brainchop's model.json
    std::string labels;       // the classes, as in brainchop's colormap.json
    std::string name;         // in the workspace; empty: the card's, else the file's
    std::string person;       // who imports it
};

// Makes a model of the workspace of a TorchScript file, a MONAI bundle's or not, or of weights. The file is only ever parsed in a
// worker process; the model becomes a candidate: which one is in use does not change. Errors: what is wrong with a file;
// Duplicate when the same model is there already; Conflict when its name is; ReadOnly, Cancelled, WorkerDied.
Result<ModelRecord> importModelFile(Workbench& workbench, const ModelImportFiles& files, std::stop_token stop = {},
                                    const JobReport& report = {});

// Copies a model's file, once its hash has been verified, and verifies the copy. Errors: NotFound, HashMismatch, those of writing.
Result<void> exportModelFile(Workbench& workbench, ModelId model, const std::string& outPath, std::stop_token stop = {},
                             const JobReport& report = {});

} // namespace annotomy
