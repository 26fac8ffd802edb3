#include "core/learn/case_ranking.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <optional>
#include <random>

namespace annotomy {

namespace {

constexpr double stratifiedShare = 0.66; // of ClaSP PE's places, and of the foreground-aware draws (nnActive)
constexpr int sharpestRound = 9;
constexpr double sharpest = 100;

double binaryEntropy(double p)
{
    return p > 0 && p < 1 ? -p * std::log(p) - (1 - p) * std::log(1 - p) : 0;
}

bool findsAnything(const CaseScores& scores)
{
    return std::any_of(scores.classes.begin(), scores.classes.end(), [](const ClassScore& c) { return c.volumeMl > 0; });
}

double likeliestProbability(const CaseScores& scores)
{
    double most = 0;
    for (const ClassScore& c : scores.classes)
        most = std::max(most, c.probability);
    return most;
}

double uncertainty(const CaseScores& scores)
{
    return findsAnything(scores) ? scores.entropy : binaryEntropy(likeliestProbability(scores));
}

double closeness(const CaseScores& scores)
{
    return findsAnything(scores) ? scores.margin : 1 - std::abs(2 * likeliestProbability(scores) - 1);
}

const ClassScore* classNamed(const CaseScores& scores, const std::string& name)
{
    const auto found = std::find_if(scores.classes.begin(), scores.classes.end(),
                                    [&](const ClassScore& c) { return c.name == name; });
    return found == scores.classes.end() ? nullptr : &*found;
}

double volumeOf(const CaseScores& scores, const std::string& name)
{
    const ClassScore* found = classNamed(scores, name);
    return found ? found->volumeMl : 0;
}

double distance(const std::vector<double>& a, const std::vector<double>& b)
{
    double sum = 0;
    for (std::size_t n = 0; n < std::min(a.size(), b.size()); ++n)
        sum += (a[n] - b[n]) * (a[n] - b[n]);
    return std::sqrt(sum);
}

std::string figure(double value, int decimals)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

// One query: hands out the candidates one by one.
class CaseChooser {
public:
    CaseChooser(std::span<const CaseScores> candidates, std::span<const CaseScores> approved, const RankingRules& rules)
        : m_candidates(candidates), m_rules(rules), m_generator(rules.seed)
    {
        for (std::size_t n = 0; n < candidates.size(); ++n)
            m_left.push_back(n);
        for (const CaseScores& scores : candidates)
            for (const ClassScore& c : scores.classes)
                if (std::find(m_classes.begin(), m_classes.end(), c.name) == m_classes.end())
                    m_classes.push_back(c.name);
        m_turn = m_classes.empty() ? 0 : below(m_classes.size());
        m_nearest.assign(candidates.size(), std::numeric_limits<double>::infinity());
        for (const CaseScores& known : approved)
            know(known);
    }

    std::vector<RankedCase> all()
    {
        const std::size_t wanted = std::min(static_cast<std::size_t>(std::max(m_rules.count, 0)), m_candidates.size());
        std::vector<std::size_t> controls;
        for (std::size_t n = controlsAmong(wanted); n > 0; --n)
            controls.push_back(taken(m_left[below(m_left.size())]));
        std::vector<RankedCase> chosen;
        for (std::size_t place = 0; place < wanted; ++place) {
            if (uniform() * static_cast<double>(wanted - place) < static_cast<double>(controls.size())) {
                chosen.push_back({m_candidates[controls.back()].key, controlChoice, {}, 0,
                                  "Random share: drawn from all cases alike, as a control"});
                controls.pop_back();
            } else {
                chosen.push_back(next());
            }
        }
        return chosen;
    }

private:
    using Score = std::function<double(const CaseScores&)>;

    double uniform() // (0, 1)
    {
        return (static_cast<double>(m_generator() >> 11) + 0.5) * 0x1.0p-53;
    }
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(m_generator() % count); }

