#include "core/learn/plateau_fit.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <random>

namespace annotomy {

namespace {

constexpr int fewestPoints = 4;
constexpr double parameters = 3;
constexpr std::size_t resamples = 400;
constexpr std::size_t gridSteps = 120;
constexpr int refinements = 60;
constexpr double tail = 0.025;

std::vector<double> distinctCases(std::span<const LearningPoint> points)
{
    std::vector<double> cases;
    for (const LearningPoint& point : points)
        cases.push_back(point.cases);
    std::sort(cases.begin(), cases.end());
    cases.erase(std::unique(cases.begin(), cases.end()), cases.end());
    return cases;
}

// exp(-n / scale) of every point.
struct Decay {
    double scale = 1;
    std::vector<double> values;
    double mean = 0, spread = 0; // spread: sum of squares around the mean
};

Decay decayOf(std::span<const LearningPoint> points, double scale)
{
    Decay decay{scale, {}, 0, 0};
    for (const LearningPoint& point : points)
        decay.values.push_back(std::exp(-point.cases / scale));
    for (const double value : decay.values)
        decay.mean += value / static_cast<double>(points.size());
    for (const double value : decay.values)
        decay.spread += (value - decay.mean) * (value - decay.mean);
    return decay;
}

struct ScaledFit {
    PlateauCurve curve;
    double squares = 0; // of the residuals
};

// The best plateau and gap for one scale. The problem is convex: where the free solution leaves its bounds, the best one lies
// on the bound that was crossed.
ScaledFit solvedFor(const Decay& decay, std::span<const double> dice)
{
    const auto count = static_cast<double>(dice.size());
    double mean = 0, products = 0;
    for (const double value : dice)
        mean += value / count;
    for (std::size_t n = 0; n < dice.size(); ++n)
        products += (decay.values[n] - decay.mean) * (dice[n] - mean);
    ScaledFit fit{{mean, 0, decay.scale}, 0};
    if (decay.spread > 0 && products < 0) {
        fit.curve.gap = -products / decay.spread;
        fit.curve.plateau = mean + fit.curve.gap * decay.mean;
    }
    if (fit.curve.plateau > 1) {
        double above = 0, below = 0;
        for (std::size_t n = 0; n < dice.size(); ++n) {
            above += decay.values[n] * (1 - dice[n]);
            below += decay.values[n] * decay.values[n];
        }
        fit.curve.plateau = 1;
        fit.curve.gap = below > 0 ? above / below : 0;
    }
    for (std::size_t n = 0; n < dice.size(); ++n) {
        const double residual = dice[n] - (fit.curve.plateau - fit.curve.gap * decay.values[n]);
        fit.squares += residual * residual;
    }
    return fit;
}

class ScaleGrid {
public:
    explicit ScaleGrid(std::span<const LearningPoint> points) : m_points(points)
    {
        const std::vector<double> cases = distinctCases(points);
        double step = cases.back() - cases.front();
        for (std::size_t n = 1; n < cases.size(); ++n)
            step = std::min(step, cases[n] - cases[n - 1]);
        const double least = std::max(step / 4, cases.front() / 20); // below, exp(-n / scale) is lost
        m_logLeast = std::log(least);
        m_logStep = (std::log(10 * cases.back()) - m_logLeast) / static_cast<double>(gridSteps - 1);
        for (std::size_t n = 0; n < gridSteps; ++n)
            m_decays.push_back(decayOf(points, std::exp(m_logLeast + m_logStep * static_cast<double>(n))));
    }

    std::size_t best(std::span<const double> dice) const
    {
        std::size_t place = 0;
        double least = solvedFor(m_decays.front(), dice).squares;
        for (std::size_t n = 1; n < m_decays.size(); ++n) {
            const double squares = solvedFor(m_decays[n], dice).squares;
            if (squares < least) {
                least = squares;
                place = n;
            }
        }
        return place;
    }

    ScaledFit fit(std::span<const double> dice) const { return solvedFor(m_decays[best(dice)], dice); }

