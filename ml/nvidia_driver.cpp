#include "ml/internal/nvidia_driver.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>

namespace annotomy {

namespace {

constexpr int neededCuda = 12000; // of the LibTorch that packaging/libtorch-cuda fetches

struct CloseLibrary {
    void operator()(void* library) const { dlclose(library); }
};
using Library = std::unique_ptr<void, CloseLibrary>;

// Calls a function of the driver's library; true when it is there and reports success.
template <class... Arguments>
bool succeeds(const Library& library, const char* name, Arguments... arguments)
{
    using Function = int (*)(Arguments...);
    const auto function = reinterpret_cast<Function>(dlsym(library.get(), name));
    return function && function(arguments...) == 0;
}

void askFreeMemory(const Library& library, int handle, NvidiaDevice& device)
{
    void* context = nullptr;
    if (!succeeds(library, "cuDevicePrimaryCtxRetain", &context, handle))
        return;
    std::size_t available = 0, total = 0;
    if (succeeds(library, "cuCtxPushCurrent_v2", context)) {
        if (succeeds(library, "cuMemGetInfo_v2", &available, &total))
            device.memoryFree = static_cast<std::int64_t>(available);
        (void)succeeds(library, "cuCtxPopCurrent_v2", &context);
    }
    (void)succeeds(library, "cuDevicePrimaryCtxRelease_v2", handle);
}

NvidiaDevice deviceOf(const Library& library, int index)
{
    NvidiaDevice device;
    std::array<char, 256> name{};
    int handle = 0;
    std::size_t bytes = 0;
    if (!succeeds(library, "cuDeviceGet", &handle, index))
        return device;
    if (succeeds(library, "cuDeviceGetName", name.data(), static_cast<int>(name.size()) - 1, handle))
        device.name = name.data();
    if (succeeds(library, "cuDeviceTotalMem_v2", &bytes, handle))
        device.memory = static_cast<std::int64_t>(bytes);
    askFreeMemory(library, handle, device);
    return device;
}

void askLibrary(NvidiaDriver& driver)
{
    const Library library(dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL));
    int count = 0;
    if (!library || !succeeds(library, "cuDriverGetVersion", &driver.cuda) || !succeeds(library, "cuInit", 0U) ||
        !succeeds(library, "cuDeviceGetCount", &count))
        return;
    for (int index = 0; index < count; ++index)
        driver.devices.push_back(deviceOf(library, index));
}

} // namespace

std::string driverVersionIn(const std::string& text)
{
    const std::size_t begin = text.find("NVRM version:");
    if (begin == text.npos)
        return {};
    std::istringstream words(text.substr(begin, text.find('\n', begin) - begin));
    std::string word;
    while (words >> word) {
        const bool number = word.find('.') != word.npos && word.find_first_not_of("0123456789.") == word.npos;
        if (number)
            return word;
    }
    return {};
}

std::optional<NvidiaDriver> nvidiaDriver()
{
    NvidiaDriver driver;
    if (std::ifstream file("/proc/driver/nvidia/version"); file)
        driver.version = driverVersionIn(std::string(std::istreambuf_iterator<char>(file), {}));
    askLibrary(driver);
    return driver.version.empty() && driver.cuda == 0 ? std::nullopt : std::optional(driver);
}

std::int64_t freeMemoryOf(const std::string& device)
{
    const std::optional<NvidiaDriver> driver = nvidiaDriver();
    for (std::size_t n = 0; driver && n < driver->devices.size(); ++n)
        if (device == "cuda:" + std::to_string(n))
            return driver->devices[n].memoryFree;
    return 0;
}

std::string whyNoCudaDevice(bool builtForCuda, const std::optional<NvidiaDriver>& driver)
{
    if (!builtForCuda)
        return driver ? "This worker is built for the CPU alone, and an NVIDIA driver is loaded: build one for CUDA with "
                        "packaging/libtorch-cuda and the preset release-cuda."
                      : "This worker is built for the CPU alone, and no NVIDIA driver is loaded.";
    if (!driver)
        return "No CUDA device was found: no NVIDIA driver is loaded.";
    if (driver->cuda == 0)
        return "No CUDA device was found: the NVIDIA driver's library libcuda.so.1 cannot be used.";
    if (driver->cuda < neededCuda)
        return "No CUDA device was found: the NVIDIA driver is too old for CUDA 12; install version 525 or newer.";
    if (driver->devices.empty())
        return "No CUDA device was found: the NVIDIA driver is loaded and shows none.";
    return "No CUDA device can be used: the driver shows one and LibTorch cannot reach it.";
}

} // namespace annotomy
