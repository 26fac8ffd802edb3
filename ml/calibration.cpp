#include "ml/internal/calibration.h"

#include "core/image/connected_components.h"
#include "core/learn/paired_bootstrap.h"
#include "ml/internal/class_rule.h"
#include "ml/internal/preprocess.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace annotomy {

namespace {

constexpr std::size_t samplesPerCase = 20000;
constexpr std::size_t fewestCases = 5;
constexpr int bins = 15;
constexpr std::array<double, 12> thresholds{0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8};

// The probabilities of one case, [output][voxel].
Result<std::vector<float>> probabilitiesOf(const PreparedCase& subject, const Model& model, std::stop_token stop)
{
    const Index3& size = subject.image.grid.size;
    const std::size_t voxels = subject.classes.size();
    const std::size_t plane = static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]);
    const auto outputs = static_cast<std::size_t>(model.outputs());
    std::vector<float> all(outputs * voxels);
    const PlaneSink sink = [&](int k, std::span<const float> probabilities) {
        for (std::size_t c = 0; c < outputs; ++c)
            std::copy_n(probabilities.begin() + static_cast<std::ptrdiff_t>(c * plane), plane,
                        all.begin() + static_cast<std::ptrdiff_t>(c * voxels + static_cast<std::size_t>(k) * plane));
    };
    const ModelCard& card = model.card();
    SlidingWindow window;
    window.image = size;
    window.tile = card.patch;
    window.outputs = model.outputs();
    window.padding = paddingValue(card.channels.front());
    const Result<void> done = slideWindow(window, subject.image.values, model.predictor(window.tile), sink, stop);
    return done ? Result(std::move(all)) : done.error();
}

// Every n-th of the voxels that tell something.
void addTo(VoxelSample& sample, const PreparedCase& subject, std::span<const float> probabilities)
{
    const auto outputs = static_cast<std::size_t>(sample.outputs);
    const std::size_t voxels = subject.classes.size();
    const auto tells = [&](std::size_t n) {
        return subject.classes[n] != ignoredClass && (probabilities[n] < 0.99F || subject.classes[n] != 0);
    };
    std::size_t telling = 0;
    for (std::size_t n = 0; n < voxels; ++n)
        telling += tells(n) ? 1 : 0;
    const std::size_t step = telling / samplesPerCase + 1;
    std::size_t met = 0;
    for (std::size_t n = 0; n < voxels; ++n) {
        if (!tells(n) || met++ % step != 0)
            continue;
        sample.truths.push_back(subject.classes[n]);
        for (std::size_t c = 0; c < outputs; ++c)
            sample.probabilities.push_back(probabilities[c * voxels + n]);
    }
}

// p^(1/T), normalised, of one voxel.
void temper(std::span<const float> probabilities, double temperature, std::span<double> tempered)
{
    double sum = 0;
    for (std::size_t c = 0; c < tempered.size(); ++c) {
        tempered[c] = std::pow(std::max(1e-7, static_cast<double>(probabilities[c])), 1 / temperature);
        sum += tempered[c];
    }
    for (double& p : tempered)
        p /= sum;
}

double negativeLogLikelihood(const VoxelSample& sample, double temperature)
{
    const auto outputs = static_cast<std::size_t>(sample.outputs);
    std::vector<double> tempered(outputs);
    double sum = 0;
    for (std::size_t n = 0; n < sample.truths.size(); ++n) {
        temper(std::span(sample.probabilities).subspan(n * outputs, outputs), temperature, tempered);
        sum -= std::log(std::max(1e-12, tempered[sample.truths[n]]));
    }
    return sum;
}

// Dice of one class in every case, under one way of deciding.
using CaseValues = std::vector<double>;

struct ClassTrials {
    CaseValues plain, largest;
    std::array<CaseValues, thresholds.size()> byThreshold;
};

double diceOf(std::span<const std::uint8_t> truth, std::span<const std::uint8_t> found, std::uint8_t label)
{
    std::int64_t common = 0, sum = 0;
    for (std::size_t n = 0; n < truth.size(); ++n) {
        if (truth[n] == ignoredClass)
            continue;
        common += truth[n] == label && found[n] == label;
        sum += (truth[n] == label) + (found[n] == label);
    }
    return sum > 0 ? 2.0 * static_cast<double>(common) / static_cast<double>(sum) : 1;
}

void tryOn(const PreparedCase& subject, std::span<const float> probabilities, const ModelClass& wanted, int outputs,
           ClassTrials& trials)
{
    const std::size_t voxels = subject.classes.size();
    const auto label = static_cast<std::uint8_t>(wanted.output);
    std::vector<std::uint8_t> found(voxels);
    const auto decide = [&](double threshold) {
        ModelCard card;
        card.classes.resize(static_cast<std::size_t>(outputs - 1));
        for (int c = 1; c < outputs; ++c)
            card.classes[static_cast<std::size_t>(c - 1)].output = c;
        card.classes[static_cast<std::size_t>(wanted.output - 1)].threshold = threshold;
        const ClassRule rule(card);
        for (std::size_t n = 0; n < voxels; ++n)
            found[n] = rule.classOf([&](std::size_t c) { return probabilities[c * voxels + n]; });
    };
    for (std::size_t t = 0; t < thresholds.size(); ++t) {
        decide(thresholds[t]);
        trials.byThreshold[t].push_back(diceOf(subject.classes, found, label));
    }
    decide(0);
    trials.plain.push_back(diceOf(subject.classes, found, label));
    keepLargestComponent(found, subject.image.grid.size, label);
    trials.largest.push_back(diceOf(subject.classes, found, label));
}

