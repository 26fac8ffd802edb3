#pragma once

#include "app/workbench/workbench.h"
#include "core/datasets/dataset_description.h"

namespace annotomy {

// A case of a data set to be written: its newest approved revision and its images.
struct ExportCase {
    CaseRecord record;
    RevisionRecord revision;
    std::vector<SeriesEntry> images;   // the primary one first, the others in the order of the data set's channels
    std::vector<std::string> channels; // their names
    std::string name;                  // in the data set
    Split split = Split::None;
};

struct ExportCases {
    std::vector<ExportCase> cases; // by number
    DatasetDescription description;
    LabelUnion labels;
    std::vector<std::string> notes;
};

// What is to be exported, checked as far as can be without opening an image. `needsSameChannels`: every case has the same
// channels; else each has what it has. Errors: Conflict when nothing is approved, channels differ or segments overlap in a
// layout that cannot hold that (unless flattened); InvalidArgument for a case that is not approved or mixed modalities.
Result<ExportCases> casesToExport(Workspace& workspace, const DatasetExportOptions& options, bool needsSameChannels,
                                  bool holdsOverlaps, std::stop_token stop);

} // namespace annotomy
