#include "ml/internal/calibration.h"
#include "ml/internal/class_rule.h"
#include "ml/internal/mirroring.h"
#include "ml/internal/model.h"
#include "ml/internal/network_image.h"
#include "ml/internal/probability_volume.h"
#include "ml/internal/segmentation.h"
#include "tests/ml/test_grids.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <random>

using namespace annotomy;
using namespace annotomy::test;

namespace {

ModelCard cardOfTwo()
{
    ModelCard card;
    card.name = "two";
    card.network = "unet3d";
    card.channels = {{"image", "MR", Normalisation::BodyZScore}};
    card.classes.resize(2);
    for (int c = 0; c < 2; ++c) {
        card.classes[static_cast<std::size_t>(c)].output = c + 1;
        card.classes[static_cast<std::size_t>(c)].number = static_cast<SegmentNumber>(c + 1);
        card.classes[static_cast<std::size_t>(c)].name = c == 0 ? "Organ" : "Lesion";
    }
    card.patch = {16, 16, 16};
    card.recipe.baseWidth = 4;
    card.recipe.levels = 3;
    card.recipe.poolings = {2, 2, 2};
    card.recipe.patch = card.patch;
    return card;
}

std::uint8_t decided(const ClassRule& rule, std::vector<float> probabilities)
{
    return rule.classOf([&](std::size_t output) { return probabilities[output]; });
}

// Depends on the place within the tile: not the same when mirrored.
Result<void> byPlace(std::span<const float> tile, std::span<float> probabilities)
{
    for (std::size_t n = 0; n < tile.size(); ++n) {
        const float p = tile[n] * static_cast<float>(n + 1) / static_cast<float>(tile.size());
        probabilities[n] = 1 - p;
        probabilities[tile.size() + n] = p;
    }
    return {};
}

// What a calibrated model would say: the truth is drawn from the probabilities.
VoxelSample calibratedSample(double sharpened)
{
    std::mt19937 random(4);
    std::uniform_real_distribution<> uniform(0, 1);
    VoxelSample sample;
    sample.outputs = 2;
    for (int n = 0; n < 40000; ++n) {
        const double p = uniform(random);
        sample.truths.push_back(uniform(random) < p ? 1 : 0);
        const double odds = std::pow(p / (1 - p), sharpened);
        sample.probabilities.push_back(static_cast<float>(1 / (1 + odds)));
        sample.probabilities.push_back(static_cast<float>(odds / (1 + odds)));
    }
    return sample;
}

} // namespace

class TestInference : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thresholdsDecide();
    void mirroringAveragesAllMirrorImages();
    void probabilitiesAddUp();
    void temperatureIsFound();
    void calibrationErrorIsTheGap();
    void ensembles_data();
    void ensembles();
    void otherClassesAreNoEnsemble();
    void mapsLieOnTheImagesGrid_data();
    void mapsLieOnTheImagesGrid();
};

void TestInference::thresholdsDecide()
{
    ModelCard card = cardOfTwo();
    const ClassRule largest(card);
    QCOMPARE(int(decided(largest, {0.4F, 0.35F, 0.25F})), 0);
    QCOMPARE(int(decided(largest, {0.3F, 0.4F, 0.3F})), 1);
    QCOMPARE(largest.certainBackground(), 0.5F);

    card.classes[1].threshold = 0.2; // found early
    const ClassRule early(card);
    QCOMPARE(int(decided(early, {0.75F, 0.04F, 0.21F})), 2);
    QCOMPARE(int(decided(early, {0.2F, 0.5F, 0.3F})), 1); // the likelier of two that may be
    QVERIFY(std::abs(early.certainBackground() - 0.8F) < 1e-6F);
    card.classes[1].threshold = 0.7; // found late
    QCOMPARE(int(decided(ClassRule(card), {0.3F, 0.1F, 0.6F})), 0);
}

