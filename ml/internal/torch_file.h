#pragma once

#include "core/base/result.h"
#include "ml/internal/torch_module.h"

#include <map>
#include <memory>
#include <string>

namespace annotomy {

// What a model file is, told before TorchScript's loader would say it in its own words.
enum class TorchFileKind { Script, WeightsOnly };

// Errors: Truncated, Malformed (no PyTorch file), Unsupported (of a newer PyTorch).
Result<TorchFileKind> torchFileKind(const std::string& path);

// Loads a TorchScript module onto the CPU, in evaluation mode; the extra files named in `extra` are filled in where the file
// has them. TorchScript is no sandbox: code that would read or write files is refused before it is loaded, and models are
// loaded and run in the worker's own process only. Errors: Unsupported (weights only, unknown operators, such code), Malformed.
Result<std::shared_ptr<TorchModule>> loadTorchScript(const std::string& path, std::unordered_map<std::string, std::string>& extra);

} // namespace annotomy
