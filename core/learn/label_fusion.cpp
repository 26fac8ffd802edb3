#include "core/learn/label_fusion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace annotomy {

namespace {

constexpr double settled = 1e-6;
constexpr int mostRounds = 100;

using Combination = std::vector<std::uint8_t>; // one label per rater

bool isUnanimous(std::span<const RaterLabels> raters, std::size_t voxel)
{
    for (const RaterLabels& rater : raters)
        if (rater[voxel] != raters.front()[voxel])
            return false;
    return true;
}

Combination combinationAt(std::span<const RaterLabels> raters, std::size_t voxel)
{
    Combination labels;
    labels.reserve(raters.size());
    for (const RaterLabels& rater : raters)
        labels.push_back(rater[voxel]);
    return labels;
}

std::map<Combination, double> countedCombinations(std::span<const RaterLabels> raters)
{
    std::array<double, 256> unanimous{};
    std::map<Combination, double> counts;
    for (std::size_t n = 0; n < raters.front().size(); ++n) {
        if (isUnanimous(raters, n))
            ++unanimous[raters.front()[n]];
        else
            ++counts[combinationAt(raters, n)];
    }
    double others = 0;
    for (const auto& [labels, count] : counts)
        others += count;
    for (std::size_t label = 1; label < unanimous.size(); ++label)
        others += unanimous[label];
    unanimous[0] = std::min(unanimous[0], others);
    for (std::size_t label = 0; label < unanimous.size(); ++label)
        if (unanimous[label] > 0)
            counts[Combination(raters.size(), static_cast<std::uint8_t>(label))] = unanimous[label];
    return counts;
}

// The two halves of a round. m_performance[rater][found][truth] is the probability that a rater says `found` of `truth`.
class Estimation {
public:
    Estimation(const std::map<Combination, double>& counts, std::size_t raters, int classes)
        : m_counts(counts), m_classes(static_cast<std::size_t>(classes)),
          m_performance(raters, Table(m_classes, std::vector<double>(m_classes)))
    {
        for (Table& table : m_performance)
            for (std::size_t found = 0; found < m_classes; ++found)
                for (std::size_t truth = 0; truth < m_classes; ++truth)
                    table[found][truth] = found == truth ? 0.99 : 0.01 / std::max(1.0, double(m_classes) - 1);
        m_prior = priorOf();
    }

    std::vector<double> posterior(const Combination& labels) const
    {
        std::vector<double> weights(m_prior);
        double sum = 0;
        for (std::size_t truth = 0; truth < m_classes; ++truth) {
            for (std::size_t r = 0; r < labels.size(); ++r)
                weights[truth] *= m_performance[r][labels[r]][truth];
            sum += weights[truth];
        }
        for (double& weight : weights)
            weight = sum > 0 ? weight / sum : 1.0 / static_cast<double>(m_classes);
        return weights;
    }

    // The largest change of any probability.
    double improve()
    {
        std::vector<Table> next(m_performance.size(), Table(m_classes, std::vector<double>(m_classes)));
        std::vector<double> totals(m_classes);
        for (const auto& [labels, count] : m_counts) {
            const std::vector<double> weights = posterior(labels);
            for (std::size_t truth = 0; truth < m_classes; ++truth) {
                totals[truth] += count * weights[truth];
                for (std::size_t r = 0; r < labels.size(); ++r)
                    next[r][labels[r]][truth] += count * weights[truth];
            }
        }
        double change = 0;
        for (std::size_t r = 0; r < next.size(); ++r)
            for (std::size_t found = 0; found < m_classes; ++found)
                for (std::size_t truth = 0; truth < m_classes; ++truth) {
                    double& value = next[r][found][truth];
                    value = totals[truth] > 0 ? value / totals[truth] : m_performance[r][found][truth];
                    change = std::max(change, std::abs(value - m_performance[r][found][truth]));
                }
        m_performance = std::move(next);
        return change;
    }

    double reliability(std::size_t rater, std::size_t label) const { return m_performance[rater][label][label]; }

private:
    using Table = std::vector<std::vector<double>>;

    // How often the raters give each label.
    std::vector<double> priorOf() const
    {
        std::vector<double> prior(m_classes);
        double total = 0;
        for (const auto& [labels, count] : m_counts)
            for (const std::uint8_t label : labels) {
                prior[label] += count;
                total += count;
            }
        for (double& share : prior)
            share /= total;
        return prior;
    }

    const std::map<Combination, double>& m_counts;
    std::size_t m_classes;
    std::vector<Table> m_performance;
    std::vector<double> m_prior;
};

} // namespace

std::vector<std::uint8_t> majorityVote(std::span<const RaterLabels> raters, RaterLabels decider)
{
    std::vector<std::uint8_t> fused(raters.front().begin(), raters.front().end());
    for (std::size_t n = 0; n < fused.size(); ++n) {
        if (isUnanimous(raters, n))
            continue;
        std::array<int, 256> votes{};
        for (const RaterLabels& rater : raters)
            ++votes[rater[n]];
        const auto most = std::max_element(votes.begin(), votes.end());
        const bool decided = votes[decider[n]] < *most;
        fused[n] = decided ? static_cast<std::uint8_t>(most - votes.begin()) : decider[n];
    }
    return fused;
}

StapleResult staple(std::span<const RaterLabels> raters, int classes)
{
    const std::map<Combination, double> counts = countedCombinations(raters);
    Estimation estimation(counts, raters.size(), classes);
    StapleResult result;
    while (!counts.empty() && result.iterations++ < mostRounds)
        if (estimation.improve() <= settled)
            break;
    std::map<Combination, std::uint8_t> decisions;
    for (const auto& [labels, count] : counts) {
        const std::vector<double> weights = estimation.posterior(labels);
        decisions[labels] =
            static_cast<std::uint8_t>(std::max_element(weights.begin(), weights.end()) - weights.begin());
    }
    result.labels.assign(raters.front().begin(), raters.front().end());
    for (std::size_t n = 0; n < result.labels.size(); ++n)
        if (!isUnanimous(raters, n))
            result.labels[n] = decisions.at(combinationAt(raters, n));
    for (std::size_t r = 0; r < raters.size(); ++r) {
        std::vector<double>& row = result.reliability.emplace_back();
        for (int c = 0; c < classes; ++c)
            row.push_back(estimation.reliability(r, static_cast<std::size_t>(c)));
    }
    return result;
}

} // namespace annotomy
