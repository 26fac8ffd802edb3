#include "ml/internal/patch_queue.h"

#include "ml/internal/preprocess.h"
#include "tests/ml/test_grids.h"

#include <QTest>

#include <numeric>

using namespace annotomy;
using namespace annotomy::test;

namespace {

ModelCard cardOfOneClass()
{
    ModelCard card;
    card.channels = {{"image", "MR", Normalisation::BodyZScore, 0, 0, 0, 1}};
    card.classes = {{1, "Lesion", 1, {}, {}, {}}};
    card.spacing = {1, 1, 1};
    return card;
}

PreparedCase blobCase(const Index3& size, double value)
{
    const VolumeGeometry grid = plainGrid(size, {1, 1, 1});
    const Ball ball{grid.patientFromIndex({size[0] * 0.3, size[1] * 0.6, size[2] * 0.5}), 4};
    const Volume volume =
        volumeOf(grid, [&](const Vec3& p) { return value + p[0] + (ball.holds(p) ? 50 : 0); });
    const auto prepared = prepareCase("a", volume, labelsOf(grid, ball), cardOfOneClass());
    return prepared ? *prepared : PreparedCase{};
}

bool hasClass(const Patch& patch, std::uint8_t wanted)
{
    return std::find(patch.classes.begin(), patch.classes.end(), wanted) != patch.classes.end();
}

} // namespace

class TestPatchSampler : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dependsOnSeedAndNumberAlone();
    void keepsVoxelsWithoutAugmentation();
    void honoursTheForegroundShare();
    void ignoresWhatLiesBeyondTheImage();
    void mirrorsHalfOfThePatches();
    void drawsFromReplay_data();
    void drawsFromReplay();
    void theQueueKeepsTheOrder();
};

void TestPatchSampler::dependsOnSeedAndNumberAlone()
{
    const std::vector<PreparedCase> cases{blobCase({30, 28, 26}, 100), blobCase({24, 30, 20}, 200)};
    const SamplerSettings settings{{16, 16, 16}, 0.5, 0, true, {0, 0, 0}, 0, 7};
    const PatchSampler a(settings, cases, {}), b(settings, cases, {});
    for (const std::uint64_t n : {3, 0, 11, 3}) {
        QCOMPARE(a.patch(n).values, b.patch(n).values);
        QCOMPARE(a.patch(n).classes, b.patch(n).classes);
    }
    SamplerSettings otherSeed = settings;
    otherSeed.seed = 8;
    QVERIFY(PatchSampler(otherSeed, cases, {}).patch(3).values != a.patch(3).values);
    QVERIFY(a.patch(4).values != a.patch(3).values);
}

void TestPatchSampler::keepsVoxelsWithoutAugmentation()
{
    const std::vector<PreparedCase> cases{blobCase({16, 16, 16}, 100)};
    const PatchSampler sampler({{16, 16, 16}, 0.5, 0, false, {0, 0, 0}, 0, 1}, cases, {});
    const Patch patch = sampler.patch(0);
    QCOMPARE(patch.values, cases[0].image.values);
    QCOMPARE(patch.classes, cases[0].classes);
}

void TestPatchSampler::honoursTheForegroundShare()
{
    const std::vector<PreparedCase> cases{blobCase({80, 80, 80}, 100)};
    for (const double share : {0.5, 1.0}) {
        const PatchSampler sampler({{16, 16, 16}, share, 0, true, {0, 0, 0}, 0, 1}, cases, {});
        int withForeground = 0;
        for (std::uint64_t n = 0; n < 40; ++n)
            withForeground += hasClass(sampler.patch(n), 1);
        QVERIFY2(withForeground >= 40 * share - 2 && withForeground <= 40 * share + 12,
                 qPrintable(QString::number(withForeground)));
    }
}

