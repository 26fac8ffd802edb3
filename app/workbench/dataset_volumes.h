#pragma once

#include "app/workbench/dataset_cases.h"
#include "app/workbench/dataset_folder.h"
#include "app/workbench/reader_client.h"

#include <functional>

namespace annotomy {

using SeriesImages = std::function<Result<Volume>(const SeriesEntry&)>; // decoded, from the workspace's cache

// What the layouts' writers share.
struct DatasetJob {
    Workspace& workspace;
    ReaderClient& reader;
    const DatasetExportOptions& options;
    ExportCases& all;
    DatasetFolder& folder;
    const SeriesImages& images;
    std::stop_token stop;
};

// Writes one case's images and mask as NIfTI by the rules of nnU-Net, MSD or BIDS and reads the mask back. Returns the files,
// relative to the folder. Errors: HashMismatch when what was read is not what was approved; those of writing.
Result<std::vector<std::string>> writeVolumes(DatasetJob& job, ExportCase& one);

// The files that describe the whole.
Result<std::vector<std::string>> writeDescription(DatasetJob& job);

// BIDS's word for what an MR image shows ("T1w", "FLAIR"), from a description; empty when it does not tell.
std::string bidsSuffixOf(const std::string& description);

// Every case's slices as PNG with COCO's annotations, read back and compared. Returns the files of each case, and last the
// annotations.
Result<std::vector<std::vector<std::string>>> writeCoco(DatasetJob& job, const std::function<void(double)>& progress);

} // namespace annotomy
