#include "ml/worker_jobs.h"

#include "core/base/sha256.h"
#include "ml/internal/compute_device.h"
#include "ml/internal/nvidia_driver.h"
#include "ml/internal/preprocess.h"
#include "ml/internal/system_memory.h"
#include "ml/internal/throughput.h"
#include "ml/internal/torch_error.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr std::size_t percentileSamples = 200000;

struct Range {
    double low = 0, high = 0;
};

// The 0.5 and 99.5 percentile of the finite values.
Range robustRange(const Volume& volume)
{
    std::vector<double> values;
    const VolumeGeometry& grid = volume.geometry();
    const std::size_t count = grid.voxelCount(), step = count / percentileSamples + 1;
    for (std::size_t n = 0; n < count; n += step)
        if (const double value = volume.valueAt(grid.indexAt(n)); std::isfinite(value))
            values.push_back(value);
    if (values.empty())
        return {};
    const auto at = [&](double fraction) {
        const auto place = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
        std::nth_element(values.begin(), values.begin() + place, values.end());
        return values[static_cast<std::size_t>(place)];
    };
    return {at(0.005), at(0.995)};
}

std::string hashOf(std::span<const std::byte> bytes)
{
    Sha256 hash;
    hash.update(bytes);
    return hexText(hash.digest());
}

// Of the classes that are learnt, whatever else the masks hold.
std::string hashOfClasses(const LabelMap& labels, const std::vector<ModelClass>& classes)
{
    Sha256 hash;
    for (const ModelClass& wanted : classes) {
        const Segment* segment = segmentOfClass(labels.segments(), wanted, classes);
        hash.update(segment ? "known " : "unknown ");
        if (!segment || segment->layer >= labels.layerCount())
            continue;
        std::vector<std::byte> inside;
        for (const std::uint8_t label : labels.layer(segment->layer))
            inside.push_back(std::byte{label == segment->number});
        hash.update(inside);
    }
    return hexText(hash.digest());
}

std::vector<std::int64_t> countedClasses(const LabelMap& labels, const std::vector<ModelClass>& classes)
{
    std::vector<std::int64_t> counts(classes.size() + 1, 0);
    for (const ModelClass& wanted : classes) {
        const Segment* segment = segmentOfClass(labels.segments(), wanted, classes);
        std::int64_t& count = counts[static_cast<std::size_t>(wanted.output)];
        if (!segment || segment->layer >= labels.layerCount()) {
            count = segment ? 0 : -1;
            continue;
        }
        const std::span<const std::uint8_t> layer = labels.layer(segment->layer);
        count = std::count(layer.begin(), layer.end(), segment->number);
    }
    return counts;
}

Result<CaseFingerprint> fingerprintOf(const TrainingCase& files, const std::vector<ModelClass>& classes,
                                      const std::string& pool)
{
    const Result<CaseFiles> read = readCase(files);
    if (!read)
        return read.error();
    const VolumeGeometry grid = canonicalGrid(read->volume.geometry());
    const Range range = robustRange(read->volume);
    CaseFingerprint one;
    one.key = files.key;
    one.patient = files.patient;
    one.pool = pool;
    one.modality = files.modality;
    one.spacing = grid.spacing;
    one.size = grid.size;
    one.low = range.low;
    one.high = range.high;
    one.imageHash = hashOf(read->volume.bytes());
    one.labelHash = hashOfClasses(read->labels, classes);
    one.classVoxels = countedClasses(read->labels, classes);
    return one;
}

} // namespace

Result<WorkerResult> runSurvey(const SurveyJob& job, const WorkerEventSink& emit, std::stop_token stop)
try {
    const Result<ComputeDevice> device = prepareCompute(job.device, job.threads);
    if (!device)
        return device.error();
    if (!device->note.empty())
        emit(WorkerNote{device->note});
    DataFingerprint found;
    found.device = device->name;
    found.classes = job.classes;
    for (std::size_t n = 0; n < found.classes.size(); ++n)
        found.classes[n].output = static_cast<int>(n) + 1;
    const std::size_t total = job.train.size() + job.validation.size();
    for (const auto& [pool, cases] : {std::pair{"train", &job.train}, {"validation", &job.validation}})
        for (const TrainingCase& files : *cases) {
            if (stop.stop_requested())
                return cancelledError();
            auto one = fingerprintOf(files, found.classes, pool);
            if (!one)
                return one.error();
            found.cases.push_back(*std::move(one));
            const double done = static_cast<double>(found.cases.size()) / static_cast<double>(total);
            emit(WorkerProgress{"planning", 0.9 * done, -1});
        }
    found.multiplicationsPerSecond = measuredSpeed(device->name);
    found.memoryFree = device->name == "cpu" ? systemMemory().available : freeMemoryOf(device->name);
    WorkerResult result;
    result.fingerprint = std::move(found);
    return result;
} catch (const std::exception& e) {
    return errorFromTorch(e, ErrorCode::Malformed);
}

} // namespace annotomy
