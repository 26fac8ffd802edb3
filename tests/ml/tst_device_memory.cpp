#include "ml/internal/device_window.h"
#include "ml/internal/loss_scale.h"
#include "ml/internal/mirroring.h"
#include "ml/internal/network_image.h"
#include "ml/internal/nvidia_driver.h"
#include "ml/internal/stepping_predictor.h"
#include "ml/worker_jobs.h"
#include "tests/ml/limited_memory.h"
#include "tests/ml/training_folder.h"

#include <QTest>

#include <cmath>

using namespace annotomy;
using namespace annotomy::test;

namespace {

ModelCard smallCard(const Index3& patch)
{
    ModelCard card;
    card.name = "small";
    card.network = "unet3d";
    card.channels = {{"image", "MR", Normalisation::BodyZScore}};
    card.classes = {{1, "Lesion", 1, {}, {}, {}}};
    card.recipe.baseWidth = 4;
    card.recipe.levels = 3;
    card.recipe.poolings = {2, 2, 2};
    card.recipe.patch = card.patch = patch;
    card.divisor = patchMultiple(card.recipe);
    return card;
}

std::vector<float> waves(const Index3& size)
{
    std::vector<float> values(voxelCountOf(size));
    for (std::size_t n = 0; n < values.size(); ++n)
        values[n] = std::sin(0.1F * static_cast<float>(n * n % 977));
    return values;
}

// All planes one after another, [k][output][j][i].
class Planes {
public:
    PlaneSink sink()
    {
        return [this](int k, std::span<const float> plane) {
            m_inOrder = m_inOrder && k == m_next++;
            m_values.insert(m_values.end(), plane.begin(), plane.end());
        };
    }
    bool complete(const SlidingWindow& window) const
    {
        return m_inOrder && m_next == window.image[2] &&
               m_values.size() == voxelCountOf(window.image) * static_cast<std::size_t>(window.outputs);
    }
    double differenceTo(const Planes& other) const
    {
        double largest = m_values.size() == other.m_values.size() ? 0 : 1;
        for (std::size_t n = 0; largest < 1 && n < m_values.size(); ++n)
            largest = std::max(largest, static_cast<double>(std::abs(m_values[n] - other.m_values[n])));
        return largest;
    }

private:
    bool m_inOrder = true;
    int m_next = 0;
    std::vector<float> m_values;
};

// Of a voxel alone. Runs out of memory with tiles of more than `mostVoxels` on a CUDA device, or of `mostOnCpu` elsewhere.
PredictorSource limited(std::size_t mostVoxels, std::size_t mostOnCpu)
{
    return [=](const MemoryStep& step) -> TilePredictor {
        const std::size_t most = step.device == "cpu" ? mostOnCpu : mostVoxels;
        return [most](std::span<const float> tile, std::span<float> probabilities) -> Result<void> {
            if (tile.size() > most)
                return Error{ErrorCode::OutOfMemory, {}, "injected"};
            for (std::size_t n = 0; n < tile.size(); ++n) {
                probabilities[n] = 0.5F - 0.4F * tile[n];
                probabilities[tile.size() + n] = 0.5F + 0.4F * tile[n];
            }
            return {};
        };
    };
}

struct Notes {
    std::vector<std::string> sentences;
    NoteSink sink()
    {
        return [this](const std::string& sentence) { sentences.push_back(sentence); };
    }
};

} // namespace

class TestDeviceMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stepsDownBatchThenPatchThenDevice();
    void attemptsUntilItFits();
    void otherErrorsAreNoReasonToStepDown();
    void smallerTilesStandInForALargeOne();
    void theCpuIsTheLastResort();
    void gathersOnTheDeviceAsInTheMainMemory_data();
    void gathersOnTheDeviceAsInTheMainMemory();
    void halvesTheBatchWhenMemoryRunsOut();
    void goesOnTileByTileWhenOneIsTooMuch();
    void trainsWithASmallerBatchWhenMemoryRunsOut();
    void proposesWithSmallerTilesWhenMemoryRunsOut();
    void scalesLossesOnlyWhenActive();
    void readsTheDriversVersion_data();
    void readsTheDriversVersion();
    void saysWhyThereIsNoGpu();
    void describesAndTestsTheCpu();
    void tellsThatADeviceIsMissing();
};