void TestPatchSampler::ignoresWhatLiesBeyondTheImage()
{
    const std::vector<PreparedCase> cases{blobCase({12, 20, 20}, 100)};
    const PatchSampler sampler({{16, 16, 16}, 0.5, 0, false, {0, 0, 0}, -3.5F, 1}, cases, {});
    const Patch patch = sampler.patch(0);
    std::size_t outside = 0;
    for (std::size_t n = 0; n < patch.values.size(); ++n)
        if (patch.classes[n] == ignoredClass) {
            QCOMPARE(patch.values[n], -3.5F);
            ++outside;
        }
    QCOMPARE(outside, std::size_t{4 * 16 * 16});
}

// Along the axis that may be, and no other. The image grows along i and k, more than rotations can hide.
void TestPatchSampler::mirrorsHalfOfThePatches()
{
    std::vector<PreparedCase> cases{blobCase({40, 40, 40}, 100)};
    for (std::size_t n = 0; n < cases[0].image.values.size(); ++n) {
        const Index3 at = cases[0].image.grid.indexAt(n);
        cases[0].image.values[n] = static_cast<float>(at[0] + at[2]);
    }
    SamplerSettings settings{{16, 16, 16}, 0.5, 0, true, {1, 0, 0}, 0, 3};
    const PatchSampler sampler(settings, cases, {});
    int alongI = 0, alongK = 0;
    for (std::uint64_t n = 0; n < 100; ++n) {
        const Patch patch = sampler.patch(n);
        const auto at = [&](int i, int j, int k) { return patch.values[static_cast<std::size_t>(i + 16 * (j + 16 * k))]; };
        alongI += at(0, 8, 8) > at(15, 8, 8);
        alongK += at(8, 8, 0) > at(8, 8, 15);
    }
    QVERIFY2(alongI > 30 && alongI < 70, qPrintable(QString::number(alongI)));
    QVERIFY2(alongK < 5, qPrintable(QString::number(alongK))); // noise
}

void TestPatchSampler::drawsFromReplay()
{
    QFETCH(int, trainCases);
    QFETCH(double, share);
    QFETCH(int, expected);
    const auto filled = [](int count, float value) {
        std::vector<PreparedCase> cases(static_cast<std::size_t>(count), blobCase({20, 20, 20}, 100));
        for (PreparedCase& one : cases)
            std::fill(one.image.values.begin(), one.image.values.end(), value);
        return cases;
    };
    const auto train = filled(trainCases, 1), replay = filled(1, 2);
    const PatchSampler sampler({{8, 8, 8}, 0.5, share, false, {0, 0, 0}, 0, 1}, train, replay);
    int replayed = 0;
    for (std::uint64_t n = 0; n < 400; ++n)
        replayed += sampler.patch(n).values[0] > 1.5F;
    QVERIFY2(std::abs(replayed - expected) < 30, qPrintable(QString::number(replayed)));
}

void TestPatchSampler::drawsFromReplay_data()
{
    QTest::addColumn<int>("trainCases");
    QTest::addColumn<double>("share");
    QTest::addColumn<int>("expected"); // of 400 patches
    QTest::newRow("as asked") << 1 << 0.25 << 100;
    QTest::newRow("one old case among many new ones is not repeated more than they") << 9 << 0.5 << 40;
}

void TestPatchSampler::theQueueKeepsTheOrder()
{
    const std::vector<PreparedCase> cases{blobCase({20, 20, 20}, 100)};
    const PatchSampler sampler({{8, 8, 8}, 0.5, 0, true, {0, 0, 0}, 0, 1}, cases, {});
    PatchQueue queue(sampler, {3, 0, 3}, 5);
    for (std::uint64_t batch = 5; batch < 9; ++batch) {
        const std::vector<Patch> patches = queue.next();
        QCOMPARE(patches.size(), std::size_t{3});
        for (std::uint64_t n = 0; n < 3; ++n)
            QCOMPARE(patches[n].values, sampler.patch(batch * 3 + n).values);
    }
}

QTEST_APPLESS_MAIN(TestPatchSampler)
#include "tst_patch_sampler.moc"
