#pragma once

#include "app/workbench/workbench.h"

#include <span>
#include <stop_token>

namespace annotomy {

// What a case's first approved mask was made from.
enum class CorrectionStart {
    Nothing,   // drawn in Annotomy, without a model
    Proposal,  // a model's proposal that was taken over
    Elsewhere, // a mask that was attached, or of which no stroke is recorded: tells nothing of the work
};

// What a case cost, from its start to its first sign-off.
struct CorrectionCost {
    CaseId id;
    RevisionId approved;
    std::int64_t approvedMs = 0;
    CorrectionStart start = CorrectionStart::Elsewhere;
    RevisionId proposal; // that was taken over, and its model
    ModelId model;
    std::string modelName;
    int strokes = 0;    // edits of tools that were not undone
    double seconds = 0; // of work: see correctionWork()
    std::optional<std::int64_t> changedVoxels; // from the proposal, or from nothing, to the approved mask; not of Elsewhere
    std::optional<double> proposalDice; // the proposal against the approved mask, mean over segments; as stored at approval
};

// The part of a cost that the journal tells.
struct CorrectionWork {
    std::int64_t acceptedAt = 0; // sequence of the edit that took a proposal over; 0: none did
    bool attached = false;       // a mask from outside was taken over
    int strokes = 0;
    double seconds = 0;
};
inline constexpr double longestPauseSeconds = 60;

// Of the steps up to `position`, those that were undone not counted; with an accepted proposal, of those after it. Strokes are
// edits by any tool but "proposal", "attach" and "segment" (the table). Seconds are the sum of the gaps between consecutive
// steps, undone ones included, and to the sign-off; each gap counts for 60 s at most, since nobody knows what was done meanwhile.
CorrectionWork correctionWork(std::span<const JournalStep> steps, std::int64_t position, std::int64_t approvedMs);

// Of all cases that were ever approved, by number. Reads journals and masks: reports progress ("counting"), can be stopped.
Result<std::vector<CorrectionCost>> correctionCosts(Workspace& workspace, std::stop_token stop = {},
                                                    const JobReport& report = {});

// The cases that one model proposed on, or that were done without one (model 0): the baseline.
struct CorrectionSummary {
    ModelId model;
    std::string modelName;
    int cases = 0;
    double strokes = 0, seconds = 0, changedVoxels = 0; // medians
    std::optional<double> proposalDice;                 // median
};
// The baseline first, then by model; CorrectionStart::Elsewhere is left out.
std::vector<CorrectionSummary> costsByModel(const std::vector<CorrectionCost>& costs);

} // namespace annotomy