void TestDeviceMemory::stepsDownBatchThenPatchThenDevice()
{
    const MemoryStep wanted{3, {64, 32, 24}, "cuda:0"};
    const Index3 divisor{8, 8, 8};
    std::vector<MemoryStep> steps{wanted};
    while (const auto next = steppedDown(steps.back(), wanted, divisor))
        steps.push_back(*next);
    const std::vector<MemoryStep> expected{
        {3, {64, 32, 24}, "cuda:0"}, {1, {64, 32, 24}, "cuda:0"}, {1, {32, 32, 24}, "cuda:0"},
        {1, {16, 32, 24}, "cuda:0"}, {1, {16, 16, 24}, "cuda:0"}, // 24 / 2 is no multiple of 8 from 16 up
        {3, {64, 32, 24}, "cpu"},    {1, {64, 32, 24}, "cpu"},    {1, {32, 32, 24}, "cpu"},
        {1, {16, 32, 24}, "cpu"},    {1, {16, 16, 24}, "cpu"}};
    QCOMPARE(steps.size(), expected.size());
    for (std::size_t n = 0; n < steps.size(); ++n)
        QVERIFY2(steps[n] == expected[n], std::to_string(n).c_str());
    QCOMPARE(stepNote(steps[0], steps[1]), std::string("The memory of cuda:0 ran out: batches of 1 instead of 3 are used."));
    QCOMPARE(stepNote(steps[1], steps[2]),
             std::string("The memory of cuda:0 ran out: patches of 32 x 32 x 24 instead of 64 x 32 x 24 voxels are used."));
    QCOMPARE(stepNote(steps[4], steps[5]), std::string("The memory of cuda:0 ran out: the CPU is used."));
}

void TestDeviceMemory::attemptsUntilItFits()
{
    Notes notes;
    const auto attempt = [](const MemoryStep& step) -> Result<int> {
        if (step.device != "cpu" || step.batch > 1)
            return Error{ErrorCode::OutOfMemory, {}, "injected"};
        return step.patch[0];
    };
    const auto found = withMemorySteps({2, {32, 16, 16}, "cuda:0"}, {8, 8, 8}, notes.sink(), attempt);
    QVERIFY(found && *found == 32);
    QCOMPARE(notes.sentences.size(), std::size_t(4)); // batch, patch, CPU, batch
    const auto never = [](const MemoryStep&) -> Result<int> { return Error{ErrorCode::OutOfMemory, {}, "injected"}; };
    const auto failed = withMemorySteps({1, {16, 16, 16}, "cpu"}, {8, 8, 8}, {}, never);
    QVERIFY(!failed && failed.error().code == ErrorCode::OutOfMemory);
}

void TestDeviceMemory::otherErrorsAreNoReasonToStepDown()
{
    int calls = 0;
    const auto attempt = [&](const MemoryStep&) -> Result<int> {
        ++calls;
        return Error{ErrorCode::Malformed, {}, "injected"};
    };
    QVERIFY(!withMemorySteps({4, {64, 64, 64}, "cuda:0"}, {8, 8, 8}, {}, attempt));
    QCOMPARE(calls, 1);
}

void TestDeviceMemory::smallerTilesStandInForALargeOne()
{
    const Index3 tile{32, 32, 16};
    const std::vector<float> image = waves(tile);
    std::vector<float> expected(2 * image.size()), found(2 * image.size());
    QVERIFY(limited(image.size(), 0)({1, tile, "cuda:0"})(image, expected));
    Notes notes;
    const TilePredictor predict =
        steppingPredictor(limited(16 * 16 * 16, 0), {1, tile, "cuda:0"}, {8, 8, 8}, 2, notes.sink());
    for (int time = 0; time < 2; ++time) { // a step is told once
        std::fill(found.begin(), found.end(), 0.0F);
        QVERIFY(predict(image, found));
        for (std::size_t n = 0; n < found.size(); ++n)
            QVERIFY(std::abs(found[n] - expected[n]) < 1e-5F);
        QCOMPARE(notes.sentences.size(), std::size_t(2));
    }
}

