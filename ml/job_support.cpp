#include "ml/internal/job_support.h"

namespace annotomy {

double secondsSince(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

ItemProgress::ItemProgress(std::string stage, std::size_t count, const WorkerEventSink& emit)
    : m_stage(std::move(stage)), m_count(count), m_emit(emit)
{
}

ProgressReport ItemProgress::forItem(std::size_t item)
{
    return [this, item](double fraction) {
        const double done = (static_cast<double>(item) + fraction) / static_cast<double>(m_count);
        const double spent = secondsSince(m_begin);
        m_emit(WorkerProgress{m_stage, done, done > 0 ? spent * (1 - done) / done : -1});
    };
}

Result<Model> loadedModel(const std::string& path, const std::string& device)
{
    Result<Model> model = Model::load(path);
    if (!model)
        return model;
    if (const Result<void> moved = model->moveTo(device); !moved)
        return moved.error();
    return model;
}

Result<ComputeDevice> preparedDevice(const std::string& wanted, int threads, const WorkerEventSink& emit)
{
    Result<ComputeDevice> device = prepareCompute(wanted, threads);
    if (device && !device->note.empty())
        emit(WorkerNote{device->note});
    return device;
}

} // namespace annotomy
