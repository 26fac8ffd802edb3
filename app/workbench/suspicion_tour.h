#pragma once

#include "app/workbench/explanation.h"
#include "core/learn/suspicion.h"

namespace annotomy {

// Where a reader should look twice, and the map that says so.
struct SuspicionTour {
    Uncertainty uncertainty;
    std::vector<SuspiciousRegion> regions; // by rank
};

// The suspicious regions of `labels`, a mask of the case, by what a model, or an ensemble, is unsure of and by the sizes of the
// same segments in other approved cases (of training and validation pool, the newest hundred). Nothing is kept in the workspace.
// Errors: those of uncertaintyOf() and suspiciousRegions().
Result<SuspicionTour> suspicionTour(Workbench& workbench, CaseId id, const LabelMap& labels, const ProposeOptions& options,
                                    std::stop_token stop = {}, const JobReport& report = {});

} // namespace annotomy
