#pragma once

#include "ml/internal/class_explanation.h"
#include "ml/internal/model.h"

namespace annotomy {

// Whether gradCam() can look into the network: built-in ones can be.
bool showsFeatures(const Model& model);

// Grad-CAM (Selvaraju et al. 2017), for segmentation (Vinogradova et al. 2020): the logits of `output`, weighed and summed over
// the tile, are differentiated by the network's deepest features; each channel is weighed by the mean of its gradient, and the
// positive part of the sum is brought to the tile's resolution, trilinearly. What the finer levels see does not show. Requires
// showsFeatures(). Errors: OutOfMemory, Malformed.
TileExplainer gradCam(const Model& model, std::size_t output);

} // namespace annotomy
