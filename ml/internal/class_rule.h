#pragma once

#include "core/learn/model_card.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace annotomy {

// Which class the probabilities of a voxel make. A class may be meant when its probability reaches its threshold, or where it
// has none exceeds the background's; of those that may, the likeliest is (the first of equals), of none background.
class ClassRule {
public:
    explicit ClassRule(int outputs) : m_thresholds(static_cast<std::size_t>(outputs), 0) {}
    explicit ClassRule(const ModelCard& card) : ClassRule(static_cast<int>(card.classes.size()) + 1)
    {
        for (const ModelClass& c : card.classes) {
            m_thresholds[static_cast<std::size_t>(c.output)] = static_cast<float>(c.threshold);
            if (c.threshold > 0)
                m_lowest = std::min(m_lowest, static_cast<float>(c.threshold));
        }
    }

    // A background that is likelier than this is certain.
    float certainBackground() const { return 1 - m_lowest; }

    // probability(output): of the voxel, from 0 for the background.
    template <class Probability>
    std::uint8_t classOf(Probability&& probability) const
    {
        const float nothing = probability(std::size_t{0});
        std::uint8_t best = 0;
        float most = -1;
        for (std::size_t output = 1; output < m_thresholds.size(); ++output) {
            const float p = probability(output), threshold = m_thresholds[output];
            const bool possible = threshold > 0 ? p >= threshold : p > nothing;
            if (possible && p > most) {
                most = p;
                best = static_cast<std::uint8_t>(output);
            }
        }
        return best;
    }

private:
    std::vector<float> m_thresholds; // by output
    float m_lowest = 0.5F;
};

} // namespace annotomy
