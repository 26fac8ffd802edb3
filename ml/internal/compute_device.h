#pragma once

#include "core/base/result.h"

#include <string>

namespace annotomy {

struct ComputeDevice {
    std::string name = "cpu"; // as c10::Device spells it: "cpu", "cuda:0"
    std::string note;         // why it is not what was asked for; empty when it is
};

// Chooses the device ("auto": the first CUDA device, else the CPU), sets LibTorch's threads (0: all) and its
// allocation habits. InvalidArgument for a device that cannot be read; a CUDA device that is not there or does
// not work becomes the CPU, with a note, which says why. Of the processes of a group on one host, each takes the CUDA
// device of its localRank, and its part of the processors.
Result<ComputeDevice> prepareCompute(const std::string& wanted, int threads, int localRank = 0, int localWorld = 1);

bool builtForCuda(); // whether this LibTorch can use CUDA devices
int cudaDeviceCount();

// Why nothing can be computed on a device, in English; empty when it can.
std::string failureOn(const std::string& device);

} // namespace annotomy
