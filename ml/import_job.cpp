#include "ml/worker_jobs.h"

#include "core/io/tensors/stored_tensor.h"
#include "ml/internal/foreign_card.h"
#include "ml/internal/layered_network.h"
#include "ml/internal/model.h"
#include "ml/internal/network_call.h"
#include "ml/internal/network_image.h"
#include "ml/internal/torch_error.h"
#include "ml/internal/torch_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace annotomy {

namespace {

constexpr int trialEdge = 32; // voxels that a tile need not exceed to prove that a model runs

bool isArchive(const std::string& path)
{
    std::array<char, 2> first{};
    std::ifstream(path, std::ios::binary).read(first.data(), first.size());
    return first[0] == 'P' && first[1] == 'K';
}

Result<Model> importedScript(const ImportModelJob& job)
{
    std::unordered_map<std::string, std::string> extra{
        {"card.json", ""}, {"metadata.json", ""}, {"inference.json", ""}, {"inference", ""}};
    const auto module = loadTorchScript(job.path, extra);
    if (!module)
        return module.error();
    ForeignDescription description;
    description.ownCard = extra["card.json"];
    description.metadata = extra["metadata.json"];
    description.inference = extra["inference"].empty() ? extra["inference.json"] : extra["inference"];
    description.given = job.cardJson;
    const Result<ModelCard> card = foreignCard(description);
    if (!card)
        return card.error();
    return Model::of(*module, *card);
}

// Weights alone, of a network that what was given describes.
Result<Model> importedWeights(const ImportModelJob& job)
try {
    const nlohmann::json given = nlohmann::json::parse(job.cardJson, nullptr, false);
    if (!given.is_object() || !given.contains("architecture"))
        return Error{ErrorCode::Unsupported, job.path,
                     "the file holds weights only: give the description of their network (architecture) as well"};
    const Result<LayeredNetwork> network = layeredNetworkFromJson(given["architecture"].dump());
    if (!network)
        return network.error();
    const Result<std::vector<StoredTensor>> tensors = readTensors(job.path);
    if (!tensors)
        return tensors.error();
    int outputs = 0;
    const Result<torch::jit::Module> module = defineLayeredNetwork(*network, *tensors, outputs);
    if (!module)
        return module.error();
    const Result<ModelCard> card = foreignCard({{}, {}, {}, job.cardJson, true});
    if (!card)
        return card.error();
    return Model::of(std::make_shared<TorchModule>(TorchModule{*module}), *card);
} catch (const std::exception& e) {
    return errorFromTorch(e, ErrorCode::Malformed, job.path);
}

Result<void> checkCard(const ModelCard& card)
{
    if (card.channels.size() != 1)
        return Error{ErrorCode::Unsupported, {}, "only models of one image channel are run"};
    const auto isBeyond = [&](const ModelClass& c) { return static_cast<std::size_t>(c.output) > card.classes.size(); };
    if (std::any_of(card.classes.begin(), card.classes.end(), isBeyond))
        return Error{ErrorCode::Unsupported, {}, "the card's classes are not those of all outputs, numbered from 1"};
    return {};
}

// Runs the model on a tile of zeros.
Result<void> tryOut(const Model& model)
try {
    const ModelCard& card = model.card();
    Index3 tile = card.patch;
    for (std::size_t a = 0; a < 3; ++a) {
        const int step = card.divisor[a];
        tile[a] = std::min(tile[a], std::max(1, trialEdge / step) * step);
    }
    const c10::InferenceMode inference;
    const at::Tensor logits = networkLogits(model.torchModule(), card, at::zeros({1, 1, tile[2], tile[1], tile[0]}));
    const std::int64_t channels = static_cast<std::int64_t>(card.classes.size()) + (card.outputKind == OutputKind::Softmax ? 1 : 0);
    if (logits.dim() != 5 || logits.size(0) != 1)
        return Error{ErrorCode::Unsupported, {}, "the model is not one that segments three-dimensional images"};
    if (logits.size(1) != channels)
        return Error{ErrorCode::Unsupported, {},
                     "the model has " + std::to_string(logits.size(1)) + " outputs, its card describes " + std::to_string(channels) +
                         ": give all of its classes"};
    if (logits.size(2) != tile[2] || logits.size(3) != tile[1] || logits.size(4) != tile[0])
        return Error{ErrorCode::Unsupported, {}, "what the model finds has another size than the image it is given"};
    return {};
} catch (const std::exception& e) {
    Error error = errorFromTorch(e, ErrorCode::Unsupported);
    if (error.code == ErrorCode::Unsupported)
        error.detail = "the model does not run on an image of the size that its card tells: " + lastLineOf(e);
    return error;
}

Result<Model> imported(const ImportModelJob& job)
{
    Result<Model> model = Error{};
    if (!isArchive(job.path)) {
        model = importedWeights(job);
    } else {
        const Result<TorchFileKind> kind = torchFileKind(job.path);
        if (!kind)
            return kind.error();
        model = *kind == TorchFileKind::Script ? importedScript(job) : importedWeights(job);
    }
    if (!model)
        return model;
    if (const Result<void> fits = checkCard(model->card()); !fits)
        return fits.error();
    if (const Result<void> runs = tryOut(*model); !runs)
        return runs.error();
    return model;
}

} // namespace

Result<WorkerResult> importModel(const ImportModelJob& job)
{
    std::error_code failure;
    if (!std::filesystem::is_regular_file(job.path, failure))
        return Error{ErrorCode::NotFound, job.path, "the model file is not there"};
    Result<Model> model = imported(job);
    if (!model) {
        const bool isOther = model.error().code == ErrorCode::Unrecognised; // whose sentence tells of images
        return Error{isOther ? ErrorCode::Unsupported : model.error().code, job.path, model.error().detail};
    }
    if (model->card().name.empty()) {
        ModelCard card = model->card();
        card.name = std::filesystem::path(job.path).stem().string();
        model->setCard(card);
    }
    if (const Result<void> saved = model->save(job.outPath); !saved)
        return saved.error();
    // What will be run is the file that was written.
    const Result<Model> again = Model::load(job.outPath);
    if (!again)
        return Error{again.error().code, job.path, again.error().detail};
    WorkerResult result;
    result.outPath = job.outPath;
    result.card = again->card();
    return result;
}

} // namespace annotomy
