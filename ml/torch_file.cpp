#include "ml/internal/torch_file.h"

#include "ml/internal/torch_error.h"

#include <caffe2/serialize/inline_container.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace annotomy {

namespace {

// Operators that reach beyond the tensors they are given.
constexpr std::array<std::string_view, 3> reachingOut{"from_file(", "torch.save(", "aten.save("};

Result<void> checkCode(const std::string& path)
try {
    caffe2::serialize::PyTorchStreamReader reader(path);
    for (const std::string& name : reader.getAllRecords()) {
        if (name.rfind("code/", 0) != 0 || name.size() < 3 || name.substr(name.size() - 3) != ".py")
            continue;
        const auto [bytes, size] = reader.getRecord(name);
        const std::string_view code(static_cast<const char*>(bytes.get()), size);
        for (const std::string_view word : reachingOut)
            if (code.find(word) != code.npos)
                return Error{ErrorCode::Unsupported, path, "the model would read or write files, which no network needs: it was not loaded"};
    }
    return {};
} catch (const std::exception& e) {
    return errorFromTorch(e, ErrorCode::Malformed, path);
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

Result<TorchFileKind> torchFileKind(const std::string& path)
try {
    caffe2::serialize::PyTorchStreamReader reader(path);
    if (!reader.hasRecord("data.pkl"))
        return Error{ErrorCode::Malformed, path, "the file is no PyTorch model"};
    return reader.hasRecord("constants.pkl") ? TorchFileKind::Script : TorchFileKind::WeightsOnly;
} catch (const std::exception& e) {
    const std::string text = e.what();
    if (text.find("maximum supported version") != text.npos)
        return Error{ErrorCode::Unsupported, path, "the model was written by a newer version of PyTorch"};
    if (text.find("central directory") != text.npos)
        return Error{ErrorCode::Truncated, path, "the model file is cut short, or is no model"};
    return Error{ErrorCode::Malformed, path, "the file is no PyTorch model"};
}

Result<std::shared_ptr<TorchModule>> loadTorchScript(const std::string& path, std::unordered_map<std::string, std::string>& extra)
{
    const Result<TorchFileKind> kind = torchFileKind(path);
    if (!kind)
        return kind.error();
    if (*kind == TorchFileKind::WeightsOnly)
        return Error{ErrorCode::Unsupported, path, "the file holds weights only; a TorchScript model is needed"};
    if (const Result<void> checked = checkCode(path); !checked)
        return checked.error();
    try {
        auto module = std::make_shared<TorchModule>(TorchModule{torch::jit::load(path, c10::Device(c10::kCPU), extra)});
        module->module.eval();
        return module;
    } catch (const std::exception& e) {
        return loadError(e, path);
    }
}

} // namespace annotomy
