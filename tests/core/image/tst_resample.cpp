#include "core/image/resample.h"

#include <QTest>

#include <random>

using namespace annotomy;

namespace {

VolumeGeometry obliqueGrid()
{
    VolumeGeometry g;
    g.size = {30, 26, 18};
    g.spacing = {0.8, 1.3, 2.9};
    g.origin = {-11, 23, 5};
    const Vec3 i = normalised({1, 0.3, -0.2}), j = normalised(cross({0.1, -0.2, 1}, i));
    g.direction = fromColumns(i, j, normalised(cross(i, j) + 0.3 * j));
    return g;
}

const Vec3 gradient{1.5, -2, 0.75};

Volume linearVolume(const VolumeGeometry& g)
{
    std::vector<float> voxels(g.voxelCount());
    for (std::size_t n = 0; n < voxels.size(); ++n) {
        const Index3 i = g.indexAt(n);
        voxels[n] = static_cast<float>((dot(gradient, g.patientFromIndex({i[0] * 1.0, i[1] * 1.0, i[2] * 1.0})) - 4) / 2);
    }
    return Volume::fromVoxels(g, std::move(voxels), {2, 4}, "HU");
}

} // namespace

class TestResample : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void newGridKeepsCentreAndExtent();
    void sameGridIsTheSameImage();
    void linearStaysLinear_data();
    void linearStaysLinear();
    void averagesWhenCoarser();
    void outsideTakesTheGivenValue();
    void labelsTakeTheNearest();
    void cancelledAndRefused();
};

void TestResample::newGridKeepsCentreAndExtent()
{
    const VolumeGeometry g = obliqueGrid();
    const auto centre = [](const VolumeGeometry& v) {
        return v.patientFromIndex({(v.size[0] - 1) / 2.0, (v.size[1] - 1) / 2.0, (v.size[2] - 1) / 2.0});
    };
    for (const Vec3& spacing : {Vec3{1, 1, 1}, Vec3{2.5, 0.4, 10}, Vec3{500, 500, 500}}) {
        const VolumeGeometry grid = gridWithSpacing(g, spacing);
        QVERIFY(isPlausible(grid));
        QVERIFY(length(centre(grid) - centre(g)) < 1e-9);
        for (std::size_t a = 0; a < 3; ++a) {
            const double extent = g.size[a] * g.spacing[a], now = grid.size[a] * spacing[a];
            QVERIFY(std::abs(now - extent) <= spacing[a] / 2 + 1e-9 || grid.size[a] == 1);
        }
    }
    QVERIFY(sameGrid(gridWithSpacing(g, g.spacing), g, 1e-9));
}

void TestResample::sameGridIsTheSameImage()
{
    const VolumeGeometry g = obliqueGrid();
    const Volume volume = linearVolume(g);
    const auto result = resampled(volume, g, -1);
    QVERIFY(result);
    QCOMPARE(result->unit(), std::string("HU"));
    for (int k = 0; k < 18; ++k)
        QVERIFY(std::abs(result->valueAt({7, 8, k}) - volume.valueAt({7, 8, k})) < 1e-4);
}

void TestResample::linearStaysLinear_data()
{
    QTest::addColumn<double>("factor");
    QTest::newRow("finer") << 0.6;
    QTest::newRow("coarser, averaged") << 2.4;
}

void TestResample::linearStaysLinear()
{
    QFETCH(double, factor);
    const VolumeGeometry g = obliqueGrid();
    VolumeGeometry grid = gridWithSpacing(g, factor * g.spacing);
    const Vec3 i = normalised({1, 0.1, 0.2}), j = normalised(cross({0.3, -0.2, 1}, i));
    grid.direction = fromColumns(i, j, cross(i, j));
    const auto result = resampled(linearVolume(g), grid, 1e9F);
    QVERIFY(result);
    int inside = 0;
    for (std::size_t n = 0; n < grid.voxelCount(); ++n) {
        const Index3 at = grid.indexAt(n);
        const Vec3 patient = grid.patientFromIndex({at[0] * 1.0, at[1] * 1.0, at[2] * 1.0});
        const Vec3 source = g.indexFromPatient(patient);
        bool interior = true; // far enough from the edge for every sample
        for (std::size_t a = 0; a < 3; ++a)
            interior = interior && source[a] > 3 && source[a] < g.size[a] - 4;
        if (!interior)
            continue;
        ++inside;
        QVERIFY(std::abs(result->valueAt(at) - dot(gradient, patient)) < 1e-3);
    }
    QVERIFY(inside > 20);
}

