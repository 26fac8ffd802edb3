#pragma once

#include "ml/internal/patch_sampler.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace annotomy {

// Makes the batches ahead of the training step, on one thread, in order, at most `capacity` ahead.
class PatchQueue {
public:
    // The sampler outlives the queue. The first batch is number `firstBatch`.
    PatchQueue(const PatchSampler& sampler, int batchSize, std::uint64_t firstBatch,
               std::size_t capacity = 3);
    ~PatchQueue();
    PatchQueue(const PatchQueue&) = delete;
    PatchQueue& operator=(const PatchQueue&) = delete;

    std::vector<Patch> next(); // blocks until the next batch is made

private:
    void produce(std::stop_token stop);

    const PatchSampler& m_sampler;
    const int m_batchSize;
    const std::size_t m_capacity;
    std::uint64_t m_batch;
    std::mutex m_mutex; // guards m_ready
    std::condition_variable_any m_changed;
    std::deque<std::vector<Patch>> m_ready;
    std::jthread m_producer; // last: starts when all else stands
};

} // namespace annotomy
