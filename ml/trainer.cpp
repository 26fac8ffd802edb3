#include "ml/internal/trainer.h"

#include "ml/internal/loss.h"
#include "ml/internal/mixed_precision.h"
#include "ml/internal/network_call.h"
#include "ml/internal/optimiser.h"
#include "ml/internal/patch_queue.h"
#include "ml/internal/preprocess.h"
#include "ml/internal/torch_error.h"
#include "ml/internal/torch_module.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace annotomy {

namespace {

constexpr int maxNonFiniteSteps = 25;
constexpr double decayPower = 0.9;
constexpr double saveShare = 0.03; // of the time that checkpoints may take

at::Tensor batchImages(const std::vector<Patch>& batch, const Index3& size)
{
    at::Tensor images = at::empty({static_cast<std::int64_t>(batch.size()), 1, size[2], size[1], size[0]});
    float* out = images.data_ptr<float>();
    for (const Patch& patch : batch)
        out = std::copy(patch.values.begin(), patch.values.end(), out);
    return images;
}

at::Tensor batchClasses(const std::vector<Patch>& batch, const Index3& size)
{
    at::Tensor classes =
        at::empty({static_cast<std::int64_t>(batch.size()), size[2], size[1], size[0]}, at::kLong);
    std::int64_t* out = classes.data_ptr<std::int64_t>();
    for (const Patch& patch : batch)
        out = std::copy(patch.classes.begin(), patch.classes.end(), out);
    return classes;
}

at::Tensor batchAnnotated(const std::vector<Patch>& batch)
{
    const std::size_t outputs = batch.front().annotated.size();
    at::Tensor annotated =
        at::ones({static_cast<std::int64_t>(batch.size()), static_cast<std::int64_t>(outputs)}, at::kBool);
    auto access = annotated.accessor<bool, 2>();
    for (std::size_t n = 0; n < batch.size(); ++n)
        for (std::size_t c = 1; c < outputs; ++c)
            access[static_cast<std::int64_t>(n)][static_cast<std::int64_t>(c)] = batch[n].annotated[c];
    return annotated;
}

// In half precision where the device is quicker that way; whole again for the loss.
std::vector<at::Tensor> logitsOf(const TorchModule& torch, const ModelCard& card, const at::Tensor& images)
{
    const MixedPrecision mixed(torch.device);
    std::vector<at::Tensor> levels = trainingLogits(torch, card, images);
    for (at::Tensor& logits : levels)
        logits = logits.to(at::kFloat);
    return levels;
}

// Through page-locked memory, without waiting, when the device is another than the CPU.
at::Tensor copiedTo(const c10::Device& device, const at::Tensor& host)
{
    return device.is_cuda() ? host.pin_memory().to(device, true) : host;
}

std::vector<at::Tensor> clones(const std::vector<at::Tensor>& tensors)
{
    std::vector<at::Tensor> copies;
    for (const at::Tensor& t : tensors)
        copies.push_back(t.detach().clone());
    return copies;
}

} // namespace

Trainer::Trainer(Model model, const TrainingData& data, std::string checkpointPath, const WorkerEventSink& emit,
                 ProcessGroup& group)
    : m_model(model), m_average(std::move(model)), m_data(data), m_checkpointPath(std::move(checkpointPath)),
      m_emit(emit), m_group(group), m_scale(m_model.torchModule().device.is_cuda())
{
    m_weights = m_model.torchModule().parameters();
    for (at::Tensor& weight : m_weights)
        weight.requires_grad_(true);
    m_optimiser = Optimiser::create(recipe(), m_weights);
}

Trainer::~Trainer() = default;

Result<void> Trainer::restore(const Checkpoint& checkpoint)
{
    const auto list = [&](const std::string& name) {
        const auto found = checkpoint.tensors.find(name);
        return found == checkpoint.tensors.end() ? std::vector<at::Tensor>{} : found->second;
    };
    std::vector<at::Tensor> average = clones(m_weights);
    bool fits = copyTensors(list("weights"), m_weights) && copyTensors(list("average"), average);
    for (auto& [name, moments] : m_optimiser->moments())
        fits = fits && copyTensors(list(name), moments);
    if (!fits)
        return Error{ErrorCode::Conflict, m_checkpointPath, "the checkpoint belongs to another network"};
    m_averageWeights = std::move(average);
    if (!list("best").empty()) {
        m_bestWeights = clones(m_weights);
        if (!copyTensors(list("best"), m_bestWeights))
            return Error{ErrorCode::Conflict, m_checkpointPath, "the checkpoint belongs to another network"};
    }
    m_state = checkpoint.state;
    const std::vector<at::Tensor> counters = list("counters");
    if (counters.size() == 1 && counters[0].numel() == 3) {
        m_optimiser->setSteps(counters[0][0].item<std::int64_t>());
        m_lossSum = counters[0][1].item<double>();
        m_lossCount = counters[0][2].item<int>();
    }
    return {};
}

