#include "ml/internal/model.h"

#include "ml/internal/mixed_precision.h"
#include "ml/internal/network.h"
#include "ml/internal/network_call.h"
#include "ml/internal/quick_predictor.h"
#include "ml/internal/torch_error.h"
#include "ml/internal/torch_module.h"

#include <algorithm>
#include <map>
#include <new>

namespace annotomy {

namespace {

bool isOutputLayer(const std::string& parameter)
{
    return parameter.rfind("head", 0) == 0;
}

// Row of `from` for each row of `to` (outputs); -1 for a class that `from` does not know.
std::vector<std::int64_t> rowsByName(const ModelCard& from, const ModelCard& to)
{
    std::vector<std::int64_t> rows(to.classes.size() + 1, -1);
    rows[0] = 0;
    for (const ModelClass& wanted : to.classes)
        for (const ModelClass& known : from.classes)
            if (known.name == wanted.name)
                rows[static_cast<std::size_t>(wanted.output)] = known.output;
    return rows;
}

bool sameOutputs(const ModelCard& a, const ModelCard& b)
{
    const std::vector<std::int64_t> rows = rowsByName(a, b);
    for (std::size_t n = 0; n < rows.size(); ++n)
        if (rows[n] != static_cast<std::int64_t>(n))
            return false;
    return a.classes.size() == b.classes.size();
}

void copyWeights(const torch::jit::Module& from, torch::jit::Module& to,
                 const std::vector<std::int64_t>& rows)
{
    torch::NoGradGuard noGrad;
    std::map<std::string, at::Tensor> source;
    for (const auto& named : from.named_parameters())
        source.emplace(named.name, named.value);
    for (const auto& named : to.named_parameters()) {
        const at::Tensor& weights = source.at(named.name);
        if (!isOutputLayer(named.name)) {
            named.value.copy_(weights);
            continue;
        }
        for (std::size_t row = 0; row < rows.size(); ++row)
            if (rows[row] >= 0 && rows[row] < weights.size(0))
                named.value[static_cast<std::int64_t>(row)].copy_(weights[rows[row]]);
    }
}

Result<NetworkShape> shapeOf(const ModelCard& card)
{
    const Recipe& recipe = card.recipe;
    const bool possible = recipe.baseWidth >= 1 && recipe.baseWidth <= maxChannels && recipe.levels >= 2 &&
                          recipe.levels <= 8 && !card.channels.empty() && !card.classes.empty() &&
                          *std::min_element(recipe.poolings.begin(), recipe.poolings.end()) >= 0 &&
                          *std::max_element(recipe.poolings.begin(), recipe.poolings.end()) < recipe.levels;
    if (!possible)
        return Error{ErrorCode::InvalidArgument, card.name, "a network of this shape cannot be built"};
    NetworkShape shape;
    shape.kind = recipe.network;
    shape.inputs = static_cast<int>(card.channels.size());
    shape.outputs = static_cast<int>(card.classes.size()) + 1;
    shape.baseWidth = recipe.baseWidth;
    shape.levels = recipe.levels;
    shape.poolings = recipe.poolings;
    return shape;
}

} // namespace

Result<Model> Model::create(const ModelCard& card, std::uint64_t seed)
try {
    const Result<NetworkShape> shape = shapeOf(card);
    if (!shape)
        return shape.error();
    return Model(std::make_shared<TorchModule>(TorchModule{defineNetwork(*shape, seed)}), card);
} catch (const std::exception& e) {
    return errorFromTorch(e, ErrorCode::InvalidArgument, card.name);
}

Result<Model> Model::adaptedTo(const ModelCard& card, std::uint64_t seed) const
try {
    if (sameOutputs(m_card, card)) {
        Result<Model> same = copy();
        if (same)
            same->setCard(card);
        return same;
    }
    if (m_card.network == foreignNetwork)
        return Error{ErrorCode::Conflict, m_card.name,
                     "a foreign model can only be trained on its own classes"};
    Result<Model> fresh = create(card, seed);
    if (fresh)
        copyWeights(m_module->module, fresh->m_module->module, rowsByName(m_card, card));
    return fresh;
} catch (const std::exception& e) {
    return errorFromTorch(e, ErrorCode::Malformed, m_card.name);
}

Result<Model> Model::copy() const
try {
    const torch::NoGradGuard noGrad; // or the copies would be computed values, which cannot be trained
    return Model(std::make_shared<TorchModule>(TorchModule{m_module->module.deepcopy(), m_module->device}),
                 m_card);
} catch (const std::exception& e) {
    return errorFromTorch(e, ErrorCode::Malformed, m_card.name);
}

bool Model::trainable() const
{
    return parameterCount() > 0;
}

std::size_t Model::parameterCount() const
{
    std::size_t count = 0;
    for (const at::Tensor& p : m_module->parameters())
        count += static_cast<std::size_t>(p.numel());
    return count;
}

Result<void> Model::moveTo(const std::string& device)
try {
    m_module->device = c10::Device(device);
    m_module->module.to(m_module->device);
    return {};
} catch (const std::exception& e) {
    return errorFromTorch(e, ErrorCode::Unsupported, device);
}

std::string Model::device() const
{
    return m_module->device.str();
}

TilePredictor Model::predictor(const Index3& tile) const
{
    const auto general = [this](const Index3& size) { return torchPredictor(size); };
    const Result<NetworkShape> shape = shapeOf(m_card);
    TilePredictor quick = shape ? quickPredictor(*m_module, m_card, *shape, tile, general) : TilePredictor{};
    return quick ? quick : torchPredictor(tile);
}

TilePredictor Model::torchPredictor(const Index3& tile) const
{
    const std::shared_ptr<TorchModule> module = m_module;
    const std::vector<std::int64_t> input{1, 1, tile[2], tile[1], tile[0]};
    const std::vector<std::int64_t> output{1, outputs(), tile[2], tile[1], tile[0]};
    const ModelCard card = m_card;
    return [=](std::span<const float> values, std::span<float> probabilities) -> Result<void> {
        try {
            const c10::InferenceMode inference;
            const MixedPrecision mixed(module->device);
            const at::Tensor x = at::from_blob(const_cast<float*>(values.data()), input).to(module->device);
            const at::Tensor found = probabilitiesOf(networkLogits(*module, card, x) / card.temperature, card.outputKind);
            if (found.sizes() != at::IntArrayRef(output))
                return Error{ErrorCode::Malformed, card.name, "the model's output does not fit its card"};
            at::from_blob(probabilities.data(), output).copy_(found);
            return {};
        } catch (const std::exception& e) {
            return errorFromTorch(e, ErrorCode::Malformed, card.name);
        }
    };
}

} // namespace annotomy
