#pragma once

#include "app/workbench/dataset_volumes.h"
#include "app/workbench/workbench.h"

namespace annotomy {

// What exporting a data set does, beside the workbench that is told to.
//
// The newest approved revision of every case, in the parts that the pools give, under one set of labels. Everything is built
// in "<folder>.part", each mask is read back and compared with what was approved, and only then the folder takes its name;
// manifest.json in it names case, revision and SHA-256 of every file. Names of patients are not written: cases are called
// "case_0001" by their number (BIDS: "sub-0001" by the first case of the patient).
Result<DatasetExportReport> exportedDataset(Workspace& workspace, ReaderClient& reader, const std::string& outFolder,
                                            const DatasetExportOptions& options, const SeriesImages& images,
                                            std::stop_token stop, const JobReport& report);

} // namespace annotomy
