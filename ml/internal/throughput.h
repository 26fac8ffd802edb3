#pragma once

#include <string>

namespace annotomy {

// Multiplications per second of a device ("cpu", "cuda:0") in training, by a few steps of a small network on noise. 0 when
// the network cannot be moved there; throws what LibTorch throws.
double measuredSpeed(const std::string& device);

} // namespace annotomy
