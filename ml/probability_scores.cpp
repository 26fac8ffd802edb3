#include "ml/internal/probability_scores.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr double largestShare = 1e-3; // of the voxels: what ClassScore::probability is the mean of

} // namespace

ProbabilityScores::ProbabilityScores(const VolumeGeometry& grid, const ModelCard& card)
    : m_rule(card), m_classes(card.classes), m_outputs(card.classes.size() + 1), m_millilitres(grid.voxelVolumeMm3() / 1000)
{
}

void ProbabilityScores::addPlane(std::span<const float> probabilities)
{
    const std::size_t size = probabilities.size() / m_outputs.size();
    for (std::size_t n = 0; n < size; ++n) {
        float most = -1, second = -1;
        double entropy = 0;
        for (std::size_t c = 0; c < m_outputs.size(); ++c) {
            const float p = probabilities[c * size + n];
            Output& output = m_outputs[c];
            output.sum += p;
            output.squares += static_cast<double>(p) * p;
            const auto bin = static_cast<std::size_t>(std::clamp(p, 0.0F, 1.0F) * static_cast<float>(bins - 1) + 0.5F);
            ++output.counts[bin];
            if (p > 1e-9F)
                entropy -= static_cast<double>(p) * std::log(p);
            if (p > most) {
                second = most;
                most = p;
            } else {
                second = std::max(second, p);
            }
        }
        const std::size_t best = m_rule.classOf([&](std::size_t c) { return probabilities[c * size + n]; });
        ++m_outputs[best].voxels;
        m_outputs[best].entropy += entropy;
        if (best > 0)
            m_margin += 1 - static_cast<double>(most - second);
    }
    m_voxels += static_cast<double>(size);
}

double ProbabilityScores::meanOfLargest(const Output& output) const
{
    double wanted = std::max(1.0, m_voxels * largestShare), taken = 0, sum = 0;
    for (std::size_t bin = bins; bin-- > 0 && taken < wanted;) {
        const double count = std::min(output.counts[bin], wanted - taken);
        sum += count * static_cast<double>(bin) / static_cast<double>(bins - 1);
        taken += count;
    }
    return taken > 0 ? sum / taken : 0;
}

CaseScores ProbabilityScores::scores() const
{
    CaseScores result;
    double foreground = 0;
    for (const ModelClass& one : m_classes) {
        const Output& output = m_outputs[static_cast<std::size_t>(one.output)];
        const double entropy = output.voxels > 0 ? output.entropy / output.voxels : 0;
        result.classes.push_back({one.name, output.voxels * m_millilitres, entropy, meanOfLargest(output)});
        result.entropy += output.entropy;
        foreground += output.voxels;
    }
    result.entropy = foreground > 0 ? result.entropy / foreground : 0;
    result.margin = foreground > 0 ? m_margin / foreground : 0;
    return result;
}

std::vector<double> ProbabilityScores::moments() const
{
    std::vector<double> means, deviations;
    for (const Output& output : m_outputs) {
        const double mean = m_voxels > 0 ? output.sum / m_voxels : 0;
        const double square = m_voxels > 0 ? output.squares / m_voxels : 0;
        means.push_back(mean);
        deviations.push_back(std::sqrt(std::max(0.0, square - mean * mean)));
    }
    means.insert(means.end(), deviations.begin(), deviations.end());
    return means;
}

} // namespace annotomy
