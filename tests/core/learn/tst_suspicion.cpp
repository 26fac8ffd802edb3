#include "core/learn/suspicion.h"

#include <QTest>

#include <cmath>

using namespace annotomy;

namespace {

// Thick slices, turned in the plane.
VolumeGeometry obliqueGrid()
{
    VolumeGeometry grid;
    grid.size = {40, 30, 12};
    grid.spacing = {1, 1.5, 4};
    grid.origin = {-30, 12, 100};
    const double c = std::cos(0.4), s = std::sin(0.4);
    grid.direction = fromColumns({c, s, 0}, {-s, c, 0}, {0, 0, 1});
    return grid;
}

// A mask and a map of uncertainty on one grid, set box by box.
struct Scene {
    VolumeGeometry grid = obliqueGrid();
    LabelMap labels{grid};
    std::vector<float> entropy = std::vector<float>(grid.voxelCount(), 0.1F);

    Scene()
    {
        labels.segments().add("Liver");
        labels.segments().add("Spleen");
        labels.ensureLayers(1);
    }
    template <class Values, class Value>
    void fill(Values&& values, const IndexBox& box, Value value)
    {
        for (int k = box.lo[2]; k < box.hi[2]; ++k)
            for (int j = box.lo[1]; j < box.hi[1]; ++j)
                for (int i = box.lo[0]; i < box.hi[0]; ++i)
                    values[grid.offset({i, j, k})] = value;
    }
    void label(const IndexBox& box, std::uint8_t value) { fill(labels.writableLayer(0), box, value); }
    void doubt(const IndexBox& box, float nats) { fill(entropy, box, nats); }
    std::vector<SuspiciousRegion> regions(const std::map<std::string, SizeStatistics>& sizes = {},
                                          const SuspicionSettings& settings = {}) const
    {
        const auto found = suspiciousRegions(labels, Volume::fromVoxels(grid, entropy), sizes, settings);
        return found ? *found : std::vector<SuspiciousRegion>();
    }
};

bool isNear(double a, double b, double tolerance = 1e-6)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace

class TestSuspicion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void describesARegion();
    void ranksByEntropyBorderAndSize();
    void partsWhatIsTooLong();
    void leavesOutSpecksAndTheRest();
    void statisticsOfSizes();
    void saysWhyNot();
    void coverageCountsDisplayedSlices();
};

void TestSuspicion::describesARegion()
{
    Scene scene;
    scene.label({{5, 5, 2}, {15, 15, 8}}, 1);
    scene.doubt({{13, 8, 4}, {17, 11, 6}}, 0.6F); // half inside, half outside the liver's edge at i = 15
    const auto regions = scene.regions();
    QCOMPARE(regions.size(), std::size_t{1});
    const SuspiciousRegion& region = regions.front();
    QCOMPARE(region.box, (IndexBox{{13, 8, 4}, {17, 11, 6}}));
    QCOMPARE(region.voxels.size(), std::size_t{24});
    QVERIFY(isNear(region.volumeMl, 24 * 6 / 1000.0));
    QCOMPARE(int(region.segment), 1);
    QVERIFY(isNear(region.meanEntropy, 0.6, 1e-5));
    QVERIFY(isNear(region.boundaryShare, 0.5)); // the columns 14 and 15 of four
    QCOMPARE(region.sizeDeviation, 0.0);
    QVERIFY(isNear(region.score, 0.6 * 1.5, 1e-5));
    QVERIFY(region.box.contains(region.centre));
    const Vec3 mean = scene.grid.patientFromIndex({14.5, 9, 4.5});
    QVERIFY(length(region.centreLps - mean) < 2.5); // half a voxel off along i and k
    QVERIFY(length(region.centreLps - scene.grid.patientFromIndex({double(region.centre[0]), double(region.centre[1]),
                                                                   double(region.centre[2])})) < 1e-9);
}

void TestSuspicion::ranksByEntropyBorderAndSize()
{
    Scene scene;
    scene.label({{2, 2, 1}, {12, 12, 5}}, 1);
    scene.label({{20, 15, 6}, {32, 27, 10}}, 2);
    scene.doubt({{5, 5, 2}, {8, 8, 3}}, 0.55F);     // deep in the liver
    scene.doubt({{25, 20, 7}, {28, 23, 8}}, 0.5F);  // deep in the spleen
    scene.doubt({{35, 2, 2}, {38, 5, 3}}, 0.6F);    // nowhere
    const auto plain = scene.regions();
    QCOMPARE(plain.size(), std::size_t{3});
    QCOMPARE(int(plain[0].segment), 0);
    QCOMPARE(int(plain[1].segment), 1);
    QCOMPARE(int(plain[2].segment), 2);
    // The spleen is far larger than any that was approved: 12 * 12 * 4 voxels of 6 mm3.
    std::map<std::string, SizeStatistics> sizes{{"Spleen", {2.456, 0.5, 5}}, {"Liver", {2.4, 0.5, 5}}};
    const auto ranked = scene.regions(sizes);
    QCOMPARE(int(ranked[0].segment), 2);
    QVERIFY(isNear(ranked[0].sizeDeviation, 2, 1e-9));
    QVERIFY(isNear(ranked[0].score, 0.5 * 3, 1e-5));
    sizes["Spleen"] = {0, 0.1, 5}; // 34 deviations count as 3
    QVERIFY(isNear(scene.regions(sizes)[0].score, 0.5 * 4, 1e-5));
    sizes["Spleen"].cases = 2; // too few to tell
    QCOMPARE(int(scene.regions(sizes)[0].segment), 0);
    // At the border the liver's region comes first.
    scene.doubt({{5, 5, 2}, {8, 8, 3}}, 0.1F);
    scene.doubt({{11, 5, 2}, {13, 8, 3}}, 0.55F);
    const auto border = scene.regions();
    QCOMPARE(int(border[0].segment), 1);
    QCOMPARE(border[0].boundaryShare, 1.0);
}

