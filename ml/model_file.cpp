#include "ml/internal/model.h"

#include "core/io/bytes/atomic_file.h"
#include "ml/internal/torch_error.h"
#include "ml/internal/torch_file.h"
#include "ml/internal/torch_module.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace annotomy {

namespace {

constexpr const char* cardRecord = "card.json";

} // namespace

Result<Model> Model::load(const std::string& path)
{
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure))
        return Error{ErrorCode::NotFound, path, "the model file is not there"};
    torch::jit::ExtraFilesMap extra{{cardRecord, ""}};
    Result<std::shared_ptr<TorchModule>> module = loadTorchScript(path, extra);
    if (!module)
        return module.error();
    if (extra[cardRecord].empty())
        return Error{ErrorCode::Unsupported, path, "the model has no card: what it expects and finds is unknown"};
    Result<ModelCard> card = modelCardFromJson(extra[cardRecord]);
    if (!card)
        return Error{card.error().code, path, "the model's card cannot be read: " + card.error().detail};
    if (card->channels.size() != 1 || card->classes.empty())
        return Error{ErrorCode::Unsupported, path, "only models of one image channel and at least one class are run"};
    const auto beyond = [&](const ModelClass& c) {
        return c.output < 1 || static_cast<std::size_t>(c.output) > card->classes.size();
    };
    if (std::any_of(card->classes.begin(), card->classes.end(), beyond))
        return Error{ErrorCode::Malformed, path, "the outputs of the model's classes are not numbered from 1"};
    return Model(*std::move(module), *std::move(card));
}

Result<void> Model::save(const std::string& path) const
{
    std::string bytes;
    try {
        torch::jit::Module module = m_module->module;
        if (!m_module->device.is_cpu()) {
            module = module.deepcopy();
            module.to(c10::Device(c10::kCPU));
        }
        std::ostringstream stream;
        module.save(stream, {{cardRecord, toJsonText(m_card)}});
        bytes = std::move(stream).str();
    } catch (const std::exception& e) {
        return errorFromTorch(e, ErrorCode::IoFailure, path);
    }
    return writeFileAtomically(path, std::as_bytes(std::span(bytes)));
}

} // namespace annotomy
