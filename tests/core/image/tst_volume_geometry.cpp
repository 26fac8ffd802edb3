#include "core/image/volume_geometry.h"

#include <QTest>

#include <random>

using namespace annotomy;

namespace {

// A rotation from three angles, optionally sheared (tilted gantry) or left-handed.
VolumeGeometry randomGrid(std::mt19937& random, bool sheared, bool flipped)
{
    std::uniform_real_distribution<double> angle(-3.1, 3.1), spacing(0.2, 7.0), origin(-500, 500);
    const double a = angle(random), b = angle(random), c = angle(random);
    Vec3 i{std::cos(a) * std::cos(b), std::sin(a) * std::cos(b), -std::sin(b)};
    Vec3 helper{std::sin(c), std::cos(c), 0.3};
    Vec3 j = normalised(cross(helper, i));
    Vec3 k = cross(i, j);
    if (sheared)
        k = normalised(k + 0.3 * j);
    if (flipped)
        k = -1.0 * k;
    VolumeGeometry g;
    g.size = {31, 47, 12};
    g.spacing = {spacing(random), spacing(random), spacing(random)};
    g.origin = {origin(random), origin(random), origin(random)};
    g.direction = fromColumns(i, j, k);
    return g;
}

} // namespace

class TestVolumeGeometry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data();
    void roundTrip();
    void neighboursAreOneSpacingApart();
    void offsetsAndIndicesAgree();
    void sameGridToleratesHalfAMicrometre();
    void shearedVoxelVolumeIsThatOfTheParallelepiped();
    void boxes();
    void implausibleGridsAreRefused();
};

void TestVolumeGeometry::roundTrip_data()
{
    QTest::addColumn<bool>("sheared");
    QTest::addColumn<bool>("flipped");
    QTest::newRow("oblique") << false << false;
    QTest::newRow("tilted") << true << false;
    QTest::newRow("flipped") << false << true;
    QTest::newRow("tilted and flipped") << true << true;
}

void TestVolumeGeometry::roundTrip()
{
    QFETCH(bool, sheared);
    QFETCH(bool, flipped);
    std::mt19937 random(7);
    for (int n = 0; n < 100; ++n) {
        const VolumeGeometry g = randomGrid(random, sheared, flipped);
        const Vec3 index{3.25, 40.5, -2.0};
        QVERIFY(length(g.indexFromPatient(g.patientFromIndex(index)) - index) < 1e-9);
        QVERIFY(isPlausible(g));
    }
}

void TestVolumeGeometry::neighboursAreOneSpacingApart()
{
    std::mt19937 random(8);
    const VolumeGeometry g = randomGrid(random, true, true);
    for (int a = 0; a < 3; ++a) {
        Vec3 step{};
        step[static_cast<std::size_t>(a)] = 1;
        const double distance = length(g.patientFromIndex(step) - g.patientFromIndex({0, 0, 0}));
        QVERIFY(std::abs(distance - g.spacing[static_cast<std::size_t>(a)]) < 1e-9);
    }
}

void TestVolumeGeometry::offsetsAndIndicesAgree()
{
    VolumeGeometry g;
    g.size = {5, 4, 3};
    for (std::size_t offset = 0; offset < g.voxelCount(); ++offset)
        QCOMPARE(g.offset(g.indexAt(offset)), offset);
    QCOMPARE(g.offset({1, 0, 0}), std::size_t{1});
    QCOMPARE(g.offset({0, 1, 0}), std::size_t{5});
    QCOMPARE(g.offset({0, 0, 1}), std::size_t{20});
}

void TestVolumeGeometry::sameGridToleratesHalfAMicrometre()
{
    std::mt19937 random(9);
    const VolumeGeometry a = randomGrid(random, false, false);
    VolumeGeometry b = a;
    b.origin[1] += 5e-4;
    QVERIFY(sameGrid(a, b));
    b.origin[1] += 1e-3;
    QVERIFY(!sameGrid(a, b));
    b = a;
    b.spacing[0] += 1e-3; // 30 voxels further on that is 0.03 mm
    QVERIFY(!sameGrid(a, b));
    b = a;
    b.size[2] += 1;
    QVERIFY(!sameGrid(a, b));
}

void TestVolumeGeometry::shearedVoxelVolumeIsThatOfTheParallelepiped()
{
    VolumeGeometry g;
    g.spacing = {2, 3, 4};
    QCOMPARE(g.voxelVolumeMm3(), 24.0);
    g.direction = fromColumns({1, 0, 0}, {0, 1, 0}, {0, 0.6, 0.8});
    QVERIFY(std::abs(g.voxelVolumeMm3() - 24.0 * 0.8) < 1e-12);
}

void TestVolumeGeometry::boxes()
{
    IndexBox box;
    QVERIFY(box.empty());
    box.include({3, 4, 5});
    QCOMPARE(box.voxelCount(), 1);
    box.include({1, 4, 6});
    QCOMPARE(box.voxelCount(), 6);
    QVERIFY(box.contains({2, 4, 5}));
    QVERIFY(!box.contains({4, 4, 5}));
    QVERIFY(intersection(box, {{10, 10, 10}, {12, 12, 12}}).empty());
    QVERIFY(unionOf(box, {}) == box);
}

void TestVolumeGeometry::implausibleGridsAreRefused()
{
    VolumeGeometry g;
    g.size = {10, 10, 10};
    QVERIFY(isPlausible(g));
    g.spacing[2] = 0;
    QVERIFY(!isPlausible(g));
    g.spacing[2] = std::nan("");
    QVERIFY(!isPlausible(g));
    g.spacing[2] = 1;
    g.direction = fromColumns({1, 0, 0}, {1, 0, 0}, {0, 0, 1});
    QVERIFY(!isPlausible(g));
    g.direction = identityMatrix;
    g.size = {65535, 65535, 65535};
    QVERIFY(!isPlausible(g));
}

QTEST_APPLESS_MAIN(TestVolumeGeometry)
#include "tst_volume_geometry.moc"
