#pragma once

#include "ml/internal/patch_sampler.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace annotomy {

// Which of every batch's patches one process makes.
struct BatchShare {
    int size = 1;               // of the whole batch
    int begin = 0, end = size;  // of the share
};

// The rank-th of `world` shares of a batch, as equal as can be; none is empty when there are as many patches as shares.
BatchShare shareOfBatch(int size, int rank, int world);

// Makes the batches ahead of the training step, on one thread, in order, at most `capacity` ahead.
class PatchQueue {
public:
    // The sampler outlives the queue. The first batch is number `firstBatch`.
    PatchQueue(const PatchSampler& sampler, BatchShare share, std::uint64_t firstBatch, std::size_t capacity = 3);
    ~PatchQueue();
    PatchQueue(const PatchQueue&) = delete;
    PatchQueue& operator=(const PatchQueue&) = delete;

    std::vector<Patch> next(); // the share of the next batch; blocks until it is made

private:
    void produce(std::stop_token stop);

    const PatchSampler& m_sampler;
    const BatchShare m_share;
    const std::size_t m_capacity;
    std::uint64_t m_batch;
    std::mutex m_mutex; // guards m_ready
    std::condition_variable_any m_changed;
    std::deque<std::vector<Patch>> m_ready;
    std::jthread m_producer; // last: starts when all else stands
};

} // namespace annotomy