void TestInference::mirroringAveragesAllMirrorImages()
{
    const Index3 tile{4, 3, 2};
    const std::size_t voxels = voxelCountOf(tile);
    std::vector<float> image(voxels), expected(2 * voxels, 0.0F), found(2 * voxels);
    for (std::size_t n = 0; n < voxels; ++n)
        image[n] = std::abs(std::sin(static_cast<float>(n)));
    const auto at = [&](int i, int j, int k) { return static_cast<std::size_t>(i + tile[0] * (j + tile[1] * k)); };
    for (const bool alongI : {false, true})
        for (const bool alongK : {false, true}) {
            const auto turned = [&](int i, int j, int k) { return at(alongI ? 3 - i : i, j, alongK ? 1 - k : k); };
            for (int k = 0; k < 2; ++k)
                for (int j = 0; j < 3; ++j)
                    for (int i = 0; i < 4; ++i) {
                        // The voxel (i, j, k) of the mirror image is the turned one of the image.
                        const float p = image[turned(i, j, k)] * static_cast<float>(at(i, j, k) + 1) / 24;
                        expected[voxels + turned(i, j, k)] += p / 4;
                        expected[turned(i, j, k)] += (1 - p) / 4;
                    }
        }
    const TilePredictor predict = mirrored(byPlace, tile, 2, {1, 0, 1});
    QVERIFY(predict(image, found).has_value());
    for (std::size_t n = 0; n < found.size(); ++n)
        QVERIFY(std::abs(found[n] - expected[n]) < 1e-6F);
}

void TestInference::probabilitiesAddUp()
{
    const QTemporaryDir folder;
    auto volume = ProbabilityVolume::create(folder.path().toStdString(), 3, 3);
    QVERIFY(volume.has_value());
    for (const float weight : {0.25F, 0.75F}) {
        volume->ofOutput(1)[0] += weight * 0.8F;
        volume->ofOutput(2)[1] += weight * (weight > 0.5F ? 0.6F : 0.0F);
    }
    QCOMPARE(volume->classes(ClassRule(3)), (std::vector<std::uint8_t>{1, 0, 0}));
    ModelCard card = cardOfTwo();
    card.classes[1].threshold = 0.4;
    QCOMPARE(volume->classes(ClassRule(card)), (std::vector<std::uint8_t>{1, 2, 0}));
    const std::vector<float> foreground = volume->foreground(), entropy = volume->entropy();
    QVERIFY(std::abs(foreground[1] - 0.45F) < 1e-6F && foreground[2] == 0);
    QVERIFY(std::abs(entropy[0] - 0.5004F) < 1e-4F && entropy[2] == 0);
    QVERIFY(std::abs(volume->meanEntropy(std::vector<std::uint8_t>{1, 0, 0}) - 0.5004) < 1e-4);
    QCOMPARE(ProbabilityVolume::create("/nowhere/at/all", 3, 3).error().code, ErrorCode::IoFailure);
}

void TestInference::temperatureIsFound()
{
    QVERIFY(std::abs(likeliestTemperature(calibratedSample(1)) - 1) < 0.05);
    QVERIFY(std::abs(likeliestTemperature(calibratedSample(2)) - 2) < 0.1);
    QVERIFY(std::abs(likeliestTemperature(calibratedSample(0.5)) - 0.5) < 0.03);
    QCOMPARE(likeliestTemperature({}), 1.0);
}

void TestInference::calibrationErrorIsTheGap()
{
    QVERIFY(expectedCalibrationError(calibratedSample(1)) < 0.02);
    const VoxelSample sure = calibratedSample(3);
    QVERIFY(expectedCalibrationError(sure) > 0.1);
    QVERIFY(expectedCalibrationError(sure, 3) < 0.02);
    VoxelSample wrong;
    wrong.probabilities = {0.2F, 0.8F, 0.2F, 0.8F};
    wrong.truths = {0, 1}; // right half of the time, sure to 0.8
    QVERIFY(std::abs(expectedCalibrationError(wrong) - 0.3) < 1e-6);
}

void TestInference::ensembles_data()
{
    QTest::addColumn<int>("rule");
    for (std::size_t n = 0; n < ensembleRuleNames().size(); ++n)
        QTest::newRow(ensembleRuleNames()[n].c_str()) << static_cast<int>(n);
}

