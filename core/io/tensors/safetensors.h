#pragma once

#include "core/io/tensors/stored_tensor.h"

#include <span>

namespace annotomy {

// Eight bytes of a header's length, and a brace. Requires 16 bytes.
bool looksLikeSafetensors(std::span<const std::byte> firstBytes);

// The tensors of a file of safetensors, by their place in it. As the format demands, they fill the file without holes or
// overlaps. Errors: Truncated, Malformed; Unsupported for a type of numbers that StoredTensor does not have.
Result<std::vector<StoredTensor>> readSafetensors(const std::string& path);

} // namespace annotomy
