#include "ml/internal/compute_device.h"

#include "ml/internal/nvidia_driver.h"
#include "ml/internal/torch_error.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/cuda.h>

#include <malloc.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <new>
#include <optional>
#include <sstream>

namespace annotomy {

namespace {

// Keeps freed activations in the heap: handing them back to the system after every step costs an eighth of a
// training step in page faults (measured, base 8, 48x64x48, batch 2).
void keepFreedMemory()
{
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 2'000'000'000);
    mallopt(M_TOP_PAD, 64 << 20);
}

// The number in "cuda" or "cuda:N".
std::optional<int> cudaIndex(const std::string& wanted)
{
    const std::string prefix = "cuda";
    if (wanted == prefix)
        return 0;
    if (wanted.rfind(prefix + ":", 0) != 0)
        return std::nullopt;
    int index = -1;
    const char* end = wanted.data() + wanted.size();
    const auto [rest, failure] = std::from_chars(wanted.data() + prefix.size() + 1, end, index);
    if (failure != std::errc{} || rest != end || index < 0)
        return std::nullopt;
    return index;
}

// Where a launcher has bound the process to some processors, these; else its part of all.
int ownProcessors(int localWorld)
{
    const int all = std::max(1, static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)));
    cpu_set_t allowed;
    const int own = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : all;
    return own < all ? own : std::max(1, all / localWorld);
}

} // namespace

Result<ComputeDevice> prepareCompute(const std::string& wanted, int threads, int localRank, int localWorld)
{
    keepFreedMemory();
    at::set_num_threads(std::clamp(threads > 0 ? threads : ownProcessors(localWorld), 1, 256));
    // The plain interpreter: results do not depend on how often a graph has run before.
    torch::jit::setGraphExecutorOptimize(false);

    if (wanted == "cpu")
        return ComputeDevice{};
    const bool automatic = wanted == "auto" || wanted.empty();
    const int devices = cudaDeviceCount();
    const int own = devices > 0 ? localRank % devices : 0;
    const std::optional<int> index = automatic || wanted == "cuda" ? own : cudaIndex(wanted);
    if (!index)
        return Error{ErrorCode::InvalidArgument, wanted, "unknown device \"" + wanted + "\""};
    if (*index >= devices) {
        if (automatic && !builtForCuda())
            return ComputeDevice{};
        const std::string reason = devices == 0 ? " " + whyNoCudaDevice(builtForCuda(), nvidiaDriver()) : std::string();
        const std::string missing = automatic ? "The CPU is used." : "Device " + wanted + " is not available; the CPU is used.";
        return ComputeDevice{"cpu", missing + reason};
    }
    const std::string name = "cuda:" + std::to_string(*index);
    const std::string failure = failureOn(name);
    if (failure.empty())
        return ComputeDevice{name, {}};
    return ComputeDevice{"cpu", "Device " + name + " does not work; the CPU is used. " + failure};
}

bool builtForCuda()
{
    return at::Context::hasCUDART();
}

int cudaDeviceCount()
{
    return static_cast<int>(torch::cuda::device_count());
}

std::string failureOn(const std::string& device)
try {
    const at::Tensor two = at::ones({1}, at::TensorOptions().device(c10::Device(device))) + 1;
    return two.item<float>() == 2 ? std::string() : "1 + 1 is not 2 there.";
} catch (const std::exception& e) {
    return errorFromTorch(e, ErrorCode::Unsupported, device).detail;
}

Error errorFromTorch(const std::exception& exception, ErrorCode code, const std::string& subject)
{
    const std::string text = exception.what();
    const bool memory =
        dynamic_cast<const std::bad_alloc*>(&exception) || text.find("DefaultCPUAllocator") != text.npos ||
        text.find("out of memory") != text.npos || text.find("can't allocate memory") != text.npos;
    if (memory)
        return {ErrorCode::OutOfMemory, subject, "not enough memory for this network and patch"};
    std::size_t begin = text.find_first_not_of("\r\n ");
    if (begin == text.npos)
        begin = 0;
    return {code, subject, text.substr(begin, std::min(text.find('\n', begin), begin + 300) - begin)};
}

std::string lastLineOf(const std::exception& exception)
{
    std::istringstream lines(exception.what());
    std::string line, last;
    while (std::getline(lines, line))
        if (line.find_first_not_of(" \r\t") != line.npos)
            last = line;
    return last.substr(0, 300);
}

} // namespace annotomy
