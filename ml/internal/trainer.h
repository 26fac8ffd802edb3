#pragma once

#include "core/base/progress.h"
#include "ml/internal/checkpoint.h"
#include "ml/internal/loss_scale.h"
#include "ml/internal/model.h"
#include "ml/internal/network_image.h"
#include "ml/internal/process_group.h"
#include "ml/worker_jobs.h"

#include <chrono>
#include <memory>
#include <span>
#include <vector>

namespace annotomy {

class Optimiser;
class PatchQueue;

struct TrainingData {
    std::vector<PreparedCase> train, replay, validation;
};

struct TrainedModel {
    Model model;
    TrainingState state;
    bool stoppedEarly = false;
};

// Trains one model: steps, epochs, validation, checkpoints. Runs on the caller's thread; batches are made on
// another. At a fixed number of threads on the CPU, and with a step budget that ends before the time budget,
// a run is reproducible bit by bit, also when it is interrupted and resumed.
//
// The processes of a group train one model on their shares of each batch, with the result of one process that has the whole
// batch, within rounding. Process 0 keeps the time, hears the request to stop, and alone writes the checkpoints.
class Trainer {
public:
    // `data`, `emit` and `group` outlive the trainer. checkpointPath may be empty. The model already lies on its
    // device.
    Trainer(Model model, const TrainingData& data, std::string checkpointPath, const WorkerEventSink& emit,
            ProcessGroup& group = ProcessGroup::alone());
    ~Trainer();

    // Continues from a checkpoint; in a group, process 0's is taken by all. Conflict when it belongs to another network.
    Result<void> restore(const Checkpoint& checkpoint);

    // Errors: Cancelled (the checkpoint is written), Conflict (the loss is no number, over and over),
    // OutOfMemory, WorkerDied (another process of the group has; process 0 has written the checkpoint), and what
    // writing a checkpoint may report. The model returned has the best weights by
    // validation, the last without any.
    Result<TrainedModel> run(std::stop_token stop);

private:
    using Clock = std::chrono::steady_clock;

    const Recipe& recipe() const { return m_model.card().recipe; }
    double budgetFraction() const; // 0 at the start, >= 1 when the budget is spent
    double learningRate() const;
    double secondsLeft() const;
    Result<TrainedModel> train(std::stop_token stop);
    Result<void> prepareAverage();
    void takeStateOfFirst();
    Result<void> trainOneStep(PatchQueue& queue);
    void sumGradients();
    void averageWeights();
    EpochRecord closedEpoch(); // its figures; begins the next
    Result<void> endEpoch(std::stop_token stop);
    bool validationIsAffordable() const;
    Result<void> addDice(const PreparedCase& subject, const at::Tensor& sums, const at::Tensor& counts,
                         std::stop_token stop) const;
    Result<void> validate(EpochRecord& record, bool last, std::stop_token stop);
    void rememberIfBest(const EpochRecord& record);
    Result<void> save();
    Result<void> writeState();
    Result<TrainedModel> finish(bool stoppedEarly, std::stop_token stop);
    void reportTraining();
    void updateClock();

    Model m_model;
    Model m_average; // its weights are the moving average; validated and handed out
    std::vector<at::Tensor> m_weights, m_averageWeights, m_bestWeights;
    std::unique_ptr<Optimiser> m_optimiser;
    const TrainingData& m_data;
    std::string m_checkpointPath;
    const WorkerEventSink& m_emit;
    ProcessGroup& m_group;
    TrainingState m_state;
    double m_lossSum = 0; // since the epoch began
    int m_lossCount = 0;
    int m_nonFinite = 0; // in a row
    LossScale m_scale;
    double m_epochSeconds = 0, m_lastSave = 0, m_saveCost = 0;
    Clock::time_point m_lastTick, m_lastReport;
};

} // namespace annotomy
