#pragma once

#include "core/base/progress.h"
#include "ml/internal/compute_device.h"
#include "ml/internal/model.h"
#include "ml/worker_jobs.h"

#include <chrono>
#include <string>

namespace annotomy {

double secondsSince(std::chrono::steady_clock::time_point begin);

// Progress of several images in one job, with the time left guessed from the time taken. Outlives its reports.
class ItemProgress {
public:
    ItemProgress(std::string stage, std::size_t count, const WorkerEventSink& emit);
    ProgressReport forItem(std::size_t item); // a fraction of that image

private:
    std::string m_stage;
    std::size_t m_count;
    const WorkerEventSink& m_emit;
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

// A model, moved to a device as prepareCompute() names it. Errors: those of Model::load and Model::moveTo.
Result<Model> loadedModel(const std::string& path, const std::string& device);

// As prepareCompute(); its note goes to `emit`.
Result<ComputeDevice> preparedDevice(const std::string& wanted, int threads, const WorkerEventSink& emit);

} // namespace annotomy
