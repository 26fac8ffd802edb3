#include "ml/internal/grad_cam.h"

#include "ml/internal/torch_error.h"
#include "ml/internal/torch_module.h"

#include <torch/csrc/autograd/autograd.h>

namespace annotomy {

namespace {

at::Tensor tileTensor(const ScoredTile& tile, std::span<const float> values)
{
    const std::vector<std::int64_t> shape{1, 1, tile.size[2], tile.size[1], tile.size[0]};
    return at::from_blob(const_cast<float*>(values.data()), shape);
}

// The deepest features and the gradient of the class's score by them, each [1, channels, k, j, i].
struct Evidence {
    at::Tensor features, gradient;
};

Evidence evidenceFor(TorchModule& network, const ScoredTile& tile, std::size_t output)
{
    c10::List<at::Tensor> features;
    {
        const at::NoGradGuard forward;
        features = network.module.get_method("features")({tileTensor(tile, tile.values).to(network.device)}).toTensorList();
    }
    const at::Tensor deepest = features.get(features.size() - 1).detach().requires_grad_();
    features.set(features.size() - 1, deepest);
    const at::AutoGradMode backward(true);
    const at::Tensor logits = network.module.get_method("logits_of")({features}).toTensor();
    const at::Tensor ofClass = logits.narrow(1, static_cast<std::int64_t>(output), 1);
    const at::Tensor score = (ofClass * tileTensor(tile, tile.weights).to(network.device)).sum();
    return {deepest.detach(), torch::autograd::grad({score}, {deepest}).front()};
}

at::Tensor activationMap(const Evidence& evidence)
{
    const at::Tensor weights = evidence.gradient.mean({2, 3, 4}, true);
    return at::relu((weights * evidence.features).sum(1, true));
}

} // namespace

bool showsFeatures(const Model& model)
{
    const torch::jit::Module& module = model.torchModule().module;
    return module.find_method("features").has_value() && module.find_method("logits_of").has_value();
}

TileExplainer gradCam(const Model& model, std::size_t output)
{
    return [=](const ScoredTile& tile, std::span<float> map, const ProgressReport&) -> Result<void> {
        try {
            const Evidence evidence = evidenceFor(model.torchModule(), tile, output);
            const at::Tensor found = activationMap(evidence);
            tileTensor(tile, map).copy_(at::upsample_trilinear3d(found, {tile.size[2], tile.size[1], tile.size[0]}, false));
            return {};
        } catch (const std::exception& e) {
            return errorFromTorch(e, ErrorCode::Malformed, model.card().name);
        }
    };
}

} // namespace annotomy
