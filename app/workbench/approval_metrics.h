#pragma once

#include "storage/workspace.h"

#include <stop_token>

namespace annotomy {

// Measures an approved revision and stores the figures: the newest proposal against it (purpose "proposal"), and it
// against the newest imported mask where that is another one (purpose "reference").
Result<void> storeApprovalMetrics(Workspace& workspace, CaseId id, RevisionId approved, std::stop_token stop = {});

} // namespace annotomy
