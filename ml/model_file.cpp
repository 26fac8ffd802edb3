#include "ml/internal/model.h"

#include "core/io/bytes/atomic_file.h"
#include "ml/internal/torch_error.h"
#include "ml/internal/torch_module.h"

#include <caffe2/serialize/inline_container.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace annotomy {

namespace {

constexpr const char* cardRecord = "card.json";

// What kind of file it is, told before TorchScript's loader would say it in its own words.
Result<void> checkArchive(const std::string& path)
try {
    caffe2::serialize::PyTorchStreamReader reader(path);
    if (!reader.hasRecord("data.pkl"))
        return Error{ErrorCode::Malformed, path, "the file is no PyTorch model"};
    if (!reader.hasRecord("constants.pkl"))
        return Error{ErrorCode::Unsupported, path,
                     "the file holds weights only; a TorchScript model is needed"};
    return {};
} catch (const std::exception& e) {
    const std::string text = e.what();
    if (text.find("maximum supported version") != text.npos)
        return Error{ErrorCode::Unsupported, path, "the model was written by a newer version of PyTorch"};
    if (text.find("central directory") != text.npos)
        return Error{ErrorCode::Truncated, path, "the model file is cut short, or is no model"};
    return Error{ErrorCode::Malformed, path, "the file is no PyTorch model"};
}

Error loadError(const std::exception& e, const std::string& path)
{
    const std::string text = e.what();
    const std::size_t unknown = text.find("Unknown builtin op: ");
    if (unknown != text.npos)
        return {
            ErrorCode::Unsupported, path,
            "the model uses an operator that this LibTorch does not have: " +
                text.substr(unknown + 20, std::min(text.find('\n', unknown), unknown + 100) - unknown - 20)};
    return errorFromTorch(e, ErrorCode::Malformed, path);
}

} // namespace

Result<Model> Model::load(const std::string& path)
{
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure))
        return Error{ErrorCode::NotFound, path, "the model file is not there"};
    if (const Result<void> archive = checkArchive(path); !archive)
        return archive.error();
    try {
        torch::jit::ExtraFilesMap extra{{cardRecord, ""}};
        auto module =
            std::make_shared<TorchModule>(TorchModule{torch::jit::load(path, c10::Device(c10::kCPU), extra)});
        if (extra[cardRecord].empty())
            return Error{ErrorCode::Unsupported, path,
                         "the model has no card: what it expects and finds is unknown"};
        Result<ModelCard> card = modelCardFromJson(extra[cardRecord]);
        if (!card)
            return Error{card.error().code, path, "the model's card cannot be read: " + card.error().detail};
        if (card->channels.size() != 1 || card->classes.empty())
            return Error{ErrorCode::Unsupported, path,
                         "only models of one image channel and at least one class are run"};
        const auto beyond = [&](const ModelClass& c) {
            return c.output < 1 || static_cast<std::size_t>(c.output) > card->classes.size();
        };
        if (std::any_of(card->classes.begin(), card->classes.end(), beyond))
            return Error{ErrorCode::Malformed, path,
                         "the outputs of the model's classes are not numbered from 1"};
        module->module.eval();
        return Model(std::move(module), std::move(*card));
    } catch (const std::exception& e) {
        return loadError(e, path);
    }
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
