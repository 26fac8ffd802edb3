#pragma once

#include "core/image/vec.h"
#include "ml/internal/arena_plan.h"
#include "ml/internal/blocked_convolution.h"
#include "ml/internal/winograd_convolution.h"

#include <cstdlib>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace annotomy {

// Channels within a buffer of blocked activations (blocked_passes.h). Those of another view may share its first and last
// block; so channels are joined by writing them into one buffer.
struct BlockedView {
    int buffer = -1; // -1: the network's input
    int firstBlock = 0, blocks = 1;
    int firstLane = 0; // of the first channel within the first block; the lanes before it are others' or 0
    int channels = 1;
    Index3 size{}; // voxels (i, j, k)

    std::size_t voxels() const
    {
        return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(size[2]);
    }
};

struct NormWeights {
    std::span<const float> gamma, beta; // per channel
};

// A network as steps over blocked activations, all of them in one arena. Steps are added in the order of their running;
// arrange() must follow the last one. Not to be run by two threads at once.
class BlockedProgram {
public:
    BlockedProgram(int lanes, int threads) : m_lanes(lanes), m_threads(threads) {}

    // [channels][k][j][i], as given to run().
    BlockedView input(int channels, const Index3& size);
    BlockedView buffer(int channels, const Index3& size);
    BlockedView part(const BlockedView& whole, int firstChannel, int channels) const;
    BlockedView like(const BlockedView& view); // a buffer of its own, its channels at the same lanes

    // False when there is no quick implementation. Writes 0 to the lanes that `to` has no channel for.
    bool convolve(const BlockedView& from, const BlockedView& to, std::span<const float> weights, const Index3& kernel,
                  const Index3& stride);
    // Instance norm (epsilon 1e-5), the residual added, leaky ReLU (slope 0.01), in place.
    void normalise(const BlockedView& view, const NormWeights& norm, const BlockedView* residual = nullptr);
    // Trilinear upsampling by 1 or 2 per axis. Where `to` shares its last block, the other lanes are kept; its own must be 0.
    void upsample(const BlockedView& from, const BlockedView& to);
    // Instance norm, leaky ReLU, a 1x1x1 convolution to outputs and their softmax, which run() hands over.
    void finish(const BlockedView& view, const NormWeights& norm, std::span<const float> weights, std::span<const float> bias);

    void arrange(); // throws std::bad_alloc
    void run(std::span<const float> input, std::span<float> probabilities);

    std::size_t arenaBytes() const { return m_plan.total() * sizeof(float); }

private:
    // Scale and offset per lane of a view, from its activations' mean and variance.
    struct Affine {
        std::vector<float> scale, offset;
    };
    struct LaneWeights {
        std::vector<float> gamma, beta;
    };
    struct Release {
        void operator()(float* memory) const { std::free(memory); }
    };

    void addStep(std::initializer_list<const BlockedView*> uses, std::function<void()> step);
    void convolveByWinograd(const BlockedView& from, const BlockedView& to,
                            const std::shared_ptr<WinogradConvolution>& convolution);
    BlockedView packed(const BlockedView& input);
    LaneWeights laneWeights(const BlockedView& view, const NormWeights& norm) const;
    std::vector<float> sampledMeans(const BlockedView& view) const; // per lane
    Affine affineOf(const BlockedView& view, const LaneWeights& weights);
    void normaliseNow(const BlockedView& view, const BlockedView* residual, const LaneWeights& weights);
    void upsampleNow(const BlockedView& from, const BlockedView& to, float* rows);
    float* at(const BlockedView& view) const;
    float* at(int buffer) const { return m_arena.get() + m_plan.offset(buffer); }

    int m_lanes, m_threads;
    ArenaPlan m_plan;
    std::unique_ptr<float, Release> m_arena;
    std::vector<std::function<void()>> m_steps;
    const float* m_input = nullptr;
    float* m_probabilities = nullptr;
    BlockedView m_packed; // the input in blocks, once a step needs it
};

} // namespace annotomy
