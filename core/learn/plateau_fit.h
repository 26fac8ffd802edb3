#pragma once

#include <optional>
#include <span>
#include <vector>

namespace annotomy {

// What a model reached that was trained on so many cases.
struct LearningPoint {
    double cases = 0; // of the training; above 0
    double dice = 0;  // mean over classes on the validation pool, 0 to 1
    bool operator==(const LearningPoint&) const = default;
};

// d(n) = plateau - gap exp(-n / scale): what is still missing shrinks by the same share with each case.
struct PlateauCurve {
    double plateau = 0; // 0 to 1
    double gap = 0;     // 0 or more
    double scale = 1;   // cases; above 0
    double at(double cases) const;
};

struct DiceForecast {
    double dice = 0;
    double low = 0, high = 0; // 95 % of the resampled curves
};

// The curve through a workspace's models, and what it says of cases to come.
struct PlateauFit {
    PlateauCurve curve;
    double residual = 0;                 // standard deviation of the points around the curve
    double mostCases = 0;                // of the points: forecasts beyond are extrapolation
    std::vector<PlateauCurve> resampled; // 400 of a bootstrap of the residuals
    DiceForecast at(double cases) const;
    DiceForecast plateau() const;
};

// How many different numbers of cases the fit still lacks: it asks for four, having three parameters.
int missingPoints(std::span<const LearningPoint> points);

// The exponential plateau of learning curves in medical segmentation (Gottlich et al. 2023, J Digit Imaging 36), by least
// squares with 0 <= plateau <= 1 and gap >= 0: the scale is sought on a grid, from a quarter of the smallest step between the
// points' cases to ten times the most cases, and refined at the best; plateau and gap are solved for each. Falling points give
// a flat curve. The forecasts' intervals are percentiles of a bootstrap of the residuals (Efron and Tibshirani 1993), which are
// scaled for the three parameters and, few points being few, by Student's t over the normal distribution; always resampled the
// same way. They tell of the scatter around a curve of this form, not whether the form is right. nullopt while points are
// missing. Requires finite points within their ranges.
std::optional<PlateauFit> fitPlateau(std::span<const LearningPoint> points);

// Whether more cases are worth their while.
struct StopAdvice {
    bool helps = false;      // the plateau is at least `worthwhileGain` above what is reached
    int moreCases = 0;       // beyond `mostCases` that this gain takes; 0 when they do not help
    double possibleGain = 0; // from `mostCases` to the plateau
    double highestGain = 0;  // of 97.5 % of the resampled curves: what the scatter does not rule out
};
inline constexpr double worthwhileGain = 0.005; // Dice
StopAdvice stopAdvice(const PlateauFit& fit);

} // namespace annotomy
