#pragma once

#include "app/workbench/reader_client.h"
#include "app/workbench/workbench.h"

namespace annotomy {

// What importing a data set does, beside the workbench that is told to.
//
// Every case of the data set becomes a case: its first image, the others as channels, its mask as a revision under the data
// set's names. The patient's key is "<data set>/<patient>", so that two data sets that number their cases alike do not meet.
// A part that the data set names (test, or the first fold's training and validation) is reserved for the patient: it takes
// effect at the approval. What could not be used is listed; one bad file stops nothing.
Result<DatasetImportReport> importedDataset(Workbench& workbench, ReaderClient& reader, const std::string& folder,
                                            const DatasetImportOptions& options, std::stop_token stop,
                                            const JobReport& report);

} // namespace annotomy
