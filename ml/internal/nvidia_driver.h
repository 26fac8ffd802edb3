#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace annotomy {

struct NvidiaDevice {
    std::string name;
    std::int64_t memory = 0, memoryFree = 0; // bytes
};

// What NVIDIA's driver says of itself, without LibTorch: its library is opened when it is there.
struct NvidiaDriver {
    std::string version; // "570.86.15"; empty: unknown
    int cuda = 0;        // newest CUDA that it serves, 1000 * major + 10 * minor; 0: the library cannot be used
    std::vector<NvidiaDevice> devices; // in CUDA's order
};

// nullopt without a driver.
std::optional<NvidiaDriver> nvidiaDriver();

// Free bytes of the device "cuda:N"; 0 where they are not known.
std::int64_t freeMemoryOf(const std::string& device);

// The version in the text of /proc/driver/nvidia/version; empty when there is none.
std::string driverVersionIn(const std::string& text);

// English sentence: why a worker that is built for CUDA or is not finds no device.
std::string whyNoCudaDevice(bool builtForCuda, const std::optional<NvidiaDriver>& driver);

} // namespace annotomy
