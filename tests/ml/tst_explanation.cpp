#include "ml/internal/grad_cam.h"
#include "ml/internal/occlusion.h"
#include "ml/internal/network_image.h"
#include "ml/internal/torch_module.h"
#include "ml/worker_jobs.h"
#include "tests/ml/training_folder.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace annotomy;
using namespace annotomy::test;

namespace {

constexpr Index3 tileSize{24, 20, 16};

std::size_t offsetOf(int i, int j, int k)
{
    return (static_cast<std::size_t>(k) * 20 + static_cast<std::size_t>(j)) * 24 + static_cast<std::size_t>(i);
}

bool isWithin(std::size_t n, int lo, int hi)
{
    const auto inside = [&](std::size_t x) { return static_cast<int>(x) >= lo && static_cast<int>(x) < hi; };
    return inside(n % 24) && inside(n / 24 % 20) && inside(n / 480);
}

// As sure of the class everywhere as (12..15, 9..12, 9..12) is bright.
Result<void> lookingElsewhere(std::span<const float> tile, std::span<float> probabilities)
{
    float evidence = 0;
    for (int k = 9; k < 13; ++k)
        for (int j = 9; j < 13; ++j)
            for (int i = 12; i < 16; ++i)
                evidence += tile[offsetOf(i, j, k)] / 64;
    std::fill_n(probabilities.begin(), tile.size(), 1 - evidence);
    std::fill_n(probabilities.begin() + static_cast<std::ptrdiff_t>(tile.size()), tile.size(), evidence);
    return {};
}

// Found in (2..9)^3 of a bright tile.
struct FoundInCorner {
    std::vector<float> values = std::vector<float>(voxelCountOf(tileSize), 1), weights = std::vector<float>(values.size(), 0),
                       map = std::vector<float>(values.size(), 7);
    FoundInCorner()
    {
        for (std::size_t n = 0; n < weights.size(); ++n)
            weights[n] = isWithin(n, 2, 10) ? 0.5F : 0.0F;
    }
    Result<void> explain(const TileExplainer& explainer, const ProgressReport& report = {})
    {
        return explainer({tileSize, values, weights}, map, report);
    }
};

ModelCard cardOf(NetworkKind kind)
{
    ModelCard card;
    card.name = "untrained";
    card.network = "unet3d";
    card.channels = {{"image", "MR", Normalisation::BodyZScore, 0, 0, 0, 1}};
    card.classes = {{1, "Lesion", 1, {}, {}, {}}, {2, "Organ", 2, {}, {}, {}}};
    card.recipe.baseWidth = 4;
    card.recipe.levels = 3;
    card.recipe.network = kind;
    card.recipe.poolings = {2, 2, 1};
    card.patch = card.recipe.patch = {16, 16, 16};
    return card;
}

VolumeGeometry gridNumber(int n)
{
    const VolumeGeometry plain = plainGrid({34, 30, 28}, {1, 1, 1});
    const VolumeGeometry thick = plainGrid({40, 36, 14}, {0.9, 1, 2.2});
    switch (n) {
    case 0:
        return plain;
    case 1:
        return reordered(plain, {0, 1, 2}, {true, true, false});
    case 2:
        return thick;
    case 3:
        return reordered(thick, {1, 2, 0}, {false, true, true});
    default:
        return rotated(plainGrid({40, 38, 30}, {0.8, 0.9, 1}), 25);
    }
}

Vec3 centreOfGrid(const VolumeGeometry& grid)
{
    return grid.patientFromIndex({0.6 * grid.size[0], 0.45 * grid.size[1], 0.55 * grid.size[2]});
}

} // namespace

class TestExplanation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void occlusionFindsWhatTheModelLooksAt();
    void occlusionStops();
    void tilesShareTheScore();
    void featuresGiveTheLogits_data();
    void featuresGiveTheLogits();
    void theMapPeaksInTheBall_data();
    void theMapPeaksInTheBall();
    void saysWhyNot();
    void aNetworkWithoutFeaturesIsOccluded();

private:
    ExplainJob job(const std::string& image, const std::string& method) const
    {
        return {m_folder.path("model.pt"), image, "Lesion", method, m_folder.path("map.avol"), "cpu", 1};
    }
    static Result<WorkerResult> run(const ExplainJob& job)
    {
        return explainCase(job, [](const WorkerEvent&) {}, {});
    }

    TrainingFolder m_folder;
};

