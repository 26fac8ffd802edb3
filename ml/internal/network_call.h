#pragma once

#include "core/learn/model_card.h"
#include "ml/internal/torch_module.h"

#include <vector>

namespace annotomy {

// How networks are called, whatever the order of their axes and whatever their logits are of. Images and logits are
// [n, channels, k, j, i] here (LPS).

// A network's logits of a batch. Of one that gives several tensors the first is taken. Throws what LibTorch throws.
at::Tensor networkLogits(const TorchModule& torch, const ModelCard& card, const at::Tensor& images);

// What a loss is told of a batch: logits whose softmax are the probabilities of background and classes, the finest level
// first, then what else a built-in network's "forward_all" gives. Of classes on their own (OutputKind::Sigmoid) the background's
// logit is 0: for a single class that is the same, for several it teaches them to exclude each other.
std::vector<at::Tensor> trainingLogits(const TorchModule& torch, const ModelCard& card, const at::Tensor& images);

// Probabilities of background and classes, float [n, classes + 1, k, j, i]. Of classes on their own the background's is 1 less the
// largest: they need not add up to 1.
at::Tensor probabilitiesOf(const at::Tensor& logits, OutputKind kind);

} // namespace annotomy
