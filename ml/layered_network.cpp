#include "ml/internal/layered_network.h"

#include "ml/internal/network_parts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace annotomy {

namespace {

using Json = nlohmann::json;

constexpr std::size_t mostLayers = 200;
constexpr int mostOutputs = 256;

Error badDescription(const std::string& why)
{
    return {ErrorCode::Malformed, "architecture", why};
}

bool isWithin(const Json& object, const char* name, int lowest, int highest)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_number_integer() && *found >= lowest && *found <= highest;
}

bool flag(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

Result<LayeredNetwork::Layer> layerFromJson(const Json& json)
{
    if (!json.is_object() || !isWithin(json, "kernel_size", 1, 15) || !isWithin(json, "dilation", 1, 64))
        return badDescription("a layer has no \"kernel_size\" or \"dilation\"");
    const LayeredNetwork::Layer layer{json["kernel_size"], json["dilation"]};
    const int padding = layer.kernel / 2 * layer.dilation;
    const bool keepsSize = layer.kernel % 2 == 1 && (!json.contains("padding") || isWithin(json, "padding", padding, padding)) &&
                           (!json.contains("stride") || isWithin(json, "stride", 1, 1));
    if (!keepsSize)
        return badDescription("a layer's padding or stride changes the image's size");
    return layer;
}

// Per axis of the tensor that runs towards head, back and left: the axis of the network's own tensor along it, and whether that
// runs the other way. nullopt for letters that are no orientation.
struct OwnAxis {
    std::int64_t axis = 0;
    bool isReversed = false;
};

std::optional<std::array<OwnAxis, 3>> ownAxes(const std::string& letters)
{
    constexpr std::array<std::string_view, 3> pairs{"SI", "PA", "LR"};
    std::array<OwnAxis, 3> axes;
    if (letters.size() != 3)
        return std::nullopt;
    for (std::size_t target = 0; target < 3; ++target) {
        const auto found = std::find_if(letters.begin(), letters.end(), [&](char c) { return pairs[target].find(c) != pairs[target].npos; });
        if (found == letters.end())
            return std::nullopt;
        axes[target] = {found - letters.begin(), *found != pairs[target][0]};
    }
    return axes;
}

std::optional<at::ScalarType> scalarType(TensorType type)
{
    switch (type) {
    case TensorType::Float64: return at::kDouble;
    case TensorType::Float32: return at::kFloat;
    case TensorType::Float16: return at::kHalf;
    case TensorType::BFloat16: return at::kBFloat16;
    default: return std::nullopt;
    }
}

// As 32-bit numbers; requires numbers that scalarType knows.
at::Tensor tensorOf(const StoredTensor& stored)
{
    return at::from_blob(const_cast<std::byte*>(stored.bytes.data()), stored.shape, *scalarType(stored.type)).to(at::kFloat).clone();
}

at::Tensor turned(const at::Tensor& kernel, const std::array<OwnAxis, 3>& axes)
{
    const at::Tensor permuted = kernel.permute({0, 1, 2 + axes[0].axis, 2 + axes[1].axis, 2 + axes[2].axis});
    std::vector<std::int64_t> reversed;
    for (std::size_t a = 0; a < 3; ++a)
        if (axes[a].isReversed)
            reversed.push_back(static_cast<std::int64_t>(a) + 2);
    return permuted.flip(reversed).contiguous();
}

// A convolution's weight and the bias that follows it, if one does.
struct Convolution {
    const StoredTensor* weight = nullptr;
    const StoredTensor* bias = nullptr;
};

Result<std::vector<Convolution>> convolutionsOf(const std::vector<StoredTensor>& tensors)
{
    std::vector<Convolution> convolutions;
    for (const StoredTensor& tensor : tensors) {
        const bool isFloat = scalarType(tensor.type).has_value();
        if (isFloat && tensor.shape.size() == 5) {
            convolutions.push_back({&tensor, nullptr});
            continue;
        }
        const bool isBias = isFloat && tensor.shape.size() == 1 && !convolutions.empty() && !convolutions.back().bias &&
                            tensor.shape[0] == convolutions.back().weight->shape[0];
        if (!isBias)
            return Error{ErrorCode::Unsupported, {},
                         "the weights hold \"" + tensor.name.substr(0, 100) + "\", which the described network has no place for"};
        convolutions.back().bias = &tensor;
    }
    return convolutions;
}

Result<void> checkShapes(const LayeredNetwork& network, const std::vector<Convolution>& convolutions)
{
    if (convolutions.size() != network.layers.size())
        return Error{ErrorCode::Malformed, {},
                     "the weights are of " + std::to_string(convolutions.size()) + " convolutions, the description has " +
                         std::to_string(network.layers.size()) + " layers"};
    std::int64_t inputs = 1;
    for (std::size_t n = 0; n < convolutions.size(); ++n) {
        const std::vector<std::int64_t>& shape = convolutions[n].weight->shape;
        const bool fits = shape[0] >= 1 && shape[1] == inputs && shape[2] == network.layers[n].kernel && shape[3] == shape[2] &&
                          shape[4] == shape[2];
        if (!fits)
            return Error{ErrorCode::Malformed, {},
                         "the shape of \"" + convolutions[n].weight->name.substr(0, 100) + "\" does not fit layer " +
                             std::to_string(n + 1) + " of the description"};
        inputs = shape[0];
    }
    if (inputs < 2 || inputs > mostOutputs)
        return Error{ErrorCode::Unsupported, {}, "the network's last layer has " + std::to_string(inputs) + " outputs, not 2 to 256"};
    return {};
}

const char* activationSource(LayeredNetwork::Activation activation)
{
    switch (activation) {
    case LayeredNetwork::Activation::Elu: return "    x = torch.elu_(x)\n";
    case LayeredNetwork::Activation::Gelu: return "    x = torch.gelu(x)\n";
    default: return "    x = torch.relu_(x)\n";
    }
}

} // namespace