void TestResample::averagesWhenCoarser()
{
    VolumeGeometry g;
    g.size = {8, 8, 8};
    std::vector<std::uint8_t> voxels(512);
    for (std::size_t n = 0; n < 512; ++n) {
        const Index3 at = g.indexAt(n);
        voxels[n] = (at[0] + at[1] + at[2]) % 2 ? 200 : 0; // finest checkerboard
    }
    const auto result = resampled(Volume::fromVoxels(g, std::move(voxels)), gridWithSpacing(g, {2, 2, 2}), 0);
    QVERIFY(result);
    for (std::size_t n = 0; n < 64; ++n)
        QVERIFY(std::abs(result->valueAt(result->geometry().indexAt(n)) - 100) < 1e-3);
}

void TestResample::outsideTakesTheGivenValue()
{
    VolumeGeometry g;
    g.size = {4, 4, 4};
    VolumeGeometry wide;
    wide.size = {21, 1, 1};
    wide.spacing = {0.3, 1, 1};
    wide.origin = {-1, 1, 1}; // x = -1 + 0.3 i, the volume is within -0.5 .. 3.5
    const auto result = resampled(Volume::fromVoxels(g, std::vector<std::uint8_t>(64, 9)), wide, -1000);
    QVERIFY(result);
    for (int i = 0; i < 21; ++i) {
        const double x = -1 + 0.3 * i;
        QCOMPARE(result->valueAt({i, 0, 0}), x > -0.5 && x < 3.5 ? 9.0 : -1000.0);
    }
}

void TestResample::labelsTakeTheNearest()
{
    const VolumeGeometry g = obliqueGrid();
    LabelMap labels(g);
    labels.segments().add("A");
    labels.segments().add("B", 1);
    labels.ensureLayers(2);
    std::mt19937 random(3);
    for (auto& v : labels.writableLayer(0))
        v = random() % 2 ? 1 : 0;
    for (auto& v : labels.writableLayer(1))
        v = random() % 2 ? 2 : 0;
    const auto same = resampled(labels, g);
    QVERIFY(same);
    QVERIFY(*same == labels);
    const auto fine = resampled(labels, gridWithSpacing(g, 1.0 / 3 * g.spacing)); // each voxel in 27
    QVERIFY(fine);
    for (std::size_t n = 0; n < g.voxelCount(); ++n) {
        const Index3 at = g.indexAt(n);
        QCOMPARE(fine->labelAt(0, {3 * at[0] + 1, 3 * at[1] + 1, 3 * at[2] + 1}), labels.layer(0)[n]);
        QCOMPARE(fine->labelAt(1, {3 * at[0], 3 * at[1] + 2, 3 * at[2]}), labels.layer(1)[n]);
    }
    QVERIFY(fine->segments() == labels.segments());
}

void TestResample::cancelledAndRefused()
{
    const VolumeGeometry g = obliqueGrid();
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(resampled(linearVolume(g), g, 0, stop.get_token()).error().code == ErrorCode::Cancelled);
    LabelMap labels(g);
    labels.ensureLayers(1);
    QVERIFY(resampled(labels, g, stop.get_token()).error().code == ErrorCode::Cancelled);
    QVERIFY(resampled(Volume(), g, 0).error().code == ErrorCode::InvalidArgument);
    QVERIFY(resampled(labels, VolumeGeometry{}).error().code == ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestResample)
#include "tst_resample.moc"
