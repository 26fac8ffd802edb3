#include "ml/internal/device_window.h"

#include "ml/internal/mixed_precision.h"
#include "ml/internal/network_call.h"
#include "ml/internal/network_image.h"
#include "ml/internal/torch_error.h"
#include "ml/internal/torch_module.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <bit>

namespace annotomy {

namespace {

constexpr std::size_t mostTilesAtOnce = 32;

// The mean over mirror images. tiles: float32 [N, 1, k, j, i]; result: float32 [N, C, k, j, i].
at::Tensor predicted(const Model& model, const at::Tensor& tiles, const Index3& mirrorAxes)
{
    at::Tensor sum;
    unsigned possible = 0;
    for (std::size_t a = 0; a < 3; ++a)
        if (mirrorAxes[a] != 0)
            possible |= 1U << a;
    for (unsigned subset = 0; subset < 8; ++subset) {
        if ((subset & ~possible) != 0)
            continue;
        std::vector<std::int64_t> dimensions;
        for (unsigned a = 0; a < 3; ++a)
            if ((subset >> a & 1U) != 0)
                dimensions.push_back(4 - static_cast<std::int64_t>(a));
        const at::Tensor logits = networkLogits(model.torchModule(), model.card(), tiles.flip(dimensions)).to(at::kFloat);
        const at::Tensor one = probabilitiesOf(logits / model.card().temperature, model.card().outputKind).flip(dimensions);
        sum = sum.defined() ? sum + one : one;
    }
    return possible == 0 ? sum : sum / (1 << std::popcount(possible));
}

at::Tensor tileWeightsOn(const c10::Device& device, const Index3& tile)
{
    std::array<at::Tensor, 3> axes;
    for (std::size_t a = 0; a < 3; ++a)
        axes[a] = at::tensor(tileWeights(tile[a]));
    const at::Tensor product = axes[2].view({-1, 1, 1}) * axes[1].view({1, -1, 1}) * axes[0].view({1, 1, -1});
    return product.clamp_min(leastTileWeight).to(device);
}

class DeviceWindow {
public:
    DeviceWindow(const SlidingWindow& window, std::span<const float> image, const Model& model, const Index3& mirrorAxes,
                 const TilePredictor& fallback, const NoteSink& note)
        : m_window(window), m_model(model), m_mirrorAxes(mirrorAxes), m_fallback(fallback), m_note(note),
          m_device(model.torchModule().device)
    {
        std::vector<std::int64_t> padding;
        for (std::size_t a = 0; a < 3; ++a) {
            m_starts[a] = tileStarts(window.image[a], window.tile[a], window.overlap);
            m_before[a] = std::max(0, -m_starts[a].front());
            m_size[a] = std::max(window.image[a], window.tile[a]);
            padding.push_back(m_before[a]);
            padding.push_back(m_size[a] - window.image[a] - m_before[a]);
        }
        const Index3& size = window.image;
        m_image = at::from_blob(const_cast<float*>(image.data()), {size[2], size[1], size[0]});
        if (m_size != size)
            m_image = at::constant_pad_nd(m_image, padding, window.padding);
        const auto options = at::TensorOptions().device(m_device);
        m_weights = tileWeightsOn(m_device, window.tile);
        m_sums = at::zeros({window.outputs, window.tile[2], m_size[1], m_size[0]}, options);
        m_weightSums = at::zeros({window.tile[2], m_size[1], m_size[0]}, options);
    }

    Result<void> run(const PlaneSink& sink, const std::stop_token& stop, const ProgressReport& report)
    {
        int finished = 0;
        for (std::size_t layer = 0; layer < m_starts[2].size(); ++layer) {
            const int first = m_starts[2][layer] + m_before[2];
            if (const Result<void> added = addLayer(first, stop, report); !added)
                return added;
            const bool last = layer + 1 == m_starts[2].size();
            const int end = last ? m_size[2] : m_starts[2][layer + 1];
            handOver(finished, end, sink);
            finished = end;
        }
        return {};
    }

private:
    Result<void> addLayer(int first, const std::stop_token& stop, const ProgressReport& report)
    {
        std::vector<Index3> tiles;
        for (const int j : m_starts[1])
            for (const int i : m_starts[0])
                tiles.push_back({i + m_before[0], j + m_before[1], first});
        const double total = static_cast<double>(tiles.size() * m_starts[2].size());
        for (std::size_t n = 0; n < tiles.size();) {
            if (stop.stop_requested())
                return cancelledError();
            const std::size_t count = std::min(std::max<std::size_t>(1, m_batch), tiles.size() - n);
            const Result<bool> added = addTiles(std::span(tiles).subspan(n, count));
            if (!added)
                return added.error();
            if (!*added)
                continue; // again, with a smaller batch
            n += count;
            m_done += count;
            reportProgress(report, static_cast<double>(m_done) / total);
        }
        return {};
    }

    // false: there was not enough memory, and m_batch is smaller now.
    Result<bool> addTiles(std::span<const Index3> tiles)
    try {
        const at::Tensor cut = cutTiles(tiles);
        const at::Tensor probabilities = m_batch > 0 ? byModel(cut) : byFallback(cut);
        if (m_failure)
            return *m_failure;
        for (std::size_t n = 0; n < tiles.size(); ++n)
            add(tiles[n], probabilities[static_cast<std::int64_t>(n)]);
        return true;
    } catch (const std::exception& e) {
        const Error error = errorFromTorch(e, ErrorCode::Malformed, m_model.card().name);
        const bool ranOut = error.code == ErrorCode::OutOfMemory;
        if (m_batch == 0 || (!ranOut && tiles.size() == 1))
            return error;
        if (tiles.size() > 1 && m_note && ranOut)
            m_note(stepNote({static_cast<int>(tiles.size()), {}, m_model.device()},
                            {static_cast<int>(tiles.size() / 2), {}, m_model.device()}));
        m_batch = tiles.size() / 2; // a foreign network may not take batches at all
        return false;
    }