// 0 unless it is proven to be better.
double provenGain(const CaseValues& changed, const CaseValues& plain)
{
    const auto difference = pairedDifference(changed, plain);
    return difference && difference->low > 0 ? difference->mean : 0;
}

void choose(ModelClass& wanted, const ClassTrials& trials)
{
    if (trials.plain.size() < fewestCases)
        return;
    double gain = 0;
    for (std::size_t t = 0; t < thresholds.size(); ++t)
        if (const double better = provenGain(trials.byThreshold[t], trials.plain); better > gain) {
            gain = better;
            wanted.threshold = thresholds[t];
        }
    wanted.largestOnly = provenGain(trials.largest, trials.plain) > 0;
}

Result<VoxelSample> sampled(const Model& model, std::span<const PreparedCase> cases, std::stop_token stop,
                            const ProgressReport& report)
{
    VoxelSample sample;
    sample.outputs = model.outputs();
    for (std::size_t n = 0; n < cases.size(); ++n) {
        const auto probabilities = probabilitiesOf(cases[n], model, stop);
        if (!probabilities)
            return probabilities.error();
        addTo(sample, cases[n], *probabilities);
        reportProgress(report, static_cast<double>(n + 1) / static_cast<double>(cases.size()));
    }
    return sample;
}

} // namespace

double likeliestTemperature(const VoxelSample& sample)
{
    if (sample.truths.empty())
        return 1;
    double low = std::log(0.25), high = std::log(4.0); // golden section: the likelihood has one maximum in T
    const double ratio = (std::sqrt(5.0) - 1) / 2;
    while (high - low > 0.005) {
        const double a = high - ratio * (high - low), b = low + ratio * (high - low);
        if (negativeLogLikelihood(sample, std::exp(a)) < negativeLogLikelihood(sample, std::exp(b)))
            high = b;
        else
            low = a;
    }
    return std::exp((low + high) / 2);
}

double expectedCalibrationError(const VoxelSample& sample, double temperature)
{
    const auto outputs = static_cast<std::size_t>(sample.outputs);
    std::array<double, bins> confidence{}, right{};
    std::vector<double> tempered(outputs);
    for (std::size_t n = 0; n < sample.truths.size(); ++n) {
        temper(std::span(sample.probabilities).subspan(n * outputs, outputs), temperature, tempered);
        const auto best = std::max_element(tempered.begin(), tempered.end());
        const auto bin = std::min<std::size_t>(bins - 1, static_cast<std::size_t>(*best * bins));
        confidence[bin] += *best;
        right[bin] += best - tempered.begin() == sample.truths[n] ? 1 : 0;
    }
    double gap = 0;
    for (std::size_t bin = 0; bin < bins; ++bin)
        gap += std::abs(confidence[bin] - right[bin]);
    return sample.truths.empty() ? 0 : gap / static_cast<double>(sample.truths.size());
}

Result<CalibrationFigures> calibrate(Model& model, std::span<const PreparedCase> cases, std::stop_token stop,
                                     const ProgressReport& report)
{
    CalibrationFigures figures;
    const auto sample = sampled(model, cases, stop, subProgress(report, 0, 0.5));
    if (!sample)
        return sample.error();
    figures.voxels = static_cast<std::int64_t>(sample->truths.size());
    figures.temperature = likeliestTemperature(*sample);
    figures.errorBefore = expectedCalibrationError(*sample);
    figures.errorAfter = expectedCalibrationError(*sample, figures.temperature);
    ModelCard card = model.card();
    card.temperature = figures.temperature;
    model.setCard(card);

    std::vector<ClassTrials> trials(card.classes.size());
    for (std::size_t n = 0; n < cases.size() && cases.size() >= fewestCases; ++n) {
        const auto probabilities = probabilitiesOf(cases[n], model, stop);
        if (!probabilities)
            return probabilities.error();
        for (std::size_t c = 0; c < card.classes.size(); ++c)
            if (cases[n].annotated[static_cast<std::size_t>(card.classes[c].output)])
                tryOn(cases[n], *probabilities, card.classes[c], model.outputs(), trials[c]);
        reportProgress(report, 0.5 + 0.5 * static_cast<double>(n + 1) / static_cast<double>(cases.size()));
    }
    for (std::size_t c = 0; c < card.classes.size(); ++c)
        choose(card.classes[c], trials[c]);
    model.setCard(card);
    return figures;
}

} // namespace annotomy