void TestExplanation::initTestCase()
{
    TrainJob training = m_folder.job(60);
    training.recipe.levels = 2;
    training.recipe.poolings = {1, 1, 1};
    QVERIFY(runTraining(training, [](const WorkerEvent&) {}, {}).has_value());
}

void TestExplanation::occlusionFindsWhatTheModelLooksAt()
{
    FoundInCorner tile;
    QVERIFY(tile.explain(occlusion(lookingElsewhere, 2, 1, 0, 6)).has_value());
    const auto most = static_cast<std::size_t>(std::max_element(tile.map.begin(), tile.map.end()) - tile.map.begin());
    const std::size_t i = most % 24, j = most / 24 % 20, k = most / 480;
    QVERIFY(i >= 12 && i < 16 && j >= 9 && j < 13 && k >= 9 && k < 13);
    QVERIFY(tile.map[most] > 1 && tile.map[most] <= 256); // of 8^3 voxels that count one half
    QCOMPARE(tile.map[offsetOf(3, 3, 3)], 0.0F);          // where the class is found, the model does not look
    QCOMPARE(tile.map[offsetOf(23, 19, 15)], 0.0F);       // beyond the blocks
}

void TestExplanation::occlusionStops()
{
    FoundInCorner tile;
    std::stop_source stop;
    double last = 0;
    const ProgressReport report = [&](double fraction) {
        last = fraction;
        stop.request_stop();
    };
    const auto stopped = tile.explain(occlusion(lookingElsewhere, 2, 1, 0, 6, stop.get_token()), report);
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    QVERIFY(last > 0 && last < 0.5);
    const TilePredictor broken = [](std::span<const float>, std::span<float>) -> Result<void> {
        return Error{ErrorCode::OutOfMemory, {}, "no"};
    };
    QCOMPARE(tile.explain(occlusion(broken, 2, 1, 0, 6)).error().code, ErrorCode::OutOfMemory);
}

// However many tiles see a voxel, it counts once; tiles without the class are left out.
void TestExplanation::tilesShareTheScore()
{
    SlidingWindow window;
    window.image = {14, 9, 5};
    window.tile = {6, 6, 8};
    window.padding = -3;
    std::vector<float> image(voxelCountOf(window.image));
    std::vector<std::uint8_t> found(image.size(), 0);
    for (std::size_t n = 0; n < image.size(); ++n) {
        image[n] = static_cast<float>(n);
        found[n] = n % 14 < 7 ? 1 : 0;
    }
    int tiles = 0;
    const TileExplainer itself = [&](const ScoredTile& tile, std::span<float> map, const ProgressReport&) -> Result<void> {
        ++tiles;
        for (std::size_t n = 0; n < map.size(); ++n) {
            map[n] = tile.weights[n] * tile.values[n];
            if (n < 36 && tile.values[n] != -3) // the tile reaches one plane beyond the image
                return Error{ErrorCode::Malformed, {}, "not padded"};
        }
        return {};
    };
    double last = 0;
    const auto map = explainTiles(window, image, found, itself, {}, [&](double fraction) { last = fraction; });
    QVERIFY(map.has_value());
    for (std::size_t n = 0; n < image.size(); ++n)
        QVERIFY(std::abs((*map)[n] - (found[n] ? image[n] : 0)) < 1e-3F);
    QCOMPARE(tiles, 3 * 2); // of five along i; those from 0, 3 and 6
    QCOMPARE(last, 1.0);
}

void TestExplanation::featuresGiveTheLogits_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("U-Net") << static_cast<int>(NetworkKind::UNet);
    QTest::newRow("residual") << static_cast<int>(NetworkKind::ResidualUNet);
    QTest::newRow("light") << static_cast<int>(NetworkKind::Light);
    QTest::newRow("MeshNet") << static_cast<int>(NetworkKind::MeshNet);
}

void TestExplanation::featuresGiveTheLogits()
{
    QFETCH(int, kind);
    const auto model = Model::create(cardOf(static_cast<NetworkKind>(kind)), 3);
    QVERIFY(model && showsFeatures(*model));
    const c10::InferenceMode inference;
    torch::jit::Module& module = model->torchModule().module;
    const at::Tensor x = at::sin(at::arange(16 * 16 * 16, at::kFloat)).reshape({1, 1, 16, 16, 16});
    const at::Tensor whole = module.forward({x}).toTensor();
    const c10::IValue features = module.get_method("features")({x});
    const at::Tensor parts = module.get_method("logits_of")({features}).toTensor();
    QCOMPARE((whole - parts).abs().max().item<float>(), 0.0F);
}

