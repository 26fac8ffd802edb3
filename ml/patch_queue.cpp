#include "ml/internal/patch_queue.h"

namespace annotomy {

PatchQueue::PatchQueue(const PatchSampler& sampler, int batchSize, std::uint64_t firstBatch,
                       std::size_t capacity)
    : m_sampler(sampler), m_batchSize(batchSize), m_capacity(capacity), m_batch(firstBatch),
      m_producer([this](std::stop_token stop) { produce(stop); })
{
}

PatchQueue::~PatchQueue() = default;

void PatchQueue::produce(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        std::vector<Patch> batch;
        for (int n = 0; n < m_batchSize; ++n)
            batch.push_back(m_sampler.patch(m_batch * static_cast<std::uint64_t>(m_batchSize) +
                                            static_cast<std::uint64_t>(n)));
        ++m_batch;
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait(lock, stop, [this] { return m_ready.size() < m_capacity; }))
            return;
        m_ready.push_back(std::move(batch));
        m_changed.notify_all();
    }
}

std::vector<Patch> PatchQueue::next()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_ready.empty(); });
    std::vector<Patch> batch = std::move(m_ready.front());
    m_ready.pop_front();
    m_changed.notify_all();
    return batch;
}

} // namespace annotomy