    // [N, 1, k, j, i] in page-locked memory when the device is another than the CPU.
    at::Tensor cutTiles(std::span<const Index3> tiles) const
    {
        const Index3& tile = m_window.tile;
        const auto options = at::TensorOptions().pinned_memory(m_device.is_cuda());
        at::Tensor cut = at::empty({static_cast<std::int64_t>(tiles.size()), 1, tile[2], tile[1], tile[0]}, options);
        for (std::size_t n = 0; n < tiles.size(); ++n)
            cut[static_cast<std::int64_t>(n)][0].copy_(m_image.narrow(0, tiles[n][2], tile[2])
                                                           .narrow(1, tiles[n][1], tile[1])
                                                           .narrow(2, tiles[n][0], tile[0]));
        return cut;
    }

    at::Tensor byModel(const at::Tensor& tiles) const
    {
        const MixedPrecision mixed(m_device);
        const at::Tensor probabilities = predicted(m_model, tiles.to(m_device, true), m_mirrorAxes);
        const std::vector<std::int64_t> expected{tiles.size(0), m_window.outputs, tiles.size(2), tiles.size(3), tiles.size(4)};
        if (probabilities.sizes() != at::IntArrayRef(expected))
            throw std::runtime_error("the model's output does not fit its card");
        return probabilities;
    }

    at::Tensor byFallback(const at::Tensor& tile)
    {
        at::Tensor probabilities = at::empty({1, m_window.outputs, tile.size(2), tile.size(3), tile.size(4)});
        const Result<void> done = m_fallback({tile.data_ptr<float>(), static_cast<std::size_t>(tile.numel())},
                                             {probabilities.data_ptr<float>(), static_cast<std::size_t>(probabilities.numel())});
        if (!done)
            m_failure = done.error();
        return probabilities.to(m_device);
    }

    void add(const Index3& start, const at::Tensor& probabilities)
    {
        const Index3& tile = m_window.tile;
        m_sums.narrow(2, start[1], tile[1]).narrow(3, start[0], tile[0]).addcmul_(probabilities, m_weights.unsqueeze(0));
        m_weightSums.narrow(1, start[1], tile[1]).narrow(2, start[0], tile[0]).add_(m_weights);
    }

    // Planes [from, end) of the padded image are finished; the sums move up by as many.
    void handOver(int from, int end, const PlaneSink& sink)
    {
        const Index3& size = m_window.image;
        const std::int64_t count = end - from, left = m_window.tile[2] - count;
        const at::Tensor planes = (m_sums.narrow(1, 0, count) / m_weightSums.narrow(0, 0, count))
                                      .narrow(2, m_before[1], size[1])
                                      .narrow(3, m_before[0], size[0])
                                      .transpose(0, 1)
                                      .contiguous()
                                      .to(at::kCPU);
        for (std::int64_t n = 0; n < count; ++n) {
            const int k = from + static_cast<int>(n) - m_before[2];
            const at::Tensor plane = planes[n];
            if (k >= 0 && k < size[2])
                sink(k, {plane.data_ptr<float>(), static_cast<std::size_t>(plane.numel())});
        }
        if (left > 0) {
            m_sums.narrow(1, 0, left).copy_(m_sums.narrow(1, count, left).clone());
            m_weightSums.narrow(0, 0, left).copy_(m_weightSums.narrow(0, count, left).clone());
        }
        m_sums.narrow(1, left, count).zero_();
        m_weightSums.narrow(0, left, count).zero_();
    }

    const SlidingWindow& m_window;
    const Model& m_model;
    Index3 m_mirrorAxes;
    const TilePredictor& m_fallback;
    const NoteSink& m_note;
    c10::Device m_device;
    std::array<std::vector<int>, 3> m_starts; // in the image
    Index3 m_before{}, m_size{};              // voxels before the image, and size, when it is padded to at least a tile
    at::Tensor m_image;                       // [k, j, i], padded
    at::Tensor m_weights;                     // of a tile
    at::Tensor m_sums, m_weightSums;          // of the planes of a layer of tiles: [C, k, j, i], [k, j, i]
    std::size_t m_batch = mostTilesAtOnce;    // 0: the fallback's turn
    std::size_t m_done = 0;
    std::optional<Error> m_failure; // the fallback's
};

} // namespace

Result<void> slideWindowOnDevice(const SlidingWindow& window, std::span<const float> image, const Model& model,
                                 const Index3& mirrorAxes, const TilePredictor& fallback, const PlaneSink& sink,
                                 const NoteSink& note, std::stop_token stop, const ProgressReport& report)
try {
    const c10::InferenceMode inference;
    std::unique_ptr<DeviceWindow> onDevice;
    try {
        onDevice = std::make_unique<DeviceWindow>(window, image, model, mirrorAxes, fallback, note);
    } catch (const std::exception& e) {
        const Error error = errorFromTorch(e, ErrorCode::Malformed, model.card().name);
        if (error.code != ErrorCode::OutOfMemory)
            return error;
        if (note)
            note("The memory of " + model.device() + " ran out: results are gathered in the main memory.");
        return slideWindow(window, image, fallback, sink, stop, report);
    }
    return onDevice->run(sink, stop, report);
} catch (const std::exception& e) {
    return errorFromTorch(e, ErrorCode::Malformed, model.card().name);
}

} // namespace annotomy
