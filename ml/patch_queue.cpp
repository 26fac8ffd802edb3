#include "ml/internal/patch_queue.h"

namespace annotomy {

BatchShare shareOfBatch(int size, int rank, int world)
{
    return {size, rank * size / world, (rank + 1) * size / world};
}

PatchQueue::PatchQueue(const PatchSampler& sampler, BatchShare share, std::uint64_t firstBatch, std::size_t capacity)
    : m_sampler(sampler), m_share(share), m_capacity(capacity), m_batch(firstBatch),
      m_producer([this](std::stop_token stop) { produce(stop); })
{
}

PatchQueue::~PatchQueue() = default;

void PatchQueue::produce(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        std::vector<Patch> batch;
        for (int n = m_share.begin; n < m_share.end; ++n)
            batch.push_back(m_sampler.patch(m_batch * static_cast<std::uint64_t>(m_share.size) +
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