void TestSuspicion::partsWhatIsTooLong()
{
    Scene scene;
    scene.doubt({{2, 10, 3}, {38, 13, 5}}, 0.4F); // 36 mm along i
    scene.doubt({{4, 10, 3}, {8, 13, 5}}, 0.65F);
    scene.doubt({{30, 10, 3}, {35, 13, 5}}, 0.6F);
    const auto regions = scene.regions();
    QCOMPARE(regions.size(), std::size_t{2});
    QCOMPARE(regions[0].box, (IndexBox{{4, 10, 3}, {8, 13, 5}}));
    QCOMPARE(regions[1].box, (IndexBox{{30, 10, 3}, {35, 13, 5}}));
    SuspicionSettings longer;
    longer.largestMm = 40;
    QCOMPARE(scene.regions({}, longer).size(), std::size_t{1});
    // A spacing of 4 mm makes 10 slices too long, too.
    Scene thick;
    thick.doubt({{5, 5, 1}, {8, 8, 11}}, 0.5F);
    thick.doubt({{5, 5, 2}, {8, 8, 5}}, 0.69F);
    QCOMPARE(thick.regions()[0].box, (IndexBox{{5, 5, 2}, {8, 8, 5}}));
}

void TestSuspicion::leavesOutSpecksAndTheRest()
{
    Scene scene;
    scene.doubt({{3, 3, 3}, {5, 5, 4}}, 0.69F); // 24 mm3
    QVERIFY(scene.regions().empty());
    for (int n = 0; n < 5; ++n)
        scene.doubt({{3, 1 + 6 * n, 7}, {6, 4 + 6 * n, 8}}, 0.4F + 0.01F * static_cast<float>(n));
    SuspicionSettings settings;
    settings.most = 3;
    const auto regions = scene.regions({}, settings);
    QCOMPARE(regions.size(), std::size_t{3});
    QCOMPARE(regions[0].box.lo[1], 25);
    QCOMPARE(regions[2].box.lo[1], 13);
}

void TestSuspicion::statisticsOfSizes()
{
    const SizeStatistics three = sizeStatistics({10, 12, 14});
    QCOMPARE(three.cases, 3);
    QVERIFY(isNear(three.meanMl, 12) && isNear(three.sdMl, 2));
    QCOMPARE(sizeStatistics({5}).sdMl, 0.0);
    QCOMPARE(sizeStatistics({}).cases, 0);
}

void TestSuspicion::saysWhyNot()
{
    const Scene scene;
    VolumeGeometry other = scene.grid;
    other.origin[0] += 1;
    const auto elsewhere = suspiciousRegions(scene.labels, Volume::fromVoxels(other, scene.entropy), {});
    QCOMPARE(elsewhere.error().code, ErrorCode::GeometryMismatch);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped =
        suspiciousRegions(scene.labels, Volume::fromVoxels(scene.grid, scene.entropy), {}, {}, stop.get_token());
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
}

void TestSuspicion::coverageCountsDisplayedSlices()
{
    Scene scene;
    scene.doubt({{3, 3, 3}, {6, 6, 5}}, 0.6F);     // 18 voxels
    scene.doubt({{20, 10, 6}, {23, 14, 9}}, 0.5F); // 36 voxels
    const auto regions = scene.regions();
    QCOMPARE(regions.size(), std::size_t{2});
    SuspicionCoverage coverage(scene.grid.size, regions);
    QCOMPARE(coverage.fraction(), 0.0);
    coverage.look(2, 0); // nothing there
    coverage.look(2, 99);
    coverage.look(1, -1);
    QCOMPARE(coverage.fraction(), 0.0);
    coverage.look(2, 3); // half of the first one
    QVERIFY(isNear(coverage.fractionOf(0), 0.5) && isNear(coverage.fractionOf(1), 0));
    QVERIFY(isNear(coverage.fraction(), 9.0 / 54));
    coverage.look(2, 3); // again
    QVERIFY(isNear(coverage.fraction(), 9.0 / 54));
    coverage.look(0, 4); // a third of it, half of which was seen
    QVERIFY(isNear(coverage.fractionOf(0), 12.0 / 18));
    for (int j = 10; j < 14; ++j)
        coverage.look(1, j);
    QVERIFY(isNear(coverage.fractionOf(1), 1));
    coverage.look(2, 4);
    QCOMPARE(coverage.fraction(), 1.0);
    QCOMPARE(SuspicionCoverage().fraction(), 1.0);
}

QTEST_APPLESS_MAIN(TestSuspicion)
#include "tst_suspicion.moc"