void TestExplanation::theMapPeaksInTheBall_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<int>("grid");
    const char* grids[] = {"plain", "flipped", "anisotropic", "sagittal slices, flipped", "oblique"};
    for (const char* method : {"grad-cam", "occlusion"})
        for (int n = 0; n < 5; ++n)
            if (*method == 'g' || n % 4 == 0) // occlusion takes its time
                QTest::addRow("%s, %s", method, grids[n]) << method << n;
}

void TestExplanation::theMapPeaksInTheBall()
{
    QFETCH(QString, method);
    QFETCH(int, grid);
    const VolumeGeometry geometry = gridNumber(grid);
    const Ball ball{centreOfGrid(geometry), 6};
    const TrainingCase subject = m_folder.add("subject", geometry, ball, 77);
    std::vector<double> fractions;
    const auto result = explainCase(
        job(subject.imagePath, method.toStdString()),
        [&](const WorkerEvent& event) {
            if (const auto* progress = std::get_if<WorkerProgress>(&event))
                fractions.push_back(progress->fraction);
        },
        {});
    QVERIFY2(result.has_value(), result ? "" : result.error().detail.c_str());
    QVERIFY(std::is_sorted(fractions.begin(), fractions.end()) && fractions.back() == 1);
    const auto map = mapVolumeFile(result->outPath);
    QVERIFY(map && map->geometry() == geometry);
    const std::span<const float> values = map->voxels<float>();
    double inside = 0, outside = 0, within = 0, without = 0;
    Vec3 peak{};
    float most = 0;
    for (std::size_t n = 0; n < values.size(); ++n) {
        const Index3 index = geometry.indexAt(n);
        const Vec3 lps = geometry.patientFromIndex({double(index[0]), double(index[1]), double(index[2])});
        QVERIFY(values[n] >= 0 && values[n] <= 1);
        (ball.holds(lps) ? inside : outside) += static_cast<double>(values[n]);
        (ball.holds(lps) ? within : without) += 1;
        if (values[n] > most) {
            most = values[n];
            peak = lps;
        }
    }
    QCOMPARE(most, 1.0F);
    QVERIFY(length(peak - ball.centre) < ball.radius + 3); // half a voxel of the features
    QVERIFY(inside / within > 1.5 * outside / without);
}

void TestExplanation::saysWhyNot()
{
    const VolumeGeometry grid = gridNumber(0);
    const TrainingCase subject = m_folder.add("subject", grid, {centreOfGrid(grid), 6}, 77);
    auto strict = Model::load(m_folder.path("model.pt"));
    QVERIFY(strict.has_value());
    ModelCard card = strict->card();
    card.classes[0].threshold = 1;
    strict->setCard(card);
    QVERIFY(strict->save(m_folder.path("strict.pt")).has_value());
    ExplainJob unknown = job(subject.imagePath, "occlusion");
    unknown.modelPath = m_folder.path("strict.pt");
    const auto absent = run(unknown);
    QVERIFY(!absent);
    QCOMPARE(absent.error().code, ErrorCode::Conflict);
    unknown.className = "Spleen";
    const auto stranger = run(unknown);
    QVERIFY(!stranger);
    QCOMPARE(stranger.error().code, ErrorCode::NotFound);
    QVERIFY(stranger.error().detail.find("Lesion") != std::string::npos);
    QCOMPARE(run(job(subject.imagePath, "guessing")).error().code, ErrorCode::InvalidArgument);
}

// A module of which nothing but forward() is known.
void TestExplanation::aNetworkWithoutFeaturesIsOccluded()
{
    const auto trained = Model::load(m_folder.path("model.pt"));
    QVERIFY(trained.has_value());
    torch::jit::Module foreign("Foreign");
    foreign.register_module("net", trained->torchModule().module);
    foreign.define("def forward(self, x):\n    return self.net.forward(x)\n");
    auto wrapped = trained->copy();
    QVERIFY(wrapped.has_value());
    wrapped->torchModule().module = foreign;
    QVERIFY(wrapped->save(m_folder.path("foreign.pt")).has_value());
    const VolumeGeometry grid = gridNumber(0);
    const TrainingCase subject = m_folder.add("subject", grid, {centreOfGrid(grid), 6}, 77);
    ExplainJob wanted = job(subject.imagePath, "grad-cam");
    wanted.modelPath = m_folder.path("foreign.pt");
    const auto refused = run(wanted);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Unsupported);
    wanted.method = "occlusion";
    QVERIFY(run(wanted).has_value());
}

QTEST_GUILESS_MAIN(TestExplanation)
#include "tst_explanation.moc"
