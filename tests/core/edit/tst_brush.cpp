#include "core/edit/brush.h"
#include "tests/core/edit/edit_test_data.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace annotomy;
using annotomy::test::obliqueGrid;

namespace {

double distanceToSegment(const Vec3& p, const Vec3& a, const Vec3& b)
{
    const Vec3 along = b - a;
    const double reach = dot(along, along);
    const double t = reach > 0 ? std::clamp(dot(p - a, along) / reach, 0.0, 1.0) : 0.0;
    return length(p - (a + t * along));
}

Vec3 centreOf(const VolumeGeometry& g, std::size_t offset)
{
    const Index3 at = g.indexAt(offset);
    return g.patientFromIndex({at[0] * 1.0, at[1] * 1.0, at[2] * 1.0});
}

std::vector<bool> asMask(const VolumeGeometry& g, const VoxelSelection& selection)
{
    std::vector<bool> mask(g.voxelCount(), false);
    std::uint64_t end = 0;
    for (const VoxelRun& run : selection.runs) {
        if (run.start < end || run.length == 0)
            QTest::qFail("runs overlap or are out of order", __FILE__, __LINE__);
        end = run.start + run.length;
        for (std::uint64_t n = run.start; n < end; ++n) {
            mask[n] = true;
            if (!selection.box.contains(g.indexAt(n)))
                QTest::qFail("a voxel outside the box", __FILE__, __LINE__);
        }
    }
    return mask;
}

Vec3 randomPoint(const VolumeGeometry& g, std::mt19937& random)
{
    std::uniform_real_distribution<double> unit(-0.1, 1.1);
    return g.patientFromIndex({unit(random) * g.size[0], unit(random) * g.size[1], unit(random) * g.size[2]});
}

} // namespace

class TestBrush : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ballIsTheCapsule_data();
    void ballIsTheCapsule();
    void discIsTheSheet_data();
    void discIsTheSheet();
    void discAlongTheGridIsOneSlice_data();
    void discAlongTheGridIsOneSlice();
    void discBetweenTwoSlicesTakesOne();
    void smallBrushesStillPaint();
    void outsideTheGridIsEmpty();
};

void TestBrush::ballIsTheCapsule_data()
{
    QTest::addColumn<bool>("sheared");
    QTest::addColumn<bool>("swept");
    QTest::newRow("dab, oblique") << false << false;
    QTest::newRow("dab, sheared") << true << false;
    QTest::newRow("stroke, oblique") << false << true;
    QTest::newRow("stroke, sheared") << true << true;
}

void TestBrush::ballIsTheCapsule()
{
    QFETCH(bool, sheared);
    QFETCH(bool, swept);
    const VolumeGeometry g = obliqueGrid(sheared);
    std::mt19937 random(4);
    for (int n = 0; n < 20; ++n) {
        const Vec3 from = randomPoint(g, random), to = swept ? randomPoint(g, random) : from;
        const double radius = 1.5 + n * 0.6;
        const auto mask = asMask(g, sweptBall(g, from, to, radius));
        for (std::size_t voxel = 0; voxel < mask.size(); ++voxel) {
            const double distance = distanceToSegment(centreOf(g, voxel), from, to);
            if (distance < radius - 1e-6)
                QVERIFY(mask[voxel]);
            if (distance > radius + 1e-6 && radius > 3) // smaller ones may hold just the voxel under the end
                QVERIFY(!mask[voxel]);
        }
    }
}

void TestBrush::discIsTheSheet_data()
{
    ballIsTheCapsule_data();
}

void TestBrush::discIsTheSheet()
{
    QFETCH(bool, sheared);
    QFETCH(bool, swept);
    const VolumeGeometry g = obliqueGrid(sheared);
    std::mt19937 random(5);
    for (int n = 0; n < 20; ++n) {
        const Vec3 normal = normalised({random() % 100 - 50.0, random() % 100 - 50.5, random() % 100 - 50.0});
        const Vec3 from = randomPoint(g, random), aim = swept ? randomPoint(g, random) : from;
        const Vec3 to = aim - dot(aim - from, normal) * normal;
        const double radius = 4 + n * 0.5;
        double half = 0;
        for (int a = 0; a < 3; ++a)
            half += std::abs(dot(g.axis(a), normal)) * g.spacing[static_cast<std::size_t>(a)] / 2;
        const auto mask = asMask(g, sweptDisc(g, from, aim, radius, normal));
        for (std::size_t voxel = 0; voxel < mask.size(); ++voxel) {
            const Vec3 p = centreOf(g, voxel);
            const double depth = std::abs(dot(p - from, normal));
            const double distance = distanceToSegment(p - dot(p - from, normal) * normal, from, to);
            if (distance < radius - 1e-6 && depth < half - 1e-6)
                QVERIFY(mask[voxel]);
            if (distance > radius + 1e-6 || depth > half + 1e-6)
                QVERIFY(!mask[voxel]);
        }
    }
}