Result<LayeredNetwork> layeredNetworkFromJson(const std::string& text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("layers") || !json["layers"].is_array())
        return badDescription("it has no \"layers\"");
    LayeredNetwork network;
    for (const Json& one : json["layers"]) {
        const Result<LayeredNetwork::Layer> layer = layerFromJson(one);
        if (!layer)
            return layer.error();
        network.layers.push_back(*layer);
    }
    if (network.layers.empty() || network.layers.size() > mostLayers)
        return badDescription("there are not 1 to 200 layers");
    network.isNormed = flag(json, "bnorm");
    network.activation = flag(json, "gelu")  ? LayeredNetwork::Activation::Gelu
                         : flag(json, "elu") ? LayeredNetwork::Activation::Elu
                                             : LayeredNetwork::Activation::Relu;
    if (json.contains("axes") && json["axes"].is_string())
        network.axes = json["axes"].get<std::string>();
    if (!ownAxes(network.axes))
        return badDescription("\"axes\" is no orientation such as \"LIA\" or \"RAS\"");
    return network;
}

Result<torch::jit::Module> defineLayeredNetwork(const LayeredNetwork& network, const std::vector<StoredTensor>& tensors,
                                                int& outputs)
{
    const Result<std::vector<Convolution>> convolutions = convolutionsOf(tensors);
    if (!convolutions)
        return convolutions.error();
    if (const Result<void> fits = checkShapes(network, *convolutions); !fits)
        return fits.error();
    const std::array<OwnAxis, 3> axes = *ownAxes(network.axes);
    torch::jit::Module module = moduleNamed("LayeredNetwork");
    std::string source = "def forward(self, x):\n";
    for (std::size_t n = 0; n < convolutions->size(); ++n) {
        const auto& [weight, bias] = (*convolutions)[n];
        const LayeredNetwork::Layer& layer = network.layers[n];
        const std::string suffix = std::to_string(n);
        module.register_parameter("weight" + suffix, turned(tensorOf(*weight), axes).requires_grad_(), false);
        if (bias)
            module.register_parameter("bias" + suffix, tensorOf(*bias).requires_grad_(), false);
        const int padding = layer.kernel / 2 * layer.dilation;
        source += "    x = torch.conv3d(x, self.weight" + suffix + ", " + (bias ? "self.bias" + suffix : "None") + ", [1, 1, 1], " +
                  triple({padding, padding, padding}) + ", " + triple({layer.dilation, layer.dilation, layer.dilation}) + ")\n";
        if (n + 1 == convolutions->size())
            break;
        if (network.isNormed)
            source += "    x = torch.group_norm(x, " + std::to_string(weight->shape[0]) + ", None, None, 1e-5, False)\n";
        source += activationSource(network.activation);
    }
    module.define(source + "    return x\n");
    outputs = static_cast<int>(convolutions->back().weight->shape[0]);
    return module;
}

} // namespace annotomy
