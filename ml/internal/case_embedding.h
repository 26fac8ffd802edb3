#pragma once

#include "ml/internal/model.h"
#include "ml/internal/network_image.h"

#include <vector>

namespace annotomy {

// What an image looks like to a model: the means of the features at the network's bottom (its method `embed`, see
// defineNetwork), over tiles that do not overlap. Empty for a network without that method. Errors: those of slideWindow.
Result<std::vector<double>> caseEmbedding(const NetworkImage& image, const Model& model, std::stop_token stop,
                                          const ProgressReport& report);

} // namespace annotomy