void TestDeviceMemory::theCpuIsTheLastResort()
{
    const Index3 tile{16, 16, 16};
    const std::vector<float> image = waves(tile);
    std::vector<float> found(2 * image.size());
    Notes notes;
    QVERIFY(steppingPredictor(limited(0, image.size()), {1, tile, "cuda:0"}, {8, 8, 8}, 2, notes.sink())(image, found));
    QCOMPARE(notes.sentences.size(), std::size_t(1));
    const Result<void> failed = steppingPredictor(limited(0, 0), {1, tile, "cuda:0"}, {8, 8, 8}, 2, {})(image, found);
    QVERIFY(!failed && failed.error().code == ErrorCode::OutOfMemory);
}

void TestDeviceMemory::gathersOnTheDeviceAsInTheMainMemory_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("depth");
    QTest::addColumn<bool>("mirror");
    QTest::newRow("several tiles") << 37 << 29 << false;
    QTest::newRow("mirrored") << 20 << 18 << true;
    QTest::newRow("smaller than a tile") << 11 << 9 << false;
    QTest::newRow("thin") << 33 << 7 << false;
}

void TestDeviceMemory::gathersOnTheDeviceAsInTheMainMemory()
{
    QFETCH(int, width);
    QFETCH(int, depth);
    QFETCH(bool, mirror);
    const Index3 tile{16, 16, 16}, axes = mirror ? Index3{1, 0, 1} : Index3{};
    const Result<Model> model = Model::create(smallCard(tile), 3);
    QVERIFY(model);
    SlidingWindow window;
    window.image = {width, 22, depth};
    window.tile = tile;
    window.padding = -0.5F;
    const std::vector<float> image = waves(window.image);
    const TilePredictor predict = mirrored(model->predictor(tile), tile, 2, axes);
    Planes expected, found;
    QVERIFY(slideWindow(window, image, predict, expected.sink()));
    double last = 0;
    const Result<void> done = slideWindowOnDevice(window, image, *model, axes, predict, found.sink(), {}, {},
                                                  [&](double fraction) { last = fraction; });
    QVERIFY(done && found.complete(window));
    QCOMPARE(last, 1.0);
    QVERIFY2(found.differenceTo(expected) < 1e-5, std::to_string(found.differenceTo(expected)).c_str());
}

void TestDeviceMemory::halvesTheBatchWhenMemoryRunsOut()
{
    const Index3 tile{16, 16, 16};
    const Result<Model> model = Model::create(smallCard(tile), 3);
    SlidingWindow window;
    window.image = {40, 40, 20};
    window.tile = tile;
    const std::vector<float> image = waves(window.image);
    const TilePredictor none = [](std::span<const float>, std::span<float>) -> Result<void> {
        return Error{ErrorCode::Conflict, {}, "one tile fits"};
    };
    Planes expected, found;
    std::size_t largest = 0;
    {
        const LimitedMemory all;
        QVERIFY(slideWindowOnDevice(window, image, *model, {}, none, expected.sink(), {}));
        largest = all.largest();
    }
    Notes notes;
    const LimitedMemory little(largest / 2);
    const Result<void> done = slideWindowOnDevice(window, image, *model, {}, none, found.sink(), notes.sink());
    QVERIFY2(done, done ? "" : done.error().detail.c_str());
    QVERIFY(little.refusals() > 0 && !notes.sentences.empty());
    QVERIFY(notes.sentences[0].find("batches of 8 instead of 16") != std::string::npos);
    QVERIFY(found.complete(window) && found.differenceTo(expected) < 1e-5);
}