// Two copies of a model and a third of other weights, whose classes are numbered the other way round.
void TestInference::ensembles()
{
    QFETCH(int, rule);
    const QTemporaryDir folder;
    const ModelCard card = cardOfTwo();
    ModelCard turned = card;
    std::swap(turned.classes[0].name, turned.classes[1].name);
    const auto one = Model::create(card, 1), other = Model::create(turned, 2);
    QVERIFY(one.has_value() && other.has_value());
    const VolumeGeometry grid = plainGrid({20, 18, 17}, {1, 1, 1});
    const Volume volume = volumeOf(grid, [](const Vec3& p) { return 100 + 30 * std::sin(p[0]) + 20 * std::cos(p[1] * p[2]); });
    SegmentationExtras extras;
    extras.maps = true;
    extras.scratchFolder = folder.path().toStdString();
    const auto run = [&](std::vector<Model> models, std::vector<double> weights) {
        InferenceOptions options;
        options.rule = static_cast<EnsembleRule>(rule);
        options.weights = std::move(weights);
        return segmented(volume, models, options, extras, {}, {});
    };
    const auto alone = run({*one}, {}), twice = run({*one, *one}, {}), mixed = run({*one, *one, *other}, {1, 1, 0});
    QVERIFY(alone && twice && mixed);
    QCOMPARE(twice->classes, alone->classes);
    for (std::size_t n = 0; n < alone->foreground.size(); ++n)
        QVERIFY(std::abs(twice->foreground[n] - alone->foreground[n]) < 1e-5F);
    if (static_cast<EnsembleRule>(rule) == EnsembleRule::WeightedMean || static_cast<EnsembleRule>(rule) == EnsembleRule::Vote)
        QCOMPARE(mixed->classes, alone->classes); // no weight, or outvoted
    if (static_cast<EnsembleRule>(rule) == EnsembleRule::Mean) {
        const auto second = run({*other}, {});
        QVERIFY(second.has_value());
        for (std::size_t n = 0; n < mixed->foreground.size(); ++n)
            QVERIFY(std::abs(mixed->foreground[n] - (2 * alone->foreground[n] + second->foreground[n]) / 3) < 1e-5F);
    }
}

void TestInference::otherClassesAreNoEnsemble()
{
    const QTemporaryDir folder;
    ModelCard stranger = cardOfTwo();
    stranger.classes[0].name = "Spleen";
    const std::vector<Model> models{*Model::create(cardOfTwo(), 1), *Model::create(stranger, 1)};
    const Volume volume = volumeOf(plainGrid({16, 16, 16}, {1, 1, 1}), [](const Vec3& p) { return p[0]; });
    SegmentationExtras extras;
    extras.scratchFolder = folder.path().toStdString();
    const auto result = segmented(volume, models, {}, extras, {}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Conflict);
}

void TestInference::mapsLieOnTheImagesGrid_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("flipped") << 0;
    QTest::newRow("sagittal slices") << 1;
    QTest::newRow("anisotropic") << 2;
    QTest::newRow("oblique") << 3;
}

// Where the classes are, the map is above one half; elsewhere it is not (two outputs, no thresholds).
void TestInference::mapsLieOnTheImagesGrid()
{
    QFETCH(int, kind);
    const QTemporaryDir folder;
    ModelCard card = cardOfTwo();
    card.classes.pop_back();
    const VolumeGeometry plain = plainGrid({22, 19, 17}, {1, 1, 1});
    const VolumeGeometry grids[] = {reordered(plain, {0, 1, 2}, {true, false, true}),
                                    reordered(plain, {1, 2, 0}, {false, true, true}),
                                    plainGrid({22, 19, 9}, {1, 1, 2}), rotated(plainGrid({30, 28, 20}, {0.7, 0.8, 0.9}), 30)};
    const Volume volume =
        volumeOf(grids[kind], [](const Vec3& p) { return 100 + 50 * std::sin(0.4 * p[0]) + 20 * std::cos(0.3 * p[1]); });
    const std::vector<Model> models{*Model::create(card, 3)};
    SegmentationExtras extras;
    extras.maps = true;
    extras.scratchFolder = folder.path().toStdString();
    const auto found = segmented(volume, models, {}, extras, {}, {});
    const auto plainly = segmented(volume, models, {}, {}, {}, {});
    QVERIFY(found && plainly);
    QCOMPARE(found->classes, plainly->classes);
    int inside = 0;
    for (std::size_t n = 0; n < found->classes.size(); ++n) {
        QVERIFY((found->classes[n] == 1) == (found->foreground[n] > 0.5F) || std::abs(found->foreground[n] - 0.5F) < 1e-5F);
        inside += found->classes[n];
    }
    QVERIFY(inside > 0 && inside < static_cast<int>(found->classes.size()));
}

QTEST_GUILESS_MAIN(TestInference)
#include "tst_inference.moc"