    std::size_t controlsAmong(std::size_t wanted)
    {
        if (m_rules.strategy == RankingStrategy::Random)
            return 0; // all are
        const double share = std::clamp(m_rules.randomShare, 0.0, 1.0) * static_cast<double>(wanted);
        return static_cast<std::size_t>(share + uniform());
    }

    std::size_t taken(std::size_t candidate)
    {
        std::erase(m_left, candidate);
        know(m_candidates[candidate]);
        return candidate;
    }

    void know(const CaseScores& scores)
    {
        if (m_rules.strategy != RankingStrategy::Diversity)
            return;
        for (std::size_t n = 0; n < m_candidates.size(); ++n)
            m_nearest[n] = std::min(m_nearest[n], distance(m_candidates[n].embedding, scores.embedding));
    }

    RankedCase ranked(std::size_t candidate, double score, const std::string& reason, const std::string& className = {})
    {
        taken(candidate);
        const std::string& name = rankingStrategyNames()[static_cast<std::size_t>(m_rules.strategy)];
        return {m_candidates[candidate].key, name, className, score, reason};
    }

    RankedCase next()
    {
        switch (m_rules.strategy) {
        case RankingStrategy::ClaspPe:
            return byPowerNoise();
        case RankingStrategy::ForegroundRandom:
            return byForeground();
        case RankingStrategy::Entropy:
            return byUncertainty(largest(uncertainty), "The model is unsure about it (entropy ");
        case RankingStrategy::Margin:
            return byScore(closeness, "The two likeliest classes lie close together in it (1 - margin ");
        case RankingStrategy::Disagreement: {
            const Score disagreement = [](const CaseScores& s) { return s.disagreement; };
            return byScore(disagreement, "The predictions disagree about it (1 - Dice ");
        }
        case RankingStrategy::Diversity:
            return byDistance();
        case RankingStrategy::Random:
            break;
        }
        return byChance();
    }

    RankedCase byChance() { return ranked(m_left[below(m_left.size())], 0, "Drawn at random"); }

    // As if a voxel were drawn from all that the model takes for a class.
    RankedCase byForeground()
    {
        if (uniform() >= stratifiedShare || m_classes.empty())
            return byChance();
        const std::string& name = m_classes[below(m_classes.size())];
        double sum = 0;
        for (const std::size_t n : m_left)
            sum += volumeOf(m_candidates[n], name);
        double rest = uniform() * sum;
        for (const std::size_t n : m_left) {
            const double volume = volumeOf(m_candidates[n], name);
            rest -= volume;
            if (volume > 0 && rest <= 0)
                return ranked(n, volume,
                              "Drawn at random from what the model takes for \"" + name + "\" (" + figure(volume, 2)
                                  + " ml here)",
                              name);
        }
        return byChance();
    }

    // The log of `score` and Gumbel noise; nullopt where no case is left that has any.
    std::optional<std::size_t> noisiest(const Score& score)
    {
        const double sharpness = rankingSharpness(m_rules.round);
        std::optional<std::size_t> best;
        double most = -std::numeric_limits<double>::infinity();
        for (const std::size_t n : m_left) {
            const double s = score(m_candidates[n]);
            if (s < 0)
                continue;
            const double gumbel = -std::log(-std::log(uniform()));
            const double noisy = std::log(std::max(s, 1e-12)) + gumbel / sharpness;
            if (noisy > most) {
                most = noisy;
                best = n;
            }
        }
        return best;
    }

    RankedCase byPowerNoise()
    {
        const auto upTo = [](std::size_t places) { return std::ceil(stratifiedShare * static_cast<double>(places)); };
        const std::size_t place = m_places++;
        if (upTo(place + 1) > upTo(place))
            for (std::size_t tried = 0; tried < m_classes.size(); ++tried) {
                const std::string& name = m_classes[m_turn++ % m_classes.size()];
                const Score entropy = [&](const CaseScores& s) {
                    const ClassScore* c = classNamed(s, name);
                    return c && c->volumeMl > 0 ? c->entropy : -1; // not predicted: not of this stratum
                };
                if (const auto chosen = noisiest(entropy))
                    return ranked(*chosen, entropy(m_candidates[*chosen]),
                                  "Drawn for \"" + name + "\" by how unsure the model is there (entropy "
                                      + figure(entropy(m_candidates[*chosen]), 3) + " nats, "
                                      + rankText(entropy, *chosen) + ")",
                                  name);
            }
        return byUncertainty(*noisiest(uncertainty), "Drawn by how unsure the model is about it (entropy ");
    }

