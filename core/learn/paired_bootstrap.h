#pragma once

#include <optional>
#include <span>

namespace annotomy {

// How much better one of two models is, judged case by case.
struct PairedDifference {
    double mean = 0;
    double low = 0, high = 0; // of the mean, 95 %
    bool operator==(const PairedDifference&) const = default;
};

// The mean of first - second over the cases with its percentile bootstrap interval (Efron and Tibshirani 1993; 2000
// resamples of the cases, always the same ones). nullopt without a case. Requires equal lengths.
std::optional<PairedDifference> pairedDifference(std::span<const double> first, std::span<const double> second);

} // namespace annotomy
