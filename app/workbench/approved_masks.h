#pragma once

#include "storage/workspace.h"

#include <vector>

namespace annotomy {

// A case and its newest approved revision.
struct ApprovedMask {
    CaseRecord record;
    RevisionRecord revision;
};

// All of a pool, by case number.
Result<std::vector<ApprovedMask>> approvedMasks(Workspace& workspace, Pool pool);

int patientCount(const std::vector<ApprovedMask>& masks);

} // namespace annotomy
