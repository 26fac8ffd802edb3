#pragma once

#include "core/learn/worker_messages.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// By what the next cases are chosen (field names and judgement: Lüth et al., nnActive, TMLR 2025).
enum class RankingStrategy {
    ClaspPe,          // class-stratified power noising of the entropy (ClaSP PE, TMLR 2026): see rankedCases()
    Random,           // each case is as likely as any other
    ForegroundRandom, // in 66 % of the draws a class, then a voxel that the model takes for it; else Random
    Entropy,          // largest mean entropy of the predicted foreground
    Margin,           // least distance between the two likeliest classes, there
    Disagreement,     // of the models of an ensemble, or between mirror images
    Diversity,        // k-centre: the image least like those approved and chosen (Sener and Savarese, ICLR 2018)
};
// "clasp-pe", "random", "foreground-random", "entropy", "margin", "disagreement", "diversity", by value.
const std::vector<std::string>& rankingStrategyNames();

// What stands for the strategy of a case from the random share.
inline constexpr const char* controlChoice = "control";

struct RankingRules {
    RankingStrategy strategy = RankingStrategy::ClaspPe;
    int count = 10;           // cases wanted; fewer when there are no more
    double randomShare = 0.1; // of them, drawn from all candidates alike and put at random places: what is measured on them is
                              // not biased by the strategy. Where the share is no whole number, chance decides on one more
    int round = 0;            // of choosing: how many models have been asked before this one
    std::uint64_t seed = 1;   // of everything random: equal rules and scores give equal choices
};

struct RankedCase {
    std::string key;
    std::string chosenBy;   // the strategy's name, or controlChoice
    std::string className;  // of the stratum; empty without one
    double score = 0;       // what the strategy went by, without noise: nats, a fraction of 1, ml of a class, a distance; of
                            // chance 0
    std::string reason;     // English, without a full stop
    bool operator==(const RankedCase&) const = default;
};

// How much the log of a score counts against its noise in ClaSP PE: 1 in round 0, rising exponentially to 100 in round 9.
double rankingSharpness(int round);

// Chooses among `candidates`, best first. `approved` are the cases that are known already (Diversity alone looks at them). Keys
// must differ. ClaSP PE: 66 % of the places go to the classes in turn, each to the case with the largest
// log(s) + Gumbel(0, 1 / sharpness) of those in which the class is predicted, s its mean entropy there; the other places to the
// largest of the same for the whole foreground. Where nothing is predicted, s is the entropy of the likeliest class's
// probability: a case in which a model misses everything does not count as sure.
std::vector<RankedCase> rankedCases(std::span<const CaseScores> candidates, std::span<const CaseScores> approved,
                                    const RankingRules& rules);

} // namespace annotomy