    std::size_t largest(const Score& score) const
    {
        return *std::max_element(m_left.begin(), m_left.end(), [&](std::size_t a, std::size_t b) {
            return score(m_candidates[a]) < score(m_candidates[b]);
        });
    }

    // Among all candidates that have the score, by the score alone.
    std::string rankText(const Score& score, std::size_t candidate) const
    {
        std::size_t above = 0, of = 0;
        for (const CaseScores& other : m_candidates) {
            of += score(other) >= 0;
            above += score(other) > score(m_candidates[candidate]);
        }
        return "rank " + std::to_string(above + 1) + " of " + std::to_string(of);
    }

    RankedCase byUncertainty(std::size_t chosen, const std::string& words)
    {
        const CaseScores& scores = m_candidates[chosen];
        const std::string rank = rankText(uncertainty, chosen);
        if (findsAnything(scores))
            return ranked(chosen, scores.entropy, words + figure(scores.entropy, 3) + " nats, " + rank + ")");
        return ranked(chosen, uncertainty(scores),
                      "The model finds nothing in it and is not sure of that (probability "
                          + figure(likeliestProbability(scores), 3) + ", " + rank + ")");
    }

    RankedCase byScore(const Score& score, const std::string& words)
    {
        const std::size_t chosen = largest(score);
        const double value = score(m_candidates[chosen]);
        return ranked(chosen, value, words + figure(value, 3) + ", " + rankText(score, chosen) + ")");
    }

    // Greedy farthest first; the case nearest to the mean when nothing is known.
    RankedCase byDistance()
    {
        if (!std::isfinite(m_nearest[m_left.front()]))
            return byTypicality();
        const std::size_t chosen = *std::max_element(
            m_left.begin(), m_left.end(), [&](std::size_t a, std::size_t b) { return m_nearest[a] < m_nearest[b]; });
        return ranked(chosen, m_nearest[chosen],
                      "Least like the cases that are approved or chosen (distance " + figure(m_nearest[chosen], 3) + ")");
    }

    RankedCase byTypicality()
    {
        std::vector<double> mean(m_candidates.front().embedding.size(), 0);
        for (const CaseScores& scores : m_candidates)
            for (std::size_t n = 0; n < std::min(mean.size(), scores.embedding.size()); ++n)
                mean[n] += scores.embedding[n] / static_cast<double>(m_candidates.size());
        const std::size_t chosen = largest([&](const CaseScores& s) { return -distance(s.embedding, mean); });
        return ranked(chosen, 0, "The most typical of the cases, to begin with");
    }

    std::span<const CaseScores> m_candidates;
    const RankingRules& m_rules;
    std::mt19937_64 m_generator;
    std::vector<std::size_t> m_left;    // candidates not chosen yet, ascending
    std::vector<std::string> m_classes; // in the model's order
    std::size_t m_turn = 0;             // of the classes
    std::size_t m_places = 0;           // given away by power noise
    std::vector<double> m_nearest;      // of each candidate: distance to what is approved or chosen; for Diversity
};

} // namespace

const std::vector<std::string>& rankingStrategyNames()
{
    static const std::vector<std::string> names{"clasp-pe", "random",       "foreground-random", "entropy",
                                                "margin",   "disagreement", "diversity"};
    return names;
}

double rankingSharpness(int round)
{
    return std::pow(sharpest, std::clamp(round, 0, sharpestRound) / static_cast<double>(sharpestRound));
}

std::vector<RankedCase> rankedCases(std::span<const CaseScores> candidates, std::span<const CaseScores> approved,
                                    const RankingRules& rules)
{
    return CaseChooser(candidates, approved, rules).all();
}

} // namespace annotomy