void TestDeviceMemory::goesOnTileByTileWhenOneIsTooMuch()
{
    const Index3 tile{16, 16, 16};
    const Result<Model> model = Model::create(smallCard(tile), 3);
    SlidingWindow window;
    window.image = {17, 16, 16};
    window.tile = tile;
    const std::vector<float> image = waves(window.image);
    const TilePredictor asked = limited(voxelCountOf(tile), 0)({1, tile, "cuda:0"});
    Planes expected, found;
    QVERIFY(slideWindow(window, image, asked, expected.sink()));
    std::size_t largest = 0;
    {
        Planes ignored;
        const LimitedMemory all;
        QVERIFY(slideWindowOnDevice(window, image, *model, {}, asked, ignored.sink(), {}));
        largest = all.largest();
    }
    // Enough to gather what is found, too little for the network.
    const std::size_t gathered = 2 * voxelCountOf(window.image) * sizeof(float);
    QVERIFY(largest > 2 * gathered);
    const LimitedMemory little(gathered);
    QVERIFY(slideWindowOnDevice(window, image, *model, {}, asked, found.sink(), {}));
    QVERIFY(little.refusals() > 0 && found.complete(window) && found.differenceTo(expected) < 1e-5);
}

void TestDeviceMemory::trainsWithASmallerBatchWhenMemoryRunsOut()
{
    const TrainingFolder folder;
    TrainJob job = folder.job(3);
    job.recipe.batch = 4;
    QVERIFY(folder.good());
    Notes notes;
    const WorkerEventSink emit = [&](const WorkerEvent& event) {
        if (const auto* note = std::get_if<WorkerNote>(&event))
            notes.sentences.push_back(note->text);
    };
    std::size_t largest = 0;
    {
        const LimitedMemory all;
        QVERIFY(runTraining(job, emit, {}));
        largest = all.largest();
        QVERIFY(notes.sentences.empty());
    }
    const LimitedMemory little(largest - 1);
    const Result<WorkerResult> trained = runTraining(job, emit, {});
    QVERIFY2(trained, trained ? "" : trained.error().detail.c_str());
    QVERIFY(little.refusals() > 0 && !notes.sentences.empty());
    QCOMPARE(notes.sentences[0], std::string("The memory of cpu ran out: batches of 2 instead of 4 are used."));
    QVERIFY(trained->card->recipe.batch <= 2 && Model::load(job.outPath));
}

void TestDeviceMemory::proposesWithSmallerTilesWhenMemoryRunsOut()
{
    const TrainingFolder folder;
    const TrainingCase files = folder.addSeveral("case", 1).front();
    const Result<Model> model = Model::create(smallCard({32, 16, 16}), 3);
    QVERIFY(folder.good() && model && model->save(folder.path("model.pt")));
    ProposeJob job;
    job.modelPaths = {folder.path("model.pt")};
    job.items = {{"case", files.imagePath, "MR", folder.path("found.alab")}};
    job.device = "cpu";
    job.threads = 1;
    Notes notes;
    const WorkerEventSink emit = [&](const WorkerEvent& event) {
        if (const auto* note = std::get_if<WorkerNote>(&event))
            notes.sentences.push_back(note->text);
    };
    std::size_t largest = 0;
    {
        const LimitedMemory all;
        QVERIFY(runProposals(job, emit, {}));
        largest = all.largest();
    }
    QVERIFY(notes.sentences.empty());
    const LimitedMemory little(largest - 1);
    const Result<WorkerResult> done = runProposals(job, emit, {});
    if (little.largest() < largest)
        QSKIP("the network does not run through LibTorch's memory here");
    QVERIFY2(done, done ? "" : done.error().detail.c_str());
    QCOMPARE(notes.sentences.size(), std::size_t(1));
    QVERIFY(notes.sentences[0].find("patches of 16 x 16 x 16") != std::string::npos);
    QVERIFY(readLabelFile(folder.path("found.alab")));
}