void TestBrush::discAlongTheGridIsOneSlice_data()
{
    QTest::addColumn<int>("axis");
    QTest::addColumn<bool>("sheared");
    for (int axis = 0; axis < 3; ++axis)
        for (const bool sheared : {false, true})
            QTest::addRow("axis %d%s", axis, sheared ? " sheared" : "") << axis << sheared;
}

void TestBrush::discAlongTheGridIsOneSlice()
{
    QFETCH(int, axis);
    QFETCH(bool, sheared);
    const VolumeGeometry g = obliqueGrid(sheared);
    const auto a = static_cast<std::size_t>(axis);
    const Vec3 normal = normalised(cross(g.axis((axis + 1) % 3), g.axis((axis + 2) % 3)));
    const Vec3 from = g.patientFromIndex({15.2, 12.1, 9.7});
    Vec3 onSlice = g.indexFromPatient(from);
    onSlice[a] = std::round(onSlice[a]);
    const auto selection = sweptDisc(g, g.patientFromIndex(onSlice), g.patientFromIndex(onSlice + Vec3{}), 8, normal);
    QCOMPARE(selection.box.hi[a] - selection.box.lo[a], 1);
    QCOMPARE(selection.box.lo[a], static_cast<int>(onSlice[a]));
    // The area is that of the disc.
    const Vec3 u = g.spacing[(a + 1) % 3] * g.axis((axis + 1) % 3), v = g.spacing[(a + 2) % 3] * g.axis((axis + 2) % 3);
    const double area = static_cast<double>(selection.voxelCount()) * length(cross(u, v));
    QVERIFY(std::abs(area / (3.14159265 * 64) - 1) < 0.1);
}

void TestBrush::discBetweenTwoSlicesTakesOne()
{
    VolumeGeometry g;
    g.size = {20, 20, 10};
    const Vec3 at{10.5, 10.5, 4.5};
    const auto selection = sweptDisc(g, at, at, 5, {0, 0, 1});
    std::set<std::uint64_t> slices;
    for (const VoxelRun& run : selection.runs)
        if (run.length > 1)
            slices.insert(run.start / 400);
    QCOMPARE(slices.size(), std::size_t{1});
}

void TestBrush::smallBrushesStillPaint()
{
    const VolumeGeometry g = obliqueGrid(true);
    const Vec3 from = g.patientFromIndex({10.4, 10.4, 10.4}), to = g.patientFromIndex({14.6, 9.4, 12.4});
    for (const double radius : {0.0, 0.01, 0.3}) {
        for (const auto& selection : {sweptBall(g, from, to, radius), sweptDisc(g, from, to, radius, {0, 0, 1})}) {
            QVERIFY(asMask(g, selection)[g.offset({10, 10, 10})]);
        }
        QVERIFY(asMask(g, sweptBall(g, from, to, radius))[g.offset({15, 9, 12})]);
        QCOMPARE(sweptBall(g, from, from, 0).voxelCount(), 1);
    }
}

void TestBrush::outsideTheGridIsEmpty()
{
    const VolumeGeometry g = obliqueGrid(false);
    const Vec3 far = g.patientFromIndex({-100, 500, 3});
    QVERIFY(sweptBall(g, far, far, 10).empty());
    QVERIFY(sweptDisc(g, far, far, 10, g.axis(2)).empty());
    const Vec3 near = g.patientFromIndex({-3, 10, 10});
    QVERIFY(!sweptBall(g, near, near, 10).empty());
}

QTEST_APPLESS_MAIN(TestBrush)
#include "tst_brush.moc"