double Trainer::budgetFraction() const
{
    const double bySteps = static_cast<double>(m_state.step) / std::max(1, recipe().maxSteps);
    return std::max(bySteps, m_state.budgetSeconds / std::max(1e-3, recipe().minutes * 60));
}

double Trainer::learningRate() const
{
    const double warm =
        std::min(1.0, static_cast<double>(m_state.step + 1) / std::max(1, recipe().warmUpSteps));
    const double left = std::max(0.0, 1 - budgetFraction());
    const double decay = recipe().decay == RateDecay::Cosine ? (1 - std::cos(std::numbers::pi * left)) / 2
                                                             : std::pow(left, decayPower);
    return recipe().learningRate * warm * decay;
}

double Trainer::secondsLeft() const
{
    const double byTime = recipe().minutes * 60 - m_state.budgetSeconds;
    if (m_state.step < 3)
        return byTime;
    const double perStep = m_state.budgetSeconds / static_cast<double>(m_state.step);
    return std::max(0.0, std::min(byTime, perStep * (recipe().maxSteps - static_cast<double>(m_state.step))));
}

void Trainer::updateClock()
{
    const Clock::time_point now = Clock::now();
    const double elapsed = std::chrono::duration<double>(now - m_lastTick).count();
    m_state.budgetSeconds = m_group.ofFirst(m_state.budgetSeconds + elapsed);
    m_lastTick = now;
}

void Trainer::reportTraining()
{
    if (Clock::now() - m_lastReport < std::chrono::milliseconds(400))
        return;
    m_lastReport = Clock::now();
    m_emit(WorkerProgress{"training", std::min(1.0, budgetFraction()), secondsLeft()});
}

Result<void> Trainer::trainOneStep(PatchQueue& queue)
{
    const std::vector<Patch> batch = queue.next();
    const TorchModule& torch = m_model.torchModule();
    const Index3& size = m_model.card().patch;
    const at::Tensor images = copiedTo(torch.device, batchImages(batch, size));
    const at::Tensor classes = copiedTo(torch.device, batchClasses(batch, size));
    const at::Tensor annotated = copiedTo(torch.device, batchAnnotated(batch));
    const LossTarget target{classes, annotated, m_model.card().spacing};
    const at::Tensor loss =
        deeplySupervisedLoss(logitsOf(torch, m_model.card(), images), target, recipe().loss, recipe().leastClassShare,
                             m_group);
    m_scale.scaled(loss).backward();
    sumGradients();
    m_scale.unscale(m_weights);
    const double norm = m_optimiser->clipGradients(recipe().gradientClip), value = loss.item<double>();
    m_scale.update(std::isfinite(norm));
    const bool finite = m_group.ofFirst(std::isfinite(value) && std::isfinite(norm)) != 0;
    if (finite) {
        m_optimiser->step(learningRate());
        averageWeights();
        m_nonFinite = 0;
        m_lossSum += value;
        ++m_lossCount;
    } else if (++m_nonFinite >= maxNonFiniteSteps) {
        return Error{ErrorCode::Conflict, {}, "the training diverges: the loss is no longer a number"};
    }
    m_optimiser->dropGradients();
    ++m_state.step;
    return {};
}

void Trainer::sumGradients()
{
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& weight : m_weights)
        if (weight.grad().defined())
            gradients.push_back(weight.grad());
    m_group.sum(gradients);
}

// The average follows quickly at first, so that it does not remember the random start.
void Trainer::averageWeights()
{
    const auto step = static_cast<double>(m_state.step);
    const double decay = recipe().emaDecay > 0 ? std::min(recipe().emaDecay, (1 + step) / (10 + step)) : 0;
    const c10::NoGradGuard noGrad;
    for (std::size_t n = 0; n < m_weights.size(); ++n)
        m_averageWeights[n].lerp_(m_weights[n].detach(), 1 - decay);
}

Result<void> Trainer::writeState()
{
    Checkpoint checkpoint{m_model.card(), m_state, {}};
    checkpoint.tensors["weights"] = m_weights;
    checkpoint.tensors["average"] = m_averageWeights;
    checkpoint.tensors["best"] = m_bestWeights;
    for (const auto& [name, moments] : m_optimiser->moments())
        checkpoint.tensors[name] = moments;
    at::Tensor counters = at::zeros({3}, at::kDouble);
    counters[0] = static_cast<double>(m_optimiser->steps());
    counters[1] = m_lossSum;
    counters[2] = m_lossCount;
    checkpoint.tensors["counters"] = {counters};
    return writeCheckpoint(m_checkpointPath, checkpoint);
}

Result<void> Trainer::save()
{
    if (m_checkpointPath.empty())
        return {};
    const Clock::time_point begin = Clock::now();
    const Result<void> written = m_group.agreed(m_group.isFirst() ? writeState() : Result<void>{});
    m_saveCost = m_group.ofFirst(std::chrono::duration<double>(Clock::now() - begin).count());
    m_lastSave = m_state.budgetSeconds;
    return written;
}