void TestDeviceMemory::scalesLossesOnlyWhenActive()
{
    at::Tensor weight = at::ones({2}).set_requires_grad(true);
    LossScale off(false), on(true);
    QCOMPARE(off.value(), 1.0);
    for (const LossScale* scale : {&off, &on}) {
        weight.mutable_grad() = at::Tensor();
        scale->scaled((weight * 3).sum()).backward();
        scale->unscale({weight});
        QCOMPARE(weight.grad()[0].item<float>(), 3.0F);
    }
    const double before = on.value();
    on.update(false);
    QCOMPARE(on.value(), before / 2);
    for (int step = 0; step < 1000; ++step)
        on.update(true);
    QCOMPARE(on.value(), before);
    for (int step = 0; step < 40; ++step)
        on.update(false);
    QCOMPARE(on.value(), 1.0);
}

void TestDeviceMemory::readsTheDriversVersion_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("version");
    QTest::newRow("closed") << QByteArray("NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19\nGCC version:  "
                                          "gcc version 12.2.0\n")
                            << QByteArray("535.104.05");
    QTest::newRow("open") << QByteArray("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build\n")
                          << QByteArray("570.86.15");
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("another text") << QByteArray("GCC version:  gcc version 12.2.0\n") << QByteArray();
}

void TestDeviceMemory::readsTheDriversVersion()
{
    QFETCH(QByteArray, text);
    QTEST(QByteArray::fromStdString(driverVersionIn(text.toStdString())), "version");
}

void TestDeviceMemory::saysWhyThereIsNoGpu()
{
    const NvidiaDriver old{"450.80", 11000, {{"Quadro", 1, 1}}}, empty{"570.86", 12080, {}};
    const auto says = [](bool built, const std::optional<NvidiaDriver>& driver, const char* words) {
        return whyNoCudaDevice(built, driver).find(words) != std::string::npos;
    };
    QVERIFY(says(false, std::nullopt, "built for the CPU alone"));
    QVERIFY(says(false, empty, "release-cuda"));
    QVERIFY(says(true, std::nullopt, "No CUDA device was found: no NVIDIA driver"));
    QVERIFY(says(true, old, "too old"));
    QVERIFY(says(true, empty, "shows none"));
    QVERIFY(says(true, NvidiaDriver{"570.86", 0, {}}, "libcuda.so.1"));
}

void TestDeviceMemory::describesAndTestsTheCpu()
{
    ComputeJob job{true, 1};
    double last = 0;
    const auto result = describeCompute(
        job,
        [&](const WorkerEvent& event) {
            if (const auto* progress = std::get_if<WorkerProgress>(&event))
                last = progress->fraction;
        },
        {});
    QVERIFY(result && result->compute);
    const ComputeReport& report = *result->compute;
    QVERIFY(report.tested && report.threads == 1 && last == 1);
    QVERIFY(!report.libTorch.empty() && !report.devices.empty());
    const DeviceReport& cpu = report.devices.front();
    QCOMPARE(cpu.device, std::string("cpu"));
    QVERIFY(cpu.failure.empty() && cpu.memory > cpu.memoryFree && cpu.memoryFree > 0);
    QVERIFY(cpu.multiplicationsPerSecond > 1e6 && cpu.difference == 0);
    QVERIFY(report.noGpu.empty() == (report.devices.size() > 1 && report.devices[1].failure.empty()));
}

void TestDeviceMemory::tellsThatADeviceIsMissing()
{
    const TrainingFolder folder;
    TrainJob job = folder.job(1);
    job.device = "cuda:99";
    std::vector<std::string> notes;
    const auto result = runTraining(
        job,
        [&](const WorkerEvent& event) {
            if (const auto* note = std::get_if<WorkerNote>(&event))
                notes.push_back(note->text);
        },
        {});
    QVERIFY(result && notes.size() == 1);
    QVERIFY(notes[0].starts_with("Device cuda:99 is not available; the CPU is used."));
}

QTEST_GUILESS_MAIN(TestDeviceMemory)
#include "tst_device_memory.moc"
