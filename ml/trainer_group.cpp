#include "ml/internal/trainer.h"

#include "ml/internal/optimiser.h"

#include <ATen/ATen.h>

namespace annotomy {

// What process 0 starts from, of itself or of a checkpoint, at every process.
void Trainer::takeStateOfFirst()
{
    if (m_group.world() == 1)
        return;
    const Result<TrainingState> state = trainingStateFromJson(m_group.ofFirst(toJsonText(m_state)));
    if (!state)
        throw GroupFailure(state.error().detail);
    m_state = *state;
    m_optimiser->setSteps(static_cast<std::int64_t>(m_group.ofFirst(static_cast<double>(m_optimiser->steps()))));
    m_lossSum = m_group.ofFirst(m_lossSum);
    m_lossCount = static_cast<int>(m_group.ofFirst(m_lossCount));
    m_group.takeFirst(m_weights);
    m_group.takeFirst(m_averageWeights);
    for (const auto& [name, moments] : m_optimiser->moments())
        m_group.takeFirst(moments);
    const bool hasBest = m_group.ofFirst(m_bestWeights.empty() ? 0 : 1) != 0;
    if (hasBest && m_bestWeights.empty())
        for (const at::Tensor& weight : m_averageWeights)
            m_bestWeights.push_back(weight.detach().clone());
    m_group.takeFirst(m_bestWeights);
}

} // namespace annotomy