    // By golden section between the neighbours of the best scale.
    ScaledFit refinedFit(std::span<const double> dice) const
    {
        const std::size_t place = best(dice);
        const auto at = [&](double log) { return solvedFor(decayOf(m_points, std::exp(log)), dice); };
        constexpr double ratio = 0.6180339887498949;
        double low = m_logLeast + m_logStep * static_cast<double>(place == 0 ? 0 : place - 1);
        double high = m_logLeast + m_logStep * static_cast<double>(std::min(place + 1, gridSteps - 1));
        for (int n = 0; n < refinements; ++n) {
            const double width = ratio * (high - low);
            if (at(high - width).squares <= at(low + width).squares)
                high = low + width;
            else
                low = high - width;
        }
        const ScaledFit refined = at((low + high) / 2), coarse = solvedFor(m_decays[place], dice);
        return refined.squares < coarse.squares ? refined : coarse;
    }

private:
    std::span<const LearningPoint> m_points;
    double m_logLeast = 0, m_logStep = 0;
    std::vector<Decay> m_decays;
};

// By how much wider than a normal distribution's the 95 % of Student's t are; few points leave few degrees of freedom.
double studentFactor(double freedom)
{
    constexpr double normal = 1.95996;
    constexpr std::array<double, 6> few{12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469};
    if (freedom <= static_cast<double>(few.size()))
        return few.at(static_cast<std::size_t>(freedom) - 1) / normal;
    return 1 + (normal * normal + 1) / (4 * freedom);
}

std::vector<PlateauCurve> resampledCurves(std::span<const LearningPoint> points, const ScaleGrid& grid,
                                          const PlateauCurve& curve)
{
    const auto count = static_cast<double>(points.size());
    const double freedom = count - parameters;
    const double scale = std::sqrt(count / freedom) * studentFactor(freedom);
    std::vector<double> residuals;
    for (const LearningPoint& point : points)
        residuals.push_back(scale * (point.dice - curve.at(point.cases)));
    std::mt19937_64 generator(20211);
    std::vector<PlateauCurve> curves;
    std::vector<double> dice(points.size());
    for (std::size_t n = 0; n < resamples; ++n) {
        for (std::size_t i = 0; i < points.size(); ++i)
            dice[i] = std::clamp(curve.at(points[i].cases) + residuals[generator() % points.size()], 0.0, 1.0);
        curves.push_back(grid.fit(dice).curve);
    }
    return curves;
}

DiceForecast forecastOf(double dice, std::vector<double> resampled)
{
    if (resampled.empty())
        return {dice, dice, dice};
    std::sort(resampled.begin(), resampled.end());
    const auto last = static_cast<double>(resampled.size() - 1);
    const auto at = [&](double share) { return resampled[static_cast<std::size_t>(std::lround(share * last))]; };
    return {dice, std::min(dice, at(tail)), std::max(dice, at(1 - tail))};
}

// From so many cases to the plateau.
double gainFrom(const PlateauCurve& curve, double cases)
{
    return curve.plateau - curve.at(cases);
}

} // namespace

double PlateauCurve::at(double cases) const
{
    return plateau - gap * std::exp(-cases / scale);
}

DiceForecast PlateauFit::at(double cases) const
{
    std::vector<double> values;
    for (const PlateauCurve& other : resampled)
        values.push_back(other.at(cases));
    return forecastOf(curve.at(cases), std::move(values));
}

DiceForecast PlateauFit::plateau() const
{
    std::vector<double> values;
    for (const PlateauCurve& other : resampled)
        values.push_back(other.plateau);
    return forecastOf(curve.plateau, std::move(values));
}

int missingPoints(std::span<const LearningPoint> points)
{
    return std::max(0, fewestPoints - static_cast<int>(distinctCases(points).size()));
}

std::optional<PlateauFit> fitPlateau(std::span<const LearningPoint> points)
{
    if (missingPoints(points) > 0)
        return std::nullopt;
    std::vector<double> dice;
    PlateauFit fit;
    for (const LearningPoint& point : points) {
        assert(point.cases > 0 && point.dice >= 0 && point.dice <= 1);
        dice.push_back(point.dice);
        fit.mostCases = std::max(fit.mostCases, point.cases);
    }
    const ScaleGrid grid(points);
    const ScaledFit best = grid.refinedFit(dice);
    fit.curve = best.curve;
    fit.residual = std::sqrt(best.squares / (static_cast<double>(points.size()) - parameters));
    fit.resampled = resampledCurves(points, grid, fit.curve);
    return fit;
}

StopAdvice stopAdvice(const PlateauFit& fit)
{
    StopAdvice advice;
    std::vector<double> gains;
    for (const PlateauCurve& other : fit.resampled)
        gains.push_back(gainFrom(other, fit.mostCases));
    const DiceForecast gain = forecastOf(gainFrom(fit.curve, fit.mostCases), std::move(gains));
    advice.possibleGain = gain.dice;
    advice.highestGain = gain.high;
    advice.helps = advice.possibleGain > worthwhileGain;
    if (advice.helps) {
        const double more = -fit.curve.scale * std::log(1 - worthwhileGain / advice.possibleGain);
        advice.moreCases = std::max(1, static_cast<int>(std::ceil(more - 1e-6)));
    }
    return advice;
}

} // namespace annotomy
