#include "ml/internal/blocked_program.h"

#include "ml/internal/blocked_passes.h"

#include <algorithm>
#include <cmath>
#include <new>

#include <omp.h>

namespace annotomy {

namespace {

constexpr std::size_t chunkVoxels = 4096; // of the streaming passes
constexpr std::size_t alignment = 64 / sizeof(float);
constexpr int mostPlainChannels = 3; // that oneDNN's first convolutions read without blocks
constexpr double epsilon = 1e-5;

// body(n, thread) for n = 0 to count - 1.
template <class Body>
void inParallel(std::size_t count, int threads, Body&& body)
{
    const auto end = static_cast<std::ptrdiff_t>(count);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (std::ptrdiff_t n = 0; n < end; ++n)
        body(static_cast<std::size_t>(n), static_cast<std::size_t>(omp_get_thread_num()));
}

// A stretch of a view's voxels in one of its blocks.
struct Chunk {
    std::size_t block, begin, voxels;
};

std::size_t chunksPerBlock(const BlockedView& view)
{
    return (view.voxels() + chunkVoxels - 1) / chunkVoxels;
}

Chunk chunkOf(const BlockedView& view, std::size_t n)
{
    const std::size_t perBlock = chunksPerBlock(view), begin = n % perBlock * chunkVoxels;
    return {n / perBlock, begin, std::min(chunkVoxels, view.voxels() - begin)};
}

// Where a voxel of a twice finer axis lies between two of the coarser one.
struct Between {
    std::size_t low, high;
    float highWeight;
};

Between betweenOf(std::size_t fine, std::size_t coarseSize, bool isHalved)
{
    if (!isHalved)
        return {fine, fine, 0};
    const std::size_t n = fine / 2;
    if (fine % 2 == 0)
        return {n > 0 ? n - 1 : 0, n, 0.75F};
    return {n, std::min(n + 1, coarseSize - 1), 0.25F};
}

class ThreadCount {
public:
    explicit ThreadCount(int threads) : m_before(omp_get_max_threads()) { omp_set_num_threads(threads); }
    ~ThreadCount() { omp_set_num_threads(m_before); }
    ThreadCount(const ThreadCount&) = delete;
    ThreadCount& operator=(const ThreadCount&) = delete;

private:
    int m_before;
};

} // namespace

BlockedView BlockedProgram::input(int channels, const Index3& size)
{
    BlockedView view;
    view.blocks = 0;
    view.channels = channels;
    view.size = size;
    return view;
}

BlockedView BlockedProgram::buffer(int channels, const Index3& size)
{
    BlockedView view;
    view.blocks = (channels + m_lanes - 1) / m_lanes;
    view.channels = channels;
    view.size = size;
    view.buffer = m_plan.add(static_cast<std::size_t>(view.blocks * m_lanes) * view.voxels());
    return view;
}

BlockedView BlockedProgram::part(const BlockedView& whole, int firstChannel, int channels) const
{
    BlockedView view = whole;
    const int lane = whole.firstLane + firstChannel;
    view.firstBlock = whole.firstBlock + lane / m_lanes;
    view.firstLane = lane % m_lanes;
    view.channels = channels;
    view.blocks = (view.firstLane + channels + m_lanes - 1) / m_lanes;
    return view;
}

BlockedView BlockedProgram::like(const BlockedView& view)
{
    return part(buffer(view.firstLane + view.channels, view.size), view.firstLane, view.channels);
}

void BlockedProgram::addStep(std::initializer_list<const BlockedView*> uses, std::function<void()> step)
{
    for (const BlockedView* view : uses)
        if (view && view->buffer >= 0)
            m_plan.use(view->buffer, static_cast<int>(m_steps.size()));
    m_steps.push_back(std::move(step));
}

float* BlockedProgram::at(const BlockedView& view) const
{
    return at(view.buffer) + static_cast<std::size_t>(view.firstBlock * m_lanes) * view.voxels();
}

BlockedView BlockedProgram::packed(const BlockedView& plain)
{
    if (m_packed.buffer >= 0)
        return m_packed;
    m_packed = buffer(plain.channels, plain.size);
    addStep({&m_packed}, [this, view = m_packed] {
        const std::size_t voxels = view.voxels(), lanes = static_cast<std::size_t>(m_lanes);
        const auto channels = static_cast<std::size_t>(view.channels);
        float* blocks = at(view);
        inParallel(static_cast<std::size_t>(view.blocks) * chunksPerBlock(view), m_threads, [&](std::size_t n, std::size_t) {
            const Chunk chunk = chunkOf(view, n);
            for (std::size_t v = chunk.begin; v < chunk.begin + chunk.voxels; ++v)
                for (std::size_t lane = 0; lane < lanes; ++lane) {
                    const std::size_t channel = chunk.block * lanes + lane;
                    blocks[(chunk.block * voxels + v) * lanes + lane] = channel < channels ? m_input[channel * voxels + v] : 0;
                }
        });
    });
    return m_packed;
}

bool BlockedProgram::convolve(const BlockedView& from, const BlockedView& to, std::span<const float> weights,
                              const Index3& kernel, const Index3& stride)
{
    const ThreadCount threads(m_threads);
    const BlockedView source = from.buffer < 0 && from.channels > mostPlainChannels ? packed(from) : from;
    const ConvolutionShape shape{source.blocks, to.blocks, source.size, kernel, stride};
    const PlacedWeights placed{weights, to.channels, source.channels, to.firstLane, source.firstLane};
    if (WinogradConvolution::isQuickHere() && WinogradConvolution::suits(shape)) {
        convolveByWinograd(source, to, std::make_shared<WinogradConvolution>(m_lanes, shape, placed));
        return true;
    }
    const std::shared_ptr<BlockedConvolution> convolution = BlockedConvolution::create(m_lanes, shape, placed);
    if (!convolution)
        return false;
    BlockedView scratch;
    scratch.buffer = m_plan.add(convolution->scratchFloats());
    addStep({&source, &to, &scratch}, [this, source, to, scratch, convolution] {
        convolution->run(source.buffer < 0 ? m_input : at(source), at(to), at(scratch.buffer));
    });
    return true;
}

void BlockedProgram::convolveByWinograd(const BlockedView& from, const BlockedView& to,
                                        const std::shared_ptr<WinogradConvolution>& convolution)
{
    BlockedView scratch; // for each thread
    scratch.buffer = m_plan.add(static_cast<std::size_t>(m_threads) * convolution->scratchFloats());
    addStep({&from, &to, &scratch}, [this, from, to, scratch, convolution] {
        const float* input = at(from);
        float *output = at(to), *room = at(scratch.buffer);
        inParallel(convolution->strips(), m_threads, [&](std::size_t strip, std::size_t thread) {
            convolution->runStrip(strip, input, output, room + thread * convolution->scratchFloats());
        });
    });
}

BlockedProgram::LaneWeights BlockedProgram::laneWeights(const BlockedView& view, const NormWeights& norm) const
{
    const auto lanes = static_cast<std::size_t>(view.blocks * m_lanes);
    LaneWeights weights{std::vector<float>(lanes, 0), std::vector<float>(lanes, 0)};
    std::copy(norm.gamma.begin(), norm.gamma.end(), weights.gamma.begin() + view.firstLane);
    std::copy(norm.beta.begin(), norm.beta.end(), weights.beta.begin() + view.firstLane);
    return weights;
}

std::vector<float> BlockedProgram::sampledMeans(const BlockedView& view) const
{
    constexpr std::size_t samples = 64;
    const auto lanes = static_cast<std::size_t>(m_lanes);
    const std::size_t step = (view.voxels() / samples) | 1; // odd, or it might meet the same column in every row
    const std::size_t taken = (view.voxels() + step - 1) / step;
    const float* x = at(view);
    std::vector<float> means(static_cast<std::size_t>(view.blocks) * lanes, 0);
    for (std::size_t lane = 0; lane < means.size(); ++lane) {
        const float* first = x + lane / lanes * view.voxels() * lanes + lane % lanes;
        for (std::size_t n = 0; n < taken; ++n)
            means[lane] += first[n * step * lanes] / static_cast<float>(taken);
    }
    return means;
}

BlockedProgram::Affine BlockedProgram::affineOf(const BlockedView& view, const LaneWeights& weights)
{
    const auto lanes = static_cast<std::size_t>(m_lanes);
    const std::size_t perBlock = chunksPerBlock(view), chunks = static_cast<std::size_t>(view.blocks) * perBlock;
    const std::size_t blockSize = view.voxels() * lanes;
    const float* x = at(view);
    const std::vector<float> shift = sampledMeans(view);
    std::vector<double> sums(chunks * lanes), squares(chunks * lanes);
    inParallel(chunks, m_threads, [&](std::size_t n, std::size_t) {
        const Chunk chunk = chunkOf(view, n);
        shiftedSums(m_lanes, x + chunk.block * blockSize + chunk.begin * lanes, chunk.voxels, &shift[chunk.block * lanes],
                    &sums[n * lanes], &squares[n * lanes]);
    });
    Affine affine = {weights.gamma, weights.beta};
    for (std::size_t lane = 0; lane < affine.scale.size(); ++lane) {
        const std::size_t block = lane / lanes;
        double sum = 0, square = 0;
        for (std::size_t n = block * perBlock; n < (block + 1) * perBlock; ++n) {
            sum += sums[n * lanes + lane % lanes];
            square += squares[n * lanes + lane % lanes];
        }
        const double shifted = sum / static_cast<double>(view.voxels());
        const double variance = std::max(square / static_cast<double>(view.voxels()) - shifted * shifted, 0.0);
        const double scale = weights.gamma[lane] / std::sqrt(variance + epsilon);
        affine.scale[lane] = static_cast<float>(scale);
        affine.offset[lane] = static_cast<float>(weights.beta[lane] - (shifted + shift[lane]) * scale);
    }
    return affine;
}

void BlockedProgram::normalise(const BlockedView& view, const NormWeights& norm, const BlockedView* residual)
{
    const std::shared_ptr<const BlockedView> added = residual ? std::make_shared<BlockedView>(*residual) : nullptr;
    addStep({&view, residual}, [this, view, added, weights = laneWeights(view, norm)] {
        normaliseNow(view, added.get(), weights);
    });
}

void BlockedProgram::normaliseNow(const BlockedView& view, const BlockedView* residual, const LaneWeights& weights)
{
    const Affine affine = affineOf(view, weights);
    const auto lanes = static_cast<std::size_t>(m_lanes);
    float* x = at(view);
    const float* added = residual ? at(*residual) : nullptr;
    inParallel(static_cast<std::size_t>(view.blocks) * chunksPerBlock(view), m_threads, [&](std::size_t n, std::size_t) {
        const Chunk chunk = chunkOf(view, n);
        const std::size_t offset = (chunk.block * view.voxels() + chunk.begin) * lanes;
        scaleAndActivate(m_lanes, x + offset, added ? added + offset : nullptr, chunk.voxels,
                         &affine.scale[chunk.block * lanes], &affine.offset[chunk.block * lanes]);
    });
}

void BlockedProgram::upsample(const BlockedView& from, const BlockedView& to)
{
    BlockedView rows; // one a thread
    rows.buffer = m_plan.add(static_cast<std::size_t>(m_threads * m_lanes) * static_cast<std::size_t>(from.size[0]));
    addStep({&from, &to, &rows}, [this, from, to, rows] { upsampleNow(from, to, at(rows.buffer)); });
}

void BlockedProgram::upsampleNow(const BlockedView& from, const BlockedView& to, float* rows)
{
    const auto lanes = static_cast<std::size_t>(m_lanes);
    const auto width = static_cast<std::size_t>(from.size[0]), height = static_cast<std::size_t>(from.size[1]);
    const auto depth = static_cast<std::size_t>(from.size[2]);
    const auto rowCount = static_cast<std::size_t>(to.size[1]), planeCount = static_cast<std::size_t>(to.size[2]);
    const std::size_t rowSize = static_cast<std::size_t>(to.size[0]) * lanes;
    const bool isShared = (to.firstLane + to.channels) % m_lanes != 0; // the last block, with the channels that follow
    inParallel(static_cast<std::size_t>(to.blocks) * planeCount * rowCount, m_threads, [&](std::size_t n, std::size_t thread) {
        const std::size_t j = n % rowCount, k = n / rowCount % planeCount, block = n / (rowCount * planeCount);
        const Between y = betweenOf(j, height, rowCount > height), z = betweenOf(k, depth, planeCount > depth);
        const float* source = at(from) + block * from.voxels() * lanes;
        const auto rowAt = [&](std::size_t plane, std::size_t row) { return source + (plane * height + row) * width * lanes; };
        float* row = rows + thread * width * lanes;
        blendRows(m_lanes, {rowAt(z.low, y.low), rowAt(z.low, y.high), rowAt(z.high, y.low), rowAt(z.high, y.high)},
                  {(1 - z.highWeight) * (1 - y.highWeight), (1 - z.highWeight) * y.highWeight,
                   z.highWeight * (1 - y.highWeight), z.highWeight * y.highWeight},
                  width, row);
        float* out = at(to) + block * to.voxels() * lanes + (k * rowCount + j) * rowSize;
        widenRow(m_lanes, row, width, to.size[0] / from.size[0],
                 isShared && block + 1 == static_cast<std::size_t>(to.blocks), out);
    });
}

void BlockedProgram::finish(const BlockedView& view, const NormWeights& norm, std::span<const float> weights,
                            std::span<const float> bias)
{
    const std::size_t outputs = bias.size(), channels = weights.size() / outputs, group = headGroup;
    const std::size_t groups = (outputs + group - 1) / group, lanes = static_cast<std::size_t>(view.blocks * m_lanes);
    std::vector<float> grouped(groups * lanes * group, 0), groupedBias(groups * group, 0);
    for (std::size_t o = 0; o < outputs; ++o) {
        groupedBias[o] = bias[o];
        for (std::size_t c = 0; c < channels; ++c)
            grouped[(o / group * lanes + static_cast<std::size_t>(view.firstLane) + c) * group + o % group] =
                weights[o * channels + c];
    }
    addStep({&view}, [this, view, outputs, grouped, groupedBias, laneNorm = laneWeights(view, norm)] {
        const Affine affine = affineOf(view, laneNorm);
        const HeadWeights head{view.blocks, static_cast<int>(outputs), affine.scale.data(), affine.offset.data(),
                               grouped.data(), groupedBias.data()};
        const std::size_t voxels = view.voxels(), blockLanes = static_cast<std::size_t>(m_lanes);
        const float* x = at(view);
        inParallel(chunksPerBlock(view), m_threads, [&](std::size_t n, std::size_t) {
            const Chunk chunk = chunkOf(view, n);
            headSoftmax(m_lanes, x + chunk.begin * blockLanes, voxels * blockLanes, chunk.voxels, head,
                        m_probabilities + chunk.begin, voxels);
        });
    });
}

void BlockedProgram::arrange()
{
    m_plan.place(alignment);
    const std::size_t bytes = std::max<std::size_t>(arenaBytes(), alignment * sizeof(float));
    m_arena.reset(static_cast<float*>(std::aligned_alloc(alignment * sizeof(float), bytes)));
    if (!m_arena)
        throw std::bad_alloc();
}

void BlockedProgram::run(std::span<const float> input, std::span<float> probabilities)
{
    const ThreadCount threads(m_threads);
    m_input = input.data();
    m_probabilities = probabilities.data();
    for (const std::function<void()>& step : m_steps)
        step();
}

} // namespace annotomy
