#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace annotomy {

// A device that models can run on.
struct DeviceReport {
    std::string device; // "cpu", "cuda:0"
    std::string name;   // as its maker calls it; empty: unknown
    std::int64_t memory = 0, memoryFree = 0; // bytes; 0: unknown
    // What the self-test found:
    double multiplicationsPerSecond = 0; // of training steps of a small network; 0: not measured
    double difference = 0;               // largest one between its probabilities and the CPU's, 0 to 1
    std::string failure;                 // English; empty: passed, or not tested
    bool operator==(const DeviceReport&) const = default;
};

// What the worker computes with.
struct ComputeReport {
    std::string libTorch; // version
    bool builtForCuda = false;
    std::string driver;  // version of NVIDIA's; empty: none is loaded
    std::string noGpu;   // English sentence: why no CUDA device is used; empty: one is
    int threads = 1;
    bool tested = false; // the devices have been through the self-test
    std::vector<DeviceReport> devices; // the CPU first
    bool operator==(const ComputeReport&) const = default;
};

} // namespace annotomy
