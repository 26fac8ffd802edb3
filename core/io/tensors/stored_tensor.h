#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace annotomy {

enum class TensorType { Float64, Float32, Float16, BFloat16, Int64, Int32, Int16, Int8, UInt8, Bool };

// A tensor of a file of weights: C order (the last axis fastest), little endian, without gaps.
struct StoredTensor {
    std::string name;
    TensorType type = TensorType::Float32;
    std::vector<std::int64_t> shape; // empty: one number
    std::vector<std::byte> bytes;
};

std::size_t sizeOf(TensorType type); // bytes of one number

// Numbers in a tensor of this shape; nullopt for a negative edge, and beyond `most`.
std::optional<std::uint64_t> elementCount(const std::vector<std::int64_t>& shape, std::uint64_t most);

// The weights in a file of safetensors or in a state dictionary that PyTorch 1.6 or later has saved, told apart by their first
// bytes; in the file's order. Nothing in the file is executed. Errors: those of readSafetensors and readTorchWeights;
// Unrecognised for other files.
Result<std::vector<StoredTensor>> readTensors(const std::string& path);

} // namespace annotomy
