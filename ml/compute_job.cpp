#include "ml/worker_jobs.h"

#include "ml/internal/compute_device.h"
#include "ml/internal/model.h"
#include "ml/internal/network_image.h"
#include "ml/internal/nvidia_driver.h"
#include "ml/internal/system_memory.h"
#include "ml/internal/throughput.h"
#include "ml/internal/torch_error.h"

#include <ATen/Parallel.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace annotomy {

namespace {

constexpr double mostDifference = 0.02; // of a probability in half precision

std::string processorName()
{
    std::ifstream file("/proc/cpuinfo");
    std::string line;
    while (std::getline(file, line))
        if (line.rfind("model name", 0) == 0 && line.find(": ") != line.npos)
            return line.substr(line.find(": ") + 2);
    return {};
}

ComputeReport described()
{
    const std::optional<NvidiaDriver> driver = nvidiaDriver();
    ComputeReport report;
    report.libTorch = TORCH_VERSION;
    report.builtForCuda = builtForCuda();
    report.driver = driver ? driver->version : std::string();
    report.threads = at::get_num_threads();
    const SystemMemory memory = systemMemory();
    report.devices.push_back({"cpu", processorName(), memory.total, memory.available, 0, 0, {}});
    const int count = cudaDeviceCount();
    for (int index = 0; index < count; ++index) {
        DeviceReport device;
        device.device = "cuda:" + std::to_string(index);
        if (driver && static_cast<std::size_t>(index) < driver->devices.size()) {
            const NvidiaDevice& known = driver->devices[static_cast<std::size_t>(index)];
            device.name = known.name;
            device.memory = known.memory;
            device.memoryFree = known.memoryFree;
        }
        device.failure = failureOn(device.device);
        report.devices.push_back(std::move(device));
    }
    if (count == 0)
        report.noGpu = whyNoCudaDevice(report.builtForCuda, driver);
    else if (!report.devices[1].failure.empty())
        report.noGpu = report.devices[1].failure;
    return report;
}

// What a small network, always the same, says of a tile of waves.
Result<std::vector<float>> probabilitiesOn(const std::string& device)
{
    ModelCard card;
    card.name = "self-test";
    card.network = "unet3d";
    card.channels = {{}};
    card.classes = {{1, "class", 1, {}, {}, {}}};
    card.recipe.patch = card.patch = {32, 32, 32};
    Result<Model> model = Model::create(card, 1);
    if (!model)
        return model.error();
    if (const Result<void> moved = model->moveTo(device); !moved)
        return moved.error();
    std::vector<float> waves(voxelCountOf(card.patch)), probabilities(2 * waves.size());
    for (std::size_t n = 0; n < waves.size(); ++n)
        waves[n] = std::sin(0.1F * static_cast<float>(n % 977));
    const Result<void> done = model->predictor(card.patch)(waves, probabilities);
    return done ? Result(std::move(probabilities)) : done.error();
}

// NaN when one of them is.
double largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    double largest = 0;
    for (std::size_t n = 0; n < a.size(); ++n) {
        const double difference = std::abs(static_cast<double>(a[n]) - static_cast<double>(b[n]));
        if (!(difference <= largest))
            largest = difference;
    }
    return largest;
}

void test(DeviceReport& device, const std::vector<float>& expected)
try {
    const Result<std::vector<float>> found = probabilitiesOn(device.device);
    if (!found) {
        device.failure = found.error().detail;
        return;
    }
    const double difference = largestDifference(expected, *found);
    if (!(difference <= mostDifference)) {
        device.failure = "The self-test's network gives other probabilities than on the CPU.";
        device.difference = std::isfinite(difference) ? std::min(difference, 1.0) : 1;
        return;
    }
    device.difference = difference;
    device.multiplicationsPerSecond = measuredSpeed(device.device);
} catch (const std::exception& e) {
    device.failure = errorFromTorch(e, ErrorCode::Unsupported, device.device).detail;
}

} // namespace

Result<WorkerResult> describeCompute(const ComputeJob& job, const WorkerEventSink& emit, std::stop_token stop)
try {
    if (const auto prepared = prepareCompute("cpu", job.threads); !prepared)
        return prepared.error();
    ComputeReport report = described();
    if (job.selfTest) {
        const Result<std::vector<float>> expected = probabilitiesOn("cpu");
        if (!expected)
            return expected.error();
        double done = 0;
        for (DeviceReport& device : report.devices) {
            if (stop.stop_requested())
                return cancelledError();
            if (device.failure.empty())
                test(device, *expected);
            emit(WorkerProgress{"testing", ++done / static_cast<double>(report.devices.size()), -1});
        }
        report.tested = true;
        if (report.noGpu.empty() && !report.devices[1].failure.empty())
            report.noGpu = report.devices[1].failure;
    }
    WorkerResult result;
    result.compute = std::move(report);
    return result;
} catch (const std::exception& e) {
    return errorFromTorch(e, ErrorCode::Unsupported);
}

} // namespace annotomy
