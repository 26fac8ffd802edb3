// A sliding window over a CT of 256 x 256 x 128 by a freshly drawn U-Net (width 16, five levels, tiles of 96^3, overlap 0.5).
// tests/acceptance/check_sliding_window.py runs the same through MONAI and compares.
//
// usage: bench_sliding_window --make FOLDER          writes model.pt and image.raw: the normalised voxels, float32 [k][j][i]
//        bench_sliding_window FOLDER [--torch] [--crop] [--threads N] [--out FILE]
//                                                    one run; its costs go to standard output as JSON, the probabilities to
//                                                    FILE: float32 [k][output][j][i]. --torch: by LibTorch. --crop: from the
//                                                    image in Hounsfield units on, cropped to the body as for proposals.
//        bench_sliding_window --check                a small one: oneDNN directly must give what LibTorch gives, in less time
#include "ml/internal/compute_device.h"
#include "ml/internal/model.h"
#include "ml/internal/network_image.h"
#include "ml/internal/preprocess.h"
#include "ml/internal/torch_module.h"
#include "tests/bench/cost.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <random>
#include <string>

using namespace annotomy;
using namespace annotomy::bench;

namespace {

constexpr Index3 imageSize{256, 256, 128};
constexpr int tileEdge = 96;

ModelCard cardOf(int width, int levels, int edge)
{
    ModelCard card;
    card.name = "bench";
    card.network = "unet3d";
    card.channels = {{"image", "CT", Normalisation::CtClipZScore, -1000, 1000, 0, 250}};
    card.classes = {{1, "Liver", 1, {}, {}, {}}};
    card.recipe.baseWidth = width;
    card.recipe.levels = levels;
    card.recipe.poolings.fill(levels - 1);
    card.divisor = patchMultiple(card.recipe);
    card.patch = card.recipe.patch = {edge, edge, edge};
    return card;
}

// Hounsfield units of a body of 199 x 169 voxels across, with organs and noise, in air.
std::vector<float> phantom(const Index3& size)
{
    std::mt19937 random(1);
    std::normal_distribution<float> noise(0, 24);
    std::vector<float> values(voxelCountOf(size));
    for (std::size_t n = 0; n < values.size(); ++n) {
        const auto i = static_cast<int>(n) % size[0], j = static_cast<int>(n) / size[0] % size[1];
        const int k = static_cast<int>(n) / (size[0] * size[1]);
        const double x = (i - size[0] / 2) / (size[0] * 0.388), y = (j - size[1] / 2) / (size[1] * 0.33);
        const bool isBody = x * x + y * y <= 1;
        const float organ = 60 * std::sin(0.07F * static_cast<float>(i)) * std::sin(0.05F * static_cast<float>(j + k));
        values[n] = isBody ? 40 + organ + noise(random) : -1000;
    }
    return values;
}

std::vector<float> normalised(std::vector<float> values, const ModelChannel& channel)
{
    for (float& v : values)
        v = static_cast<float>((std::clamp<double>(v, channel.clipLow, channel.clipHigh) - channel.mean) / channel.sd);
    return values;
}

struct Options {
    std::string folder, out;
    bool byTorch = false, crops = false;
    int threads = 0;
};

struct Run {
    Cost preprocessing, creation, sliding;
    Index3 size{}; // of what the window slid over
};

Result<Run> run(const Model& model, NetworkImage image, const Options& options, const PlaneSink& sink)
{
    const ModelCard& card = model.card();
    Run done;
    model.torchModule().runsQuickly = options.byTorch ? std::optional(false) : std::nullopt;
    if (options.crops) {
        const Volume volume = Volume::fromVoxels(image.grid, std::move(image.values));
        Result<NetworkImage> cropped = Error{};
        done.preprocessing = costOf([&] { cropped = networkImage(volume, card.channels.front(), card.spacing); });
        if (!cropped)
            return cropped.error();
        image = std::move(*cropped);
    }
    SlidingWindow window;
    window.image = done.size = image.grid.size;
    window.tile = card.patch;
    window.outputs = model.outputs();
    window.padding = paddingValue(card.channels.front());
    TilePredictor predict;
    done.creation = costOf([&] { predict = model.predictor(window.tile); });
    Result<void> slid;
    done.sliding = costOf([&] { slid = slideWindow(window, image.values, predict, sink); });
    return slid ? Result(done) : slid.error();
}

NetworkImage imageOf(const Index3& size, std::vector<float> values)
{
    NetworkImage image;
    image.grid.size = size;
    image.values = std::move(values);
    return image;
}

int fail(const std::string& what)
{
    std::fprintf(stderr, "%s\n", what.c_str());
    return 2;
}

int make(const std::string& folder)
{
    const auto model = Model::create(cardOf(16, 5, tileEdge), 1);
    if (!model || !model->save(folder + "/model.pt"))
        return fail("no model could be written to " + folder);
    const std::vector<float> values = normalised(phantom(imageSize), model->card().channels.front());
    std::ofstream file(folder + "/image.raw", std::ios::binary);
    file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
    return file.flush() ? 0 : fail("the image could not be written to " + folder);
}

std::vector<float> readImage(const std::string& path)
{
    std::vector<float> values(voxelCountOf(imageSize));
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
    return file ? values : std::vector<float>{};
}

int measure(const Options& options)
{
    if (const auto device = prepareCompute("cpu", options.threads); !device)
        return fail(device.error().detail);
    const auto model = Model::load(options.folder + "/model.pt");
    if (!model)
        return fail(model.error().detail);
    NetworkImage image =
        imageOf(imageSize, options.crops ? phantom(imageSize) : readImage(options.folder + "/image.raw"));
    if (image.values.empty())
        return fail("no image in " + options.folder);
    std::ofstream out;
    if (!options.out.empty())
        out.open(options.out, std::ios::binary);
    const PlaneSink sink = [&](int, std::span<const float> plane) {
        if (out.is_open())
            out.write(reinterpret_cast<const char*>(plane.data()), static_cast<std::streamsize>(plane.size_bytes()));
    };
    const auto done = run(*model, std::move(image), options, sink);
    if (!done)
        return fail(done.error().detail);
    if (out.is_open() && !out.flush())
        return fail("the probabilities could not be written to " + options.out);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("{\"wall\": %.3f, \"cpu\": %.3f, \"creation\": %.3f, \"preprocessing\": %.3f, \"peak_mb\": %.1f, "
                "\"size\": [%d, %d, %d]}\n",
                done->sliding.wall / 1e3, done->sliding.cpu / 1e3, done->creation.wall / 1e3, done->preprocessing.wall / 1e3,
                static_cast<double>(usage.ru_maxrss) / 1024, done->size[0], done->size[1], done->size[2]);
    return 0;
}

int check()
{
    if (const auto device = prepareCompute("cpu", 0); !device)
        return fail(device.error().detail);
    const auto model = Model::create(cardOf(16, 4, 64), 1);
    if (!model)
        return fail(model.error().detail);
    const Index3 size{96, 96, 64};
    std::vector<Cost> costs[2];
    std::vector<float> found[2];
    for (int round = 0; round < 3; ++round)
        for (const bool byTorch : {true, false}) {
            std::vector<float>& planes = found[byTorch ? 0 : 1];
            planes.clear();
            Options options;
            options.byTorch = byTorch;
            const PlaneSink sink = [&](int, std::span<const float> p) { planes.insert(planes.end(), p.begin(), p.end()); };
            const auto values = normalised(phantom(size), model->card().channels.front());
            const auto done = run(*model, imageOf(size, values), options, sink);
            if (!done)
                return fail(done.error().detail);
            costs[byTorch ? 0 : 1].push_back(done->sliding);
            std::printf("%s: %.0f ms (CPU %.0f), created in %.0f ms\n", byTorch ? "LibTorch" : "oneDNN", done->sliding.wall,
                        done->sliding.cpu, done->creation.wall);
        }
    const bool isQuick = model->torchModule().runsQuickly.value_or(false);
    double largest = 0;
    for (std::size_t n = 0; n < found[0].size(); ++n)
        largest = std::max<double>(largest, std::abs(found[0][n] - found[1][n]));
    const double ratio = median(costs[0]).cpu / median(costs[1]).cpu;
    std::printf("%.2f times less CPU time, probabilities differ by at most %.1e%s\n", ratio, largest,
                isQuick ? "" : "; this processor or build has no executor");
    return largest < 1e-3 && (!isQuick || ratio > 1.2) ? 0 : 1;
}

} // namespace

int main(int count, char** arguments)
{
    Options options;
    for (int n = 1; n < count; ++n) {
        const std::string argument = arguments[n];
        if (argument == "--check")
            return check();
        if (argument == "--make" && n + 1 < count)
            return make(arguments[n + 1]);
        if (argument == "--torch")
            options.byTorch = true;
        else if (argument == "--crop")
            options.crops = true;
        else if (argument == "--threads" && n + 1 < count)
            options.threads = std::atoi(arguments[++n]);
        else if (argument == "--out" && n + 1 < count)
            options.out = arguments[++n];
        else
            options.folder = argument;
    }
    return options.folder.empty() ? fail("usage: bench_sliding_window FOLDER | --make FOLDER | --check") : measure(options);
}
