#include "core/metrics/mask_metrics.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace annotomy;

namespace {

enum class Axes { Anisotropic, Oblique, Sheared };

VolumeGeometry grid(Axes axes)
{
    VolumeGeometry g;
    g.size = {17, 13, 11};
    g.spacing = {0.7, 1.9, 3.1};
    if (axes == Axes::Anisotropic)
        return g;
    const Vec3 i = normalised({1, 0.3, -0.2}), j = normalised(cross({0.1, -0.2, 1}, i));
    Vec3 k = cross(i, j);
    if (axes == Axes::Sheared)
        k = normalised(k + 0.6 * j - 0.4 * i);
    g.direction = fromColumns(i, j, -1.0 * k);
    g.origin = {100, -40, 7};
    return g;
}

// Two blobs and some specks, touching the edge of the grid now and then.
std::vector<std::uint8_t> randomMask(const VolumeGeometry& g, std::mt19937& random, std::uint8_t label)
{
    std::vector<std::uint8_t> mask(g.voxelCount(), 0);
    std::uniform_real_distribution<double> unit(0, 1);
    for (int blob = 0; blob < 2; ++blob) {
        const Vec3 centre{unit(random) * g.size[0], unit(random) * g.size[1], unit(random) * g.size[2]};
        const double radius = 2 + 3 * unit(random);
        for (std::size_t n = 0; n < mask.size(); ++n) {
            const Index3 at = g.indexAt(n);
            if (length(Vec3{at[0] * 1.0, at[1] * 1.0, at[2] * 1.0} - centre) < radius)
                mask[n] = label;
        }
    }
    for (int speck = 0; speck < 5; ++speck)
        mask[random() % mask.size()] = label;
    return mask;
}

std::vector<Vec3> surfacePoints(const VolumeGeometry& g, const std::vector<std::uint8_t>& mask)
{
    std::vector<Vec3> points;
    for (std::size_t n = 0; n < mask.size(); ++n) {
        const Index3 at = g.indexAt(n);
        bool surface = false;
        for (std::size_t a = 0; a < 3; ++a)
            for (const int step : {-1, 1}) {
                Index3 beside = at;
                beside[a] += step;
                surface = surface || !g.contains(beside) || !mask[g.offset(beside)];
            }
        if (mask[n] && surface)
            points.push_back(g.patientFromIndex({at[0] * 1.0, at[1] * 1.0, at[2] * 1.0}));
    }
    return points;
}

std::vector<double> sortedDistances(const std::vector<Vec3>& from, const std::vector<Vec3>& to)
{
    std::vector<double> distances;
    for (const Vec3& p : from) {
        double nearest = 1e300;
        for (const Vec3& q : to)
            nearest = std::min(nearest, length(p - q));
        distances.push_back(nearest);
    }
    std::sort(distances.begin(), distances.end());
    return distances;
}

double numpyPercentile(const std::vector<double>& sorted, double fraction)
{
    const double rank = fraction * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(rank);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (rank - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

bool near(const std::optional<double>& value, double expected)
{
    return value && std::abs(*value - expected) < 1e-9;
}

} // namespace

class TestMaskMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void surfaceEqualsBruteForce_data();
    void surfaceEqualsBruteForce();
    void largerMasksEqualBruteForce();
    void overlapEqualsItsDefinition();
    void knownCase();
    void emptyMasks();
    void identicalMasks();
    void toleranceIsInclusive();
    void labelMapsOverLayers();
    void refusedAndCancelled();
};

void TestMaskMetrics::surfaceEqualsBruteForce_data()
{
    QTest::addColumn<int>("axes");
    QTest::newRow("anisotropic") << static_cast<int>(Axes::Anisotropic);
    QTest::newRow("oblique") << static_cast<int>(Axes::Oblique);
    QTest::newRow("sheared") << static_cast<int>(Axes::Sheared);
}

void TestMaskMetrics::surfaceEqualsBruteForce()
{
    QFETCH(int, axes);
    const VolumeGeometry g = grid(static_cast<Axes>(axes));
    std::mt19937 random(17);
    for (int n = 0; n < 25; ++n) {
        const auto a = randomMask(g, random, 1), b = randomMask(g, random, 1);
        const double tolerance = 0.5 + 0.25 * n;
        const auto metrics = surfaceMetrics({g, a, 1}, {g, b, 1}, tolerance);
        QVERIFY(metrics);
        const auto surfaceA = surfacePoints(g, a), surfaceB = surfacePoints(g, b);
        const auto fromA = sortedDistances(surfaceA, surfaceB), fromB = sortedDistances(surfaceB, surfaceA);
        double sum = 0;
        int within = 0;
        for (const auto* distances : {&fromA, &fromB})
            for (const double d : *distances) {
                sum += d;
                within += d <= tolerance + 1e-6;
            }
        const auto count = static_cast<double>(fromA.size() + fromB.size());
        QVERIFY(near(metrics->hdMm, std::max(fromA.back(), fromB.back())));
        QVERIFY(near(metrics->hd95Mm, std::max(numpyPercentile(fromA, 0.95), numpyPercentile(fromB, 0.95))));
        QVERIFY(near(metrics->assdMm, sum / count));
        QVERIFY(near(metrics->nsd, within / count));
    }
}

// Enough surface voxels for several blocks and threads.
void TestMaskMetrics::largerMasksEqualBruteForce()
{
    VolumeGeometry g = grid(Axes::Sheared);
    g.size = {60, 50, 40};
    std::vector<std::uint8_t> a(g.voxelCount()), b(g.voxelCount());
    for (std::size_t n = 0; n < a.size(); ++n) {
        const Index3 at = g.indexAt(n);
        a[n] = length(Vec3{at[0] - 28.0, at[1] - 24.0, at[2] - 19.0}) < 17;
        b[n] = length(Vec3{at[0] - 33.0, at[1] - 26.0, at[2] - 20.0}) < 14;
    }
    const auto metrics = surfaceMetrics({g, a, 1}, {g, b, 1}, 2);
    const auto surfaceA = surfacePoints(g, a), surfaceB = surfacePoints(g, b);
    QVERIFY(surfaceA.size() > 2048);
    const auto fromA = sortedDistances(surfaceA, surfaceB), fromB = sortedDistances(surfaceB, surfaceA);
    QVERIFY(near(metrics->hdMm, std::max(fromA.back(), fromB.back())));
    QVERIFY(near(metrics->hd95Mm, std::max(numpyPercentile(fromA, 0.95), numpyPercentile(fromB, 0.95))));
}

void TestMaskMetrics::overlapEqualsItsDefinition()
{
    const VolumeGeometry g = grid(Axes::Sheared);
    std::mt19937 random(18);
    const auto a = randomMask(g, random, 7), b = randomMask(g, random, 2);
    double tp = 0, fp = 0, fn = 0, tn = 0;
    for (std::size_t n = 0; n < a.size(); ++n) {
        tp += a[n] == 7 && b[n] == 2;
        fp += a[n] != 7 && b[n] == 2;
        fn += a[n] == 7 && b[n] != 2;
        tn += a[n] != 7 && b[n] != 2;
    }
    const OverlapMetrics m = overlapMetrics({g, a, 7}, {g, b, 2});
    QCOMPARE(static_cast<double>(m.tp), tp);
    QCOMPARE(static_cast<double>(m.fp), fp);
    QCOMPARE(static_cast<double>(m.fn), fn);
    QCOMPARE(static_cast<double>(m.tn), tn);
    QVERIFY(near(m.precision, tp / (tp + fp)) && near(m.recall, tp / (tp + fn)));
    QVERIFY(near(m.dice, 2 * tp / (2 * tp + fp + fn)) && m.f1 == m.dice);
    QVERIFY(near(m.iou, tp / (tp + fp + fn)) && near(m.accuracy, (tp + tn) / (tp + tn + fp + fn)));
    QVERIFY(near(m.falsePositiveRate, fp / (fp + tn)) && near(m.falseNegativeRate, fn / (tp + fn)));
    const double ml = 0.7 * 1.9 * 3.1 * std::abs(determinant(g.direction)) / 1000;
    QVERIFY(near(m.volumeReferenceMl, (tp + fn) * ml) && near(m.volumeMaskMl, (tp + fp) * ml));
    QVERIFY(near(m.volumeDifferenceMl, (fp - fn) * ml));
}

// A 10 x 10 x 10 cube against the same with a spur of five voxels: distances 1 to 5 mm along the spur.
void TestMaskMetrics::knownCase()
{
    VolumeGeometry g;
    g.size = {20, 20, 20};
    g.spacing = {1, 1, 3};
    std::vector<std::uint8_t> a(g.voxelCount(), 0);
    for (int k = 5; k < 15; ++k)
        for (int j = 5; j < 15; ++j)
            for (int i = 5; i < 15; ++i)
                a[g.offset({i, j, k})] = 1;
    auto b = a;
    for (int i = 15; i < 20; ++i)
        b[g.offset({i, 10, 10})] = 1;
    const auto m = surfaceMetrics({g, a, 1}, {g, b, 1}, 2);
    QVERIFY(near(m->hdMm, 5));
    QVERIFY(near(m->hd95Mm, 0));
    // b's surface: the cube's 488 less the voxel under the spur, plus five; a misses that voxel by 1 mm.
    QVERIFY(near(m->assdMm, (1 + 1 + 2 + 3 + 4 + 5) / 980.0));
    QVERIFY(near(m->nsd, 1 - 3 / 980.0));
}

void TestMaskMetrics::emptyMasks()
{
    const VolumeGeometry g = grid(Axes::Oblique);
    std::mt19937 random(1);
    const std::vector<std::uint8_t> none(g.voxelCount(), 0), some = randomMask(g, random, 1);
    const OverlapMetrics both = overlapMetrics({g, none, 1}, {g, none, 1});
    QVERIFY(!both.dice && !both.f1 && !both.iou && !both.precision && !both.recall && !both.falseNegativeRate);
    QVERIFY(near(both.accuracy, 1) && near(both.falsePositiveRate, 0));
    const OverlapMetrics missed = overlapMetrics({g, some, 1}, {g, none, 1});
    QVERIFY(near(missed.dice, 0) && near(missed.iou, 0) && near(missed.recall, 0) && !missed.precision);
    const OverlapMetrics invented = overlapMetrics({g, none, 1}, {g, some, 1});
    QVERIFY(near(invented.dice, 0) && near(invented.precision, 0) && !invented.recall);
    for (const auto& [a, b] : {std::pair{&none, &none}, {&some, &none}, {&none, &some}})
        QVERIFY(*surfaceMetrics({g, *a, 1}, {g, *b, 1}, 1) == SurfaceMetrics{});
}

void TestMaskMetrics::identicalMasks()
{
    const VolumeGeometry g = grid(Axes::Sheared);
    std::mt19937 random(1);
    const auto mask = randomMask(g, random, 1);
    const auto m = surfaceMetrics({g, mask, 1}, {g, mask, 1}, 0);
    QVERIFY(near(m->hdMm, 0) && near(m->hd95Mm, 0) && near(m->assdMm, 0) && near(m->nsd, 1));
    QVERIFY(near(overlapMetrics({g, mask, 1}, {g, mask, 1}).dice, 1));
    const std::vector<std::uint8_t> full(g.voxelCount(), 1); // its surface is the grid's edge
    QVERIFY(near(surfaceMetrics({g, full, 1}, {g, mask, 1}, 1)->nsd, *surfaceMetrics({g, mask, 1}, {g, full, 1}, 1)->nsd));
}

void TestMaskMetrics::toleranceIsInclusive()
{
    VolumeGeometry g;
    g.size = {30, 1, 1};
    g.spacing = {0.1, 1, 1};
    std::vector<std::uint8_t> a(30, 0), b(30, 0);
    a[3] = b[6] = 1; // 0.3 mm apart, which 3 * 0.1 is not exactly
    QVERIFY(near(surfaceMetrics({g, a, 1}, {g, b, 1}, 0.3)->nsd, 1));
    QVERIFY(near(surfaceMetrics({g, a, 1}, {g, b, 1}, 0.299)->nsd, 0));
}

void TestMaskMetrics::labelMapsOverLayers()
{
    const VolumeGeometry g = grid(Axes::Oblique);
    std::mt19937 random(5);
    LabelMap reference(g), mask(g);
    const auto put = [&](LabelMap& labels, int layer, std::uint8_t label) {
        labels.ensureLayers(layer + 1);
        const auto blob = randomMask(g, random, label);
        const auto voxels = labels.writableLayer(layer);
        for (std::size_t n = 0; n < blob.size(); ++n)
            voxels[n] = blob[n] ? blob[n] : voxels[n];
    };
    reference.segments().add("One");
    reference.segments().add("Two", 1);
    mask.segments().add("One", 2); // the same segment in another layer
    Segment only;
    only.number = 200;
    mask.segments().insert(only); // in a table, without voxels
    put(reference, 0, 1);
    put(reference, 0, 9); // voxels without a segment
    put(reference, 1, 2);
    put(mask, 2, 1);
    put(mask, 0, 9);
    double last = 0;
    const auto all = compareLabelMaps(reference, mask, 1, {}, [&](double fraction) {
        QVERIFY(fraction >= last);
        last = fraction;
    });
    QVERIFY(all);
    QCOMPARE(last, 1.0);
    QCOMPARE(all->size(), std::size_t{4});
    const std::array<std::int64_t, 4> values{1, 2, 9, 200};
    for (std::size_t n = 0; n < 4; ++n)
        QCOMPARE((*all)[n].value, values[n]);
    const auto equals = [&](const SegmentMetrics& m, int layerA, int layerB, std::uint8_t label) {
        const BinaryMask a{g, reference.layer(layerA), label}, b{g, mask.layer(layerB), label};
        return m.overlap == overlapMetrics(a, b) && m.surface == *surfaceMetrics(a, b, 1);
    };
    QVERIFY(equals((*all)[0], 0, 2, 1));
    QVERIFY(equals((*all)[2], 0, 0, 9));
    QVERIFY(near((*all)[1].overlap.dice, 0) && (*all)[1].surface == SurfaceMetrics{});
    QVERIFY(!(*all)[3].overlap.dice);
}

void TestMaskMetrics::refusedAndCancelled()
{
    const VolumeGeometry g = grid(Axes::Oblique);
    std::mt19937 random(1);
    LabelMap labels(g);
    labels.segments().add("One");
    labels.setLayer(0, randomMask(g, random, 1));
    VolumeGeometry moved = g;
    moved.origin[2] += 0.01;
    QVERIFY(compareLabelMaps(labels, LabelMap(moved), 1).error().code == ErrorCode::GeometryMismatch);
    QVERIFY(surfaceMetrics({g, labels.layer(0), 1}, {moved, labels.layer(0), 1}, 1).error().code ==
            ErrorCode::GeometryMismatch);
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(compareLabelMaps(labels, labels, 1, stop.get_token()).error().code == ErrorCode::Cancelled);
    QVERIFY(surfaceMetrics({g, labels.layer(0), 1}, {g, labels.layer(0), 1}, 1, stop.get_token()).error().code ==
            ErrorCode::Cancelled);
}

QTEST_APPLESS_MAIN(TestMaskMetrics)
#include "tst_mask_metrics.moc"
