#include "ml/internal/network_call.h"

namespace annotomy {

namespace {

const std::vector<std::int64_t> reversedAxes{0, 1, 4, 3, 2}, leftAndBack{2, 3}; // in [i, j, k]: LPS to RAS

at::Tensor firstTensor(const c10::IValue& value)
{
    if (value.isTensor())
        return value.toTensor();
    if (value.isTuple() && value.toTupleRef().elements().size() > 0)
        return firstTensor(value.toTupleRef().elements()[0]);
    if (value.isList() && value.toListRef().size() > 0)
        return firstTensor(value.toListRef().front());
    throw std::runtime_error("the network gives no tensor");
}

} // namespace

at::Tensor networkLogits(const TorchModule& torch, const ModelCard& card, const at::Tensor& images)
{
    torch::jit::Module module = torch.module;
    if (card.axisOrder == AxisOrder::Kji)
        return firstTensor(module.forward({images}));
    const at::Tensor turned = images.permute(reversedAxes).flip(leftAndBack);
    return firstTensor(module.forward({turned})).flip(leftAndBack).permute(reversedAxes);
}

std::vector<at::Tensor> trainingLogits(const TorchModule& torch, const ModelCard& card, const at::Tensor& images)
{
    if (const auto method = card.network == foreignNetwork ? c10::nullopt : torch.module.find_method("forward_all"))
        return (*method)({images}).toTensorVector();
    const at::Tensor logits = networkLogits(torch, card, images);
    if (card.outputKind == OutputKind::Softmax)
        return {logits};
    return {at::cat({at::zeros_like(logits.slice(1, 0, 1)), logits}, 1)};
}

at::Tensor probabilitiesOf(const at::Tensor& logits, OutputKind kind)
{
    if (kind == OutputKind::Softmax)
        return at::softmax(logits, 1, at::kFloat);
    const at::Tensor classes = at::sigmoid(logits.to(at::kFloat));
    return at::cat({1 - classes.amax(1, true), classes}, 1);
}

} // namespace annotomy
