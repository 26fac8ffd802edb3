#include "ml/worker_jobs.h"

#include "core/image/resample.h"
#include "core/io/volume_file.h"
#include "ml/internal/class_rule.h"
#include "ml/internal/grad_cam.h"
#include "ml/internal/job_support.h"
#include "ml/internal/occlusion.h"
#include "ml/internal/preprocess.h"

#include <algorithm>
#include <cmath>
#include <new>

namespace annotomy {

namespace {

constexpr double findingPart = 0.3; // of the progress
constexpr double mostOcclusions = 512;

Result<int> outputNamed(const ModelCard& card, const std::string& name)
{
    std::string known;
    for (const ModelClass& c : card.classes) {
        if (c.name == name)
            return c.output;
        known += (known.empty() ? "" : ", ") + c.name;
    }
    return Error{ErrorCode::NotFound, name, "the model " + card.name + " does not know it; it knows " + known};
}

SlidingWindow windowOver(const Model& model, const Index3& image)
{
    SlidingWindow window;
    window.image = image;
    window.tile = model.card().patch;
    window.outputs = model.outputs();
    window.padding = paddingValue(model.card().channels.front());
    return window;
}

// Where a sliding window over an image finds a class.
struct FoundClass {
    std::vector<std::uint8_t> voxels; // 1 where it is
    IndexBox box;
};

Result<FoundClass> foundClass(const Model& model, const NetworkImage& image, std::size_t output, std::stop_token stop,
                              const ProgressReport& report)
{
    FoundClass found;
    found.voxels.reserve(image.values.size());
    const ClassRule rule(model.card());
    const auto width = static_cast<std::size_t>(image.grid.size[0]);
    const std::size_t plane = width * static_cast<std::size_t>(image.grid.size[1]);
    const PlaneSink sink = [&](int k, std::span<const float> probabilities) {
        for (std::size_t n = 0; n < plane; ++n) {
            const bool isClass = rule.classOf([&](std::size_t c) { return probabilities[c * plane + n]; }) == output;
            found.voxels.push_back(isClass ? 1 : 0);
            if (isClass)
                found.box.include({static_cast<int>(n % width), static_cast<int>(n / width), k});
        }
    };
    SlidingWindow window = windowOver(model, image.grid.size);
    window.overlap = 0.5; // as proposals do
    const auto done = slideWindow(window, image.values, model.predictor(window.tile), sink, stop, report);
    return done ? Result(std::move(found)) : done.error();
}

// An eighth of a tile wider on every side, at least a tile long, where the image reaches.
IndexBox surroundings(const IndexBox& box, const Index3& tile, const IndexBox& bounds)
{
    IndexBox wide = box;
    for (std::size_t a = 0; a < 3; ++a) {
        const int margin = std::max(tile[a] / 8, (tile[a] - (box.hi[a] - box.lo[a]) + 1) / 2);
        wide.lo[a] -= margin;
        wide.hi[a] += margin;
        const int beyond = std::max(0, bounds.lo[a] - wide.lo[a]), after = std::max(0, wide.hi[a] - bounds.hi[a]);
        wide.lo[a] -= after; // pushed back into the image
        wide.hi[a] += beyond;
    }
    return intersection(wide, bounds);
}

template <class T>
std::vector<T> partOf(const std::vector<T>& values, const VolumeGeometry& grid, const IndexBox& box)
{
    std::vector<T> part;
    part.reserve(static_cast<std::size_t>(box.voxelCount()));
    for (int k = box.lo[2]; k < box.hi[2]; ++k)
        for (int j = box.lo[1]; j < box.hi[1]; ++j) {
            const auto row = values.begin() + static_cast<std::ptrdiff_t>(grid.offset({box.lo[0], j, k}));
            part.insert(part.end(), row, row + (box.hi[0] - box.lo[0]));
        }
    return part;
}

// Blocks along an axis of a tile, so that all tiles together cost some hundred predictions.
int blocksPerAxis(const SlidingWindow& window)
{
    std::size_t tiles = 1;
    for (std::size_t a = 0; a < 3; ++a)
        tiles *= tileStarts(window.image[a], window.tile[a], window.overlap).size();
    return std::clamp(static_cast<int>(std::cbrt(mostOcclusions / static_cast<double>(tiles)) + 1e-9), 2, 6);
}

void scaleToOne(std::vector<float>& map)
{
    const float most = map.empty() ? 0 : *std::max_element(map.begin(), map.end());
    for (float& value : map)
        value = most > 0 ? value / most : 0.0F;
}

Result<Volume> mapOfClass(const Volume& volume, const Model& model, const ExplainJob& job, std::stop_token stop,
                          const ProgressReport& report)
{
    const ModelCard& card = model.card();
    const Result<int> output = outputNamed(card, job.className);
    if (!output)
        return output.error();
    const auto number = static_cast<std::size_t>(*output);
    const float padding = paddingValue(card.channels.front());
    const Result<NetworkImage> image = networkImage(volume, card.channels.front(), card.spacing, stop);
    if (!image)
        return image.error();
    const Result<FoundClass> found = foundClass(model, *image, number, stop, subProgress(report, 0, findingPart));
    if (!found)
        return found.error();
    if (found->box.empty())
        return Error{ErrorCode::Conflict, job.className, "the model " + card.name + " does not find it in this image"};
    const IndexBox box = surroundings(found->box, card.patch, image->grid.bounds());
    const VolumeGeometry grid = croppedGrid(image->grid, box);
    SlidingWindow window = windowOver(model, grid.size);
    window.overlap = 0.25;
    const TileExplainer explain =
        job.method == "occlusion" ? occlusion(model.predictor(card.patch), model.outputs(), number, padding, blocksPerAxis(window), stop)
                                  : gradCam(model, number);
    Result<std::vector<float>> map =
        explainTiles(window, partOf(image->values, image->grid, box), partOf(found->voxels, image->grid, box), explain,
                     stop, subProgress(report, findingPart, 1));
    if (!map)
        return map.error();
    Result<Volume> moved = resampled(Volume::fromVoxels(grid, *std::move(map)), volume.geometry(), 0, stop);
    if (!moved)
        return moved;
    const std::span<const float> values = moved->voxels<float>();
    std::vector<float> scaled(values.begin(), values.end());
    scaleToOne(scaled);
    return Volume::fromVoxels(volume.geometry(), std::move(scaled));
}

Result<Model> modelToExplain(const ExplainJob& job, const WorkerEventSink& emit)
{
    const Result<ComputeDevice> device = preparedDevice(job.device, job.threads, emit);
    if (!device)
        return device.error();
    Result<Model> model = loadedModel(job.modelPath, device->name);
    if (!model)
        return model;
    if (job.method == "grad-cam" && !showsFeatures(*model))
        return Error{ErrorCode::Unsupported, model->card().name,
                     "it does not show its features, so Grad-CAM cannot explain it: choose occlusion"};
    return model;
}

} // namespace

Result<WorkerResult> explainCase(const ExplainJob& job, const WorkerEventSink& emit, std::stop_token stop)
try {
    if (job.method != "grad-cam" && job.method != "occlusion")
        return Error{ErrorCode::InvalidArgument, job.method, "the methods are grad-cam and occlusion"};
    const Result<Model> model = modelToExplain(job, emit);
    if (!model)
        return model.error();
    const Result<Volume> volume = mapVolumeFile(job.imagePath);
    if (!volume)
        return volume.error();
    const ProgressReport report = [&](double fraction) { emit(WorkerProgress{"explaining", fraction, -1}); };
    const Result<Volume> map = mapOfClass(*volume, *model, job, stop, report);
    if (!map)
        return map.error();
    if (const auto written = writeVolumeFile(job.outPath, *map); !written)
        return written.error();
    WorkerResult result;
    result.outPath = job.outPath;
    result.card = model->card();
    return result;
} catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, {}, "not enough memory for this image"};
}

} // namespace annotomy
