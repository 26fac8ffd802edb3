#pragma once

#include "core/io/tensors/stored_tensor.h"

namespace annotomy {

// The tensors of a state dictionary as torch.save() writes it: a ZIP archive with a pickle and one stored entry a storage. Of a
// larger checkpoint, its "state_dict" (or "model_state_dict", "model", "network_weights"). In the dictionary's order. Nothing is
// executed: the pickle may name what rebuilds tensors and nothing else. Errors: Truncated, Malformed, Unsupported (anything
// else in the pickle, big-endian numbers, a type of numbers that StoredTensor does not have).
Result<std::vector<StoredTensor>> readTorchWeights(const std::string& path);

} // namespace annotomy
