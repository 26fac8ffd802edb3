#include "ml/internal/quick_predictor.h"

#include "ml/internal/torch_module.h"

#ifdef ANNOTOMY_ONEDNN
#include "ml/internal/network_image.h"
#include "ml/internal/torch_error.h"
#include "ml/internal/unet_executor.h"

#include <ATen/Parallel.h>

#include <malloc.h>

#include <algorithm>
#include <cmath>
#endif

namespace annotomy {

#ifdef ANNOTOMY_ONEDNN

namespace {

constexpr float tolerance = 1e-3F; // of probabilities

bool isPlain(const at::Tensor& parameter)
{
    return parameter.device().is_cpu() && parameter.scalar_type() == at::kFloat && parameter.is_contiguous();
}

// Views of the module's parameters; none where one of them is not plain.
NetworkParameters parametersOf(const TorchModule& module)
{
    NetworkParameters parameters;
    for (const auto& named : module.module.named_parameters()) {
        if (!isPlain(named.value))
            return {};
        parameters[named.name] = {named.value.data_ptr<float>(), static_cast<std::size_t>(named.value.numel())};
    }
    return parameters;
}

std::unique_ptr<UNetExecutor> executorOf(const TorchModule& module, const ModelCard& card, const NetworkShape& shape,
                                         const Index3& tile)
{
    return UNetExecutor::create(shape, parametersOf(module), tile, card.temperature, at::get_num_threads());
}

// Whether the executor and LibTorch agree on a tile of two voxels at the deepest level.
bool givesTheSame(const TorchModule& module, const ModelCard& card, const NetworkShape& shape,
                  const std::function<TilePredictor(const Index3&)>& general)
{
    Index3 tile{};
    for (std::size_t a = 0; a < 3; ++a)
        tile[a] = 2 << shape.poolings[a];
    const std::unique_ptr<UNetExecutor> executor = executorOf(module, card, shape, tile);
    if (!executor)
        return false;
    const std::size_t voxels = voxelCountOf(tile);
    std::vector<float> input(voxels * static_cast<std::size_t>(shape.inputs));
    for (std::size_t n = 0; n < input.size(); ++n)
        input[n] = std::sin(0.1F * static_cast<float>(n * n % 977));
    std::vector<float> quick(voxels * static_cast<std::size_t>(shape.outputs)), slow(quick.size());
    executor->run(input, quick);
    if (!general(tile)(input, slow))
        return false;
    return std::equal(quick.begin(), quick.end(), slow.begin(),
                      [](float a, float b) { return std::abs(a - b) <= tolerance; });
}

} // namespace

TilePredictor quickPredictor(TorchModule& module, const ModelCard& card, const NetworkShape& shape, const Index3& tile,
                             const std::function<TilePredictor(const Index3&)>& general)
try {
    if (card.network == foreignNetwork || card.outputKind != OutputKind::Softmax || card.axisOrder != AxisOrder::Kji)
        return {};
    if (!module.runsQuickly) {
        module.runsQuickly = givesTheSame(module, card, shape, general);
        ::malloc_trim(0); // what LibTorch took for it is not needed again
    }
    if (!*module.runsQuickly)
        return {};
    const std::shared_ptr<UNetExecutor> executor = executorOf(module, card, shape, tile);
    if (!executor)
        return {};
    const std::size_t inputs = voxelCountOf(tile) * static_cast<std::size_t>(shape.inputs);
    return [executor, inputs, name = card.name](std::span<const float> values, std::span<float> probabilities) -> Result<void> {
        if (values.size() != inputs)
            return Error{ErrorCode::Malformed, name, "the image has another number of channels than the model"};
        try {
            executor->run(values, probabilities);
            return {};
        } catch (const std::exception& e) {
            return errorFromTorch(e, ErrorCode::Malformed, name);
        }
    };
} catch (const std::exception&) {
    return {}; // LibTorch may still do it
}

#else

TilePredictor quickPredictor(TorchModule&, const ModelCard&, const NetworkShape&, const Index3&,
                             const std::function<TilePredictor(const Index3&)>&)
{
    return {};
}

#endif

} // namespace annotomy