// A copy of the model, whose weights are the moving average.
Result<void> Trainer::prepareAverage()
{
    Result<Model> average = m_model.copy();
    if (!average)
        return average.error();
    m_average = std::move(*average);
    std::vector<at::Tensor> averageParameters = m_average.torchModule().parameters();
    for (at::Tensor& weight : averageParameters)
        weight.requires_grad_(false);
    if (!m_averageWeights.empty())
        copyTensors(m_averageWeights, averageParameters);
    m_averageWeights = std::move(averageParameters);
    m_average.torchModule().module.eval();
    m_model.torchModule().module.train();
    return {};
}

Result<TrainedModel> Trainer::run(std::stop_token stop)
try {
    return train(stop);
} catch (const GroupFailure& e) {
    if (m_group.isFirst() && !m_checkpointPath.empty())
        if (const Result<void> written = writeState(); !written)
            return written.error();
    return Error{ErrorCode::WorkerDied, "the training", e.what()};
} catch (const std::exception& e) {
    return errorFromTorch(e, ErrorCode::Conflict);
}

Result<TrainedModel> Trainer::train(std::stop_token stop)
{
    if (const Result<void> prepared = m_group.agreed(prepareAverage()); !prepared)
        return prepared.error();
    takeStateOfFirst();
    const SamplerSettings settings{m_model.card().patch,
                                   recipe().foregroundShare,
                                   recipe().replayShare,
                                   recipe().augment,
                                   recipe().mirrorAxes,
                                   paddingValue(m_model.card().channels.front()),
                                   recipe().seed};
    const PatchSampler sampler(settings, m_data.train, m_data.replay);
    const BatchShare share = shareOfBatch(recipe().batch, m_group.rank(), m_group.world());
    PatchQueue queue(sampler, share, static_cast<std::uint64_t>(m_state.step));
    m_lastTick = Clock::now();
    m_lastReport = {};
    while (budgetFraction() < 1) {
        if (m_group.ofFirst(stop.stop_requested()) != 0) {
            if (const Result<void> saved = save(); !saved)
                return saved.error();
            return cancelledError();
        }
        reportTraining();
        const double before = m_state.budgetSeconds;
        if (const Result<void> stepped = trainOneStep(queue); !stepped)
            return stepped.error();
        updateClock();
        m_epochSeconds += m_state.budgetSeconds - before;
        m_state.trainingSeconds += m_state.budgetSeconds - before;
        const bool last = budgetFraction() >= 1; // finish() closes the last epoch
        if (last || m_state.step % std::max(1, recipe().stepsPerEpoch) != 0)
            continue;
        if (const Result<void> ended = endEpoch(stop); !ended)
            return ended.error();
        if (recipe().patienceEpochs > 0 && m_state.epochsSinceBest >= recipe().patienceEpochs)
            return finish(true, stop);
    }
    return finish(false, stop);
}

EpochRecord Trainer::closedEpoch()
{
    ++m_state.epoch;
    EpochRecord record;
    record.epoch = m_state.epoch;
    record.step = static_cast<int>(m_state.step);
    record.seconds = m_state.trainingSeconds;
    record.learningRate = learningRate();
    record.trainLoss = m_lossCount > 0 ? m_lossSum / m_lossCount : 0;
    record.stepsPerSecond = m_epochSeconds > 0 ? m_lossCount / m_epochSeconds : 0;
    m_lossSum = m_epochSeconds = 0;
    m_lossCount = 0;
    return record;
}

Result<void> Trainer::endEpoch(std::stop_token stop)
{
    EpochRecord record = closedEpoch();
    m_group.takeFirst(m_weights); // processors of different kinds may round differently
    if (validationIsAffordable()) {
        // A cancelled validation is left out; the loop sees the request before its next step.
        const Result<void> done = validate(record, false, stop);
        if (!done && done.error().code != ErrorCode::Cancelled)
            return done;
        rememberIfBest(record);
    }
    m_emit(record);
    const bool due = m_saveCost <= saveShare * (m_state.budgetSeconds - m_lastSave);
    return due ? save() : Result<void>{};
}

Result<TrainedModel> Trainer::finish(bool stoppedEarly, std::stop_token stop)
{
    if (m_lossCount > 0) { // not after an early stop, nor when a finished run is resumed
        EpochRecord record = closedEpoch();
        if (!m_data.validation.empty()) {
            if (const Result<void> done = validate(record, true, stop); !done)
                return done.error();
            rememberIfBest(record);
        }
        m_emit(record);
    }
    if (const Result<void> saved = save(); !saved)
        return saved.error();
    if (!m_bestWeights.empty())
        copyTensors(m_bestWeights, m_averageWeights);
    return TrainedModel{m_average, m_state, stoppedEarly};
}

} // namespace annotomy
