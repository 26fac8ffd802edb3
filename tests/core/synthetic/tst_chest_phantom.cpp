#include "core/synthetic/chest_phantom.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <set>

using namespace annotomy;

namespace {

bool sameImage(const Volume& a, const Volume& b)
{
    return std::ranges::equal(a.bytes(), b.bytes());
}

// Mean real value under each label; [0] is the mean of the rest.
std::array<double, 4> meanByLabel(const ChestPhantom& phantom)
{
    std::array<double, 4> sum{}, count{};
    const auto stored = phantom.image.voxels<std::int16_t>();
    const auto labels = phantom.truth.layer(0);
    for (std::size_t n = 0; n < stored.size(); ++n) {
        sum[labels[n]] += stored[n] - 1024.0;
        count[labels[n]] += 1;
    }
    for (std::size_t label = 0; label < 4; ++label)
        sum[label] /= std::max(count[label], 1.0);
    return sum;
}

} // namespace

class TestChestPhantom : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameSeedSameChest();
    void seedsDiffer();
    void looksLikeAChest_data();
    void looksLikeAChest();
    void leftIsOnTheLeft();
    void obliqueGridTurnsAboutLeftRight();
    void smallGrids();
    void invented();
};

void TestChestPhantom::sameSeedSameChest()
{
    const ChestPhantom a = makeChestPhantom({}), b = makeChestPhantom({});
    QVERIFY(sameImage(a.image, b.image));
    QVERIFY(a.truth == b.truth);
    QVERIFY(a.info == b.info);
}

void TestChestPhantom::seedsDiffer()
{
    std::set<std::int64_t> nodules, lungs;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const auto counts = voxelCounts(makeChestPhantom({.seed = seed}).truth);
        lungs.insert(counts[1]);
        nodules.insert(counts[3]);
    }
    QCOMPARE(lungs.size(), std::size_t{6});
    QVERIFY(nodules.size() >= 5);
}

void TestChestPhantom::looksLikeAChest_data()
{
    QTest::addColumn<int>("seed");
    QTest::addColumn<double>("degrees");
    for (int seed = 1; seed <= 8; ++seed)
        QTest::addRow("seed %d", seed) << seed << (seed % 2 ? 0.0 : 12.0);
}

void TestChestPhantom::looksLikeAChest()
{
    QFETCH(int, seed);
    QFETCH(double, degrees);
    const ChestPhantom phantom = makeChestPhantom({.seed = static_cast<std::uint64_t>(seed), .obliqueDegrees = degrees});
    QVERIFY(phantom.image.type() == VoxelType::Int16);
    QVERIFY((phantom.image.rescale() == Rescale{1, -1024}));
    QVERIFY(sameGrid(phantom.image.geometry(), phantom.truth.geometry()));
    const auto counts = voxelCounts(phantom.truth);
    const double ml = phantom.image.geometry().voxelVolumeMm3() / 1000;
    for (const std::size_t lung : {1U, 2U}) { // adult lungs hold 1 to 4 litres each
        QVERIFY(static_cast<double>(counts[lung]) * ml > 1000);
        QVERIFY(static_cast<double>(counts[lung]) * ml < 4000);
    }
    // 3 to 7 nodules of 4 to 12 mm radius, some cut by the wall.
    const double noduleMl = static_cast<double>(counts[3]) * ml;
    QVERIFY(noduleMl > 3 * 0.15);
    QVERIFY(noduleMl < 7 * 7.3);
    const auto mean = meanByLabel(phantom);
    QVERIFY(mean[1] > -880 && mean[1] < -750);
    QVERIFY(mean[2] > -880 && mean[2] < -750);
    QVERIFY(mean[3] > -200 && mean[3] < 180); // soft edges included
}

void TestChestPhantom::leftIsOnTheLeft()
{
    const ChestPhantom phantom = makeChestPhantom({.seed = 3});
    const auto middle = [&](SegmentNumber number) {
        const IndexBox box = boundingBox(phantom.truth, number);
        return phantom.image.geometry().patientFromIndex({(box.lo[0] + box.hi[0]) / 2.0, (box.lo[1] + box.hi[1]) / 2.0,
                                                          (box.lo[2] + box.hi[2]) / 2.0});
    };
    QVERIFY(middle(1)[0] > 30); // LPS: x grows to the patient's left
    QVERIFY(middle(2)[0] < -30);
    QCOMPARE(phantom.truth.segments().find(1)->name, std::string("Left lung"));
}

void TestChestPhantom::obliqueGridTurnsAboutLeftRight()
{
    const ChestPhantom phantom = makeChestPhantom({.obliqueDegrees = 20});
    const VolumeGeometry& g = phantom.image.geometry();
    QVERIFY(isPlausible(g));
    QVERIFY(length(g.axis(0) - Vec3{1, 0, 0}) < 1e-12);
    QVERIFY(std::abs(dot(g.axis(1), {0, 1, 0}) - std::cos(20 * 0.017453292519943295)) < 1e-12);
    QVERIFY(length(cross(g.axis(0), g.axis(1)) - g.axis(2)) < 1e-12);
}

void TestChestPhantom::smallGrids()
{
    for (const Index3& size : {Index3{1, 1, 1}, Index3{8, 8, 4}, Index3{40, 32, 20}}) {
        const ChestPhantom phantom = makeChestPhantom({.size = size, .spacing = {4, 4, 6}});
        QCOMPARE(phantom.image.voxels<std::int16_t>().size(), phantom.image.geometry().voxelCount());
    }
    const auto counts = voxelCounts(makeChestPhantom({.size = {40, 32, 20}, .spacing = {4, 4, 6}}).truth);
    QVERIFY(counts[1] > 0 && counts[2] > 0 && counts[3] > 0);
}

void TestChestPhantom::invented()
{
    std::set<std::string> uids;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const ImageInfo info = makeChestPhantom({.seed = seed, .size = {8, 8, 4}}).info;
        QVERIFY(info.patientName.starts_with("Demo "));
        QCOMPARE(info.modality, std::string("CT"));
        for (const std::string& uid : {info.studyUid, info.seriesUid, info.frameOfReferenceUid}) {
            QVERIFY(uid.size() <= 64 && uid.starts_with("2.25."));
            uids.insert(uid);
        }
    }
    QCOMPARE(uids.size(), std::size_t{60});
}

QTEST_APPLESS_MAIN(TestChestPhantom)
#include "tst_chest_phantom.moc"
