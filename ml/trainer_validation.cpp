#include "ml/internal/trainer.h"

#include "ml/internal/case_dice.h"
#include "ml/internal/optimiser.h"
#include "ml/internal/preprocess.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace annotomy {

namespace {

constexpr double validationShare = 0.15; // of the time spent so far
constexpr int maxValidationCases = 12;
constexpr double averageMemory = 0.7; // of the Dice's moving average

// The n-th of a selection spread evenly over all cases.
const PreparedCase& selectedCase(const std::vector<PreparedCase>& cases, int n, int selected)
{
    return cases[static_cast<std::size_t>(n) * cases.size() / static_cast<std::size_t>(selected)];
}

Result<std::vector<std::optional<double>>> diceOf(const PreparedCase& subject, const Model& model,
                                                  std::stop_token stop)
{
    const Index3& size = subject.image.grid.size;
    const std::size_t plane = static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]);
    const auto outputs = static_cast<std::size_t>(model.outputs());
    std::vector<std::uint8_t> found(subject.classes.size(), 0);
    const PlaneSink sink = [&](int k, std::span<const float> probabilities) {
        for (std::size_t n = 0; n < plane; ++n) {
            std::size_t best = 0;
            for (std::size_t c = 1; c < outputs; ++c)
                if (probabilities[c * plane + n] > probabilities[best * plane + n])
                    best = c;
            found[static_cast<std::size_t>(k) * plane + n] = static_cast<std::uint8_t>(best);
        }
    };
    SlidingWindow window;
    window.image = size;
    window.tile = model.card().patch;
    window.outputs = model.outputs();
    window.overlap = 0.25;
    window.padding = paddingValue(model.card().channels.front());
    const Result<void> done =
        slideWindow(window, subject.image.values, model.predictor(window.tile), sink, stop);
    if (!done)
        return done.error();
    std::vector<std::optional<double>> dice = dicePerClass(subject.classes, found, model.outputs());
    for (std::size_t c = 1; c < dice.size(); ++c)
        if (!subject.annotated[c])
            dice[c].reset();
    return dice;
}

} // namespace

Result<void> Trainer::addDice(const PreparedCase& subject, const at::Tensor& sums, const at::Tensor& counts,
                              std::stop_token stop) const
{
    const auto dice = diceOf(subject, m_average, stop);
    if (!dice)
        return dice.error();
    for (std::size_t c = 1; c < dice->size(); ++c)
        if ((*dice)[c]) {
            sums[static_cast<std::int64_t>(c)] += *(*dice)[c];
            counts[static_cast<std::int64_t>(c)] += 1;
        }
    return {};
}

bool Trainer::validationIsAffordable() const
{
    const double allowance = validationShare * m_state.budgetSeconds - m_state.validationSeconds;
    return !m_data.validation.empty() && m_state.validationCost <= allowance;
}

Result<void> Trainer::validate(EpochRecord& record, bool last, std::stop_token stop)
{
    updateClock();
    const double begin = m_state.budgetSeconds;
    const int available = std::min(maxValidationCases, static_cast<int>(m_data.validation.size()));
    const bool choosing = m_state.validationCases == 0;
    const int selected = choosing ? available : m_state.validationCases;
    const at::Tensor sums = at::zeros({m_model.outputs()}, at::kDouble), counts = at::zeros_like(sums);
    int done = 0;
    for (; done < selected; done += std::min(m_group.world(), selected - done)) { // a case for each process
        // The first validation settles how many cases can be afforded: a thirtieth of the time budget, at
        // least one case.
        if (choosing && done > 0 && m_state.budgetSeconds - begin > recipe().minutes * 60 / 30)
            break;
        m_emit(WorkerProgress{"validating", static_cast<double>(done) / selected, last ? 0 : secondsLeft()});
        const int own = done + m_group.rank();
        const Result<void> added = own < selected ? addDice(selectedCase(m_data.validation, own, available), sums, counts, stop)
                                                  : Result<void>{};
        if (const Result<void> all = m_group.agreed(added); !all)
            return all.error();
        updateClock();
    }
    m_group.sum({sums, counts});
    m_state.validationCases = done;
    m_state.validationCost = m_state.budgetSeconds - begin;
    m_state.validationSeconds += m_state.validationCost;
    double total = 0;
    for (const ModelClass& c : m_model.card().classes) {
        if (const double count = counts[c.output].item<double>(); count > 0)
            total += record.classDice[c.name] = sums[c.output].item<double>() / count;
    }
    if (!record.classDice.empty())
        record.validationDice = total / static_cast<double>(record.classDice.size());
    return {};
}

void Trainer::rememberIfBest(const EpochRecord& record)
{
    if (!record.validationDice)
        return;
    const double dice = *record.validationDice;
    const double average =
        m_state.averageDice ? averageMemory * *m_state.averageDice + (1 - averageMemory) * dice : dice;
    m_state.averageDice = average;
    ++m_state.epochsSinceBest;
    if (average <= m_state.bestDice)
        return;
    m_state.bestDice = average;
    m_state.bestValidationDice = dice;
    m_state.bestClassDice = record.classDice;
    m_state.epochsSinceBest = 0;
    if (m_bestWeights.empty())
        for (const at::Tensor& weight : m_averageWeights)
            m_bestWeights.push_back(weight.detach().clone());
    else
        copyTensors(m_averageWeights, m_bestWeights);
}

} // namespace annotomy
