#include "ml/internal/checkpoint.h"

#include "core/io/bytes/atomic_file.h"
#include "ml/internal/torch_error.h"

#include <torch/script.h>

#include <filesystem>

namespace annotomy {

namespace {

constexpr std::size_t maxCheckpointBytes = std::size_t{16} << 30;
constexpr int checkpointVersion = 1;

} // namespace

Result<void> writeCheckpoint(const std::string& path, const Checkpoint& checkpoint)
{
    std::vector<char> bytes;
    try {
        c10::impl::GenericDict content(c10::StringType::get(), c10::AnyType::get());
        content.insert("version", checkpointVersion);
        content.insert("card", toJsonText(checkpoint.card));
        content.insert("state", toJsonText(checkpoint.state));
        for (const auto& [name, tensors] : checkpoint.tensors) {
            std::vector<at::Tensor> plain;
            for (const at::Tensor& t : tensors)
                plain.push_back(t.detach().to(at::kCPU));
            content.insert("tensors." + name, plain);
        }
        bytes = torch::jit::pickle_save(content);
    } catch (const std::exception& e) {
        return errorFromTorch(e, ErrorCode::IoFailure, path);
    }
    return writeFileAtomically(path, std::as_bytes(std::span(bytes)));
}

Result<Checkpoint> readCheckpoint(const std::string& path)
{
    const Result<std::vector<std::byte>> bytes = readWholeFile(path, maxCheckpointBytes);
    if (!bytes)
        return bytes.error();
    try {
        const auto* begin = reinterpret_cast<const char*>(bytes->data());
        const c10::IValue loaded = torch::jit::pickle_load(std::vector<char>(begin, begin + bytes->size()));
        const c10::impl::GenericDict content = loaded.toGenericDict();
        if (content.at("version").toInt() != checkpointVersion)
            return Error{ErrorCode::Unsupported, path, "the checkpoint was written by another version"};
        Result<ModelCard> card = modelCardFromJson(content.at("card").toStringRef());
        if (!card)
            return card.error();
        Result<TrainingState> state = trainingStateFromJson(content.at("state").toStringRef());
        if (!state)
            return state.error();
        Checkpoint checkpoint{std::move(*card), std::move(*state), {}};
        const std::string prefix = "tensors.";
        for (const auto& entry : content) {
            const std::string& key = entry.key().toStringRef();
            if (key.rfind(prefix, 0) == 0)
                checkpoint.tensors[key.substr(prefix.size())] = entry.value().toTensorVector();
        }
        return checkpoint;
    } catch (const std::exception&) {
        return Error{ErrorCode::Malformed, path, "the checkpoint cannot be read"};
    }
}

bool copyTensors(const std::vector<at::Tensor>& from, std::vector<at::Tensor>& to)
{
    if (from.size() != to.size())
        return false;
    for (std::size_t n = 0; n < from.size(); ++n)
        if (from[n].sizes() != to[n].sizes())
            return false;
    const c10::NoGradGuard noGrad;
    for (std::size_t n = 0; n < from.size(); ++n)
        to[n].copy_(from[n]);
    return true;
}

} // namespace annotomy
