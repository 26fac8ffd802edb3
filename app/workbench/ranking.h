#pragma once

#include "app/workbench/workbench.h"
#include "core/learn/case_ranking.h"

namespace annotomy {

struct RankOptions {
    std::optional<RankingStrategy> strategy; // unset: ClaspPe where there is a model, else Random
    int count = 10;
    double randomShare = 0.1; // see RankingRules
    int candidates = 0;       // at most so many cases are looked at, drawn at random; 0: all
    std::optional<std::uint64_t> seed; // unset: the query's number
    std::vector<ModelId> models;       // several: an ensemble; none: the current one (for Disagreement with up to two of the
                                       // newest others of its classes). Random needs none
    InferenceOptions inference;
    std::string device = "auto";
    std::string userName; // for whom; recorded
};

struct ServedCase {
    CaseId id;
    RankedCase choice;
};

struct CaseRanking {
    std::vector<ServedCase> cases; // best first
    RankingStrategy strategy = RankingStrategy::ClaspPe;
    ModelId model; // 0: none was asked
    std::uint64_t seed = 0;
    int query = 0; // number of this one in the workspace, from 1
    int round = 0; // models that were asked in earlier queries, this one aside
    int candidates = 0;
    std::vector<std::string> notes; // English sentences on what was left out
};

// The cases that had best be corrected next, of those that are not approved and would teach: patients of the validation and the
// test pool are left out, and so is what is not CT under a model that is normalised for CT. Each case served is recorded as a
// decision "serve-case" (docs/file-formats.md), in their order. Nothing is recorded of a query that fails or is cancelled.
// Errors: ReadOnly; Conflict when no case is left, when there is no model but the strategy needs one, and for Disagreement where
// there is one model alone and no mirroring; those of the worker.
Result<CaseRanking> rankCases(Workbench& workbench, const RankOptions& options, std::stop_token stop = {},
                              const JobReport& report = {});

// What is left to serve of the newest query: its next case that is not approved, behind `after` where that is one of its cases.
// nullopt when it is time to rank anew: nothing is left, another model is current since, or another strategy is wanted.
Result<std::optional<ServedCase>> nextServed(Workspace& workspace, CaseId after, std::optional<RankingStrategy> strategy);

// Why the case was served last, in English; empty when it never was.
Result<std::string> servedReason(Workspace& workspace, CaseId id);

} // namespace annotomy
