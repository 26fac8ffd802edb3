#include "ml/internal/sliding_window.h"

#include "ml/internal/network_image.h"

#include <QTest>

#include <cmath>

using namespace annotomy;

namespace {

std::vector<float> ramp(const Index3& size)
{
    std::vector<float> values(voxelCountOf(size));
    for (std::size_t n = 0; n < values.size(); ++n)
        values[n] = std::sin(0.37F * static_cast<float>(n));
    return values;
}

// Two outputs that depend on the voxel alone.
Result<void> pointwise(std::span<const float> tile, std::span<float> probabilities)
{
    for (std::size_t n = 0; n < tile.size(); ++n) {
        const float p = 0.5F + 0.4F * tile[n];
        probabilities[n] = 1 - p;
        probabilities[tile.size() + n] = p;
    }
    return {};
}

// Depends on the place within the tile and on the tile, so that every weight matters.
Result<void> placeDependent(std::span<const float> tile, std::span<float> probabilities)
{
    for (std::size_t n = 0; n < tile.size(); ++n) {
        const float p = 0.5F + 0.3F * std::sin(static_cast<float>(n)) * tile[0];
        probabilities[n] = 1 - p;
        probabilities[tile.size() + n] = p;
    }
    return {};
}

std::vector<float> collected(const SlidingWindow& window, const std::vector<float>& image,
                             const TilePredictor& predict)
{
    const auto plane = static_cast<std::size_t>(window.image[0] * window.image[1]);
    std::vector<float> all(voxelCountOf(window.image) * 2);
    int next = 0;
    const PlaneSink sink = [&](int k, std::span<const float> probabilities) {
        QCOMPARE(k, next++);
        for (std::size_t c = 0; c < 2; ++c)
            for (std::size_t n = 0; n < plane; ++n)
                all[c * voxelCountOf(window.image) + static_cast<std::size_t>(k) * plane + n] =
                    probabilities[c * plane + n];
    };
    const Result<void> done = slideWindow(window, image, predict, sink);
    return done && next == window.image[2] ? all : std::vector<float>{};
}

// The same average with whole-image sums: what the slab must equal.
std::vector<float> fullAccumulation(const SlidingWindow& w, const std::vector<float>& image,
                                    const TilePredictor& predict)
{
    const std::size_t count = voxelCountOf(w.image), tileCount = voxelCountOf(w.tile);
    std::vector<double> sums(2 * count, 0), weights(count, 0);
    std::vector<float> tile(tileCount), out(2 * tileCount);
    const auto along = [&](std::size_t a) { return tileStarts(w.image[a], w.tile[a], w.overlap); };
    const auto forTile = [&](auto&& body) {
        for (int k = 0; k < w.tile[2]; ++k)
            for (int j = 0; j < w.tile[1]; ++j)
                for (int i = 0; i < w.tile[0]; ++i)
                    body(i, j, k, static_cast<std::size_t>((k * w.tile[1] + j) * w.tile[0] + i));
    };
    const auto offset = [&](int i, int j, int k) -> std::ptrdiff_t {
        const bool inside = i >= 0 && j >= 0 && k >= 0 && i < w.image[0] && j < w.image[1] && k < w.image[2];
        return inside ? (static_cast<std::ptrdiff_t>(k) * w.image[1] + j) * w.image[0] + i : -1;
    };
    const auto wi = tileWeights(w.tile[0]), wj = tileWeights(w.tile[1]), wk = tileWeights(w.tile[2]);
    for (const int z : along(2))
        for (const int y : along(1))
            for (const int x : along(0)) {
                forTile([&](int i, int j, int k, std::size_t n) {
                    const std::ptrdiff_t at = offset(x + i, y + j, z + k);
                    tile[n] = at < 0 ? w.padding : image[static_cast<std::size_t>(at)];
                });
                if (!predict(tile, out))
                    return {};
                forTile([&](int i, int j, int k, std::size_t n) {
                    const std::ptrdiff_t at = offset(x + i, y + j, z + k);
                    if (at < 0)
                        return;
                    const auto v = static_cast<std::size_t>(at);
                    const double weight = std::max(static_cast<double>(wi[static_cast<std::size_t>(i)]) *
                                                       wj[static_cast<std::size_t>(j)] * wk[static_cast<std::size_t>(k)],
                                                   1e-3);
                    weights[v] += weight;
                    sums[v] += weight * out[n];
                    sums[count + v] += weight * out[tileCount + n];
                });
            }
    std::vector<float> all(2 * count);
    for (std::size_t n = 0; n < 2 * count; ++n)
        all[n] = static_cast<float>(sums[n] / weights[n % count]);
    return all;
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    if (a.size() != b.size() || a.empty())
        return 1e9;
    double largest = 0;
    for (std::size_t n = 0; n < a.size(); ++n)
        largest = std::max(largest, std::abs(static_cast<double>(a[n]) - b[n]));
    return largest;
}

} // namespace

class TestSlidingWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tilesCoverTheImage_data();
    void tilesCoverTheImage();
    void aPointwiseNetworkIsUnchanged_data();
    void aPointwiseNetworkIsUnchanged();
    void theSlabEqualsFullAccumulation_data() { aPointwiseNetworkIsUnchanged_data(); }
    void theSlabEqualsFullAccumulation();
    void stopsBetweenTiles();
    void passesThePredictorsErrorOn();
};

void TestSlidingWindow::tilesCoverTheImage_data()
{
    QTest::addColumn<int>("image");
    QTest::addColumn<int>("tile");
    QTest::addColumn<double>("overlap");
    QTest::newRow("exact") << 64 << 32 << 0.5;
    QTest::newRow("uneven") << 71 << 32 << 0.5;
    QTest::newRow("one more") << 33 << 32 << 0.25;
    QTest::newRow("no overlap") << 100 << 32 << 0.0;
    QTest::newRow("smaller than a tile") << 20 << 32 << 0.5;
}

void TestSlidingWindow::tilesCoverTheImage()
{
    QFETCH(int, image);
    QFETCH(int, tile);
    QFETCH(double, overlap);
    const std::vector<int> starts = tileStarts(image, tile, overlap);
    QVERIFY(starts.front() <= 0);
    QVERIFY(starts.back() + tile >= image);
    for (std::size_t n = 1; n < starts.size(); ++n) {
        QVERIFY(starts[n] > starts[n - 1]);
        QVERIFY(starts[n] - starts[n - 1] <= tile * (1 - overlap) + 1e-9);
        QVERIFY(starts[n] + tile <= image);
    }
}

void TestSlidingWindow::aPointwiseNetworkIsUnchanged_data()
{
    QTest::addColumn<QList<int>>("image");
    QTest::addColumn<double>("overlap");
    QTest::newRow("several tiles") << QList<int>{21, 13, 30} << 0.5;
    QTest::newRow("smaller than a tile") << QList<int>{5, 6, 7} << 0.5;
    QTest::newRow("thin along k") << QList<int>{19, 20, 3} << 0.25;
    QTest::newRow("thin along i") << QList<int>{2, 9, 25} << 0.75;
    QTest::newRow("no overlap") << QList<int>{17, 8, 33} << 0.0;
}

static SlidingWindow windowOf(const QList<int>& image, double overlap)
{
    SlidingWindow window;
    window.image = {image[0], image[1], image[2]};
    window.tile = {8, 8, 8};
    window.overlap = overlap;
    window.padding = 0.25F;
    return window;
}

void TestSlidingWindow::aPointwiseNetworkIsUnchanged()
{
    QFETCH(QList<int>, image);
    QFETCH(double, overlap);
    const SlidingWindow window = windowOf(image, overlap);
    const std::vector<float> values = ramp(window.image);
    std::vector<float> direct(2 * values.size());
    QVERIFY(pointwise(values, direct).has_value());
    QVERIFY(largestDifference(collected(window, values, pointwise), direct) < 1e-5);
}

void TestSlidingWindow::theSlabEqualsFullAccumulation()
{
    QFETCH(QList<int>, image);
    QFETCH(double, overlap);
    const SlidingWindow window = windowOf(image, overlap);
    const std::vector<float> values = ramp(window.image);
    const std::vector<float> full = fullAccumulation(window, values, placeDependent);
    QVERIFY(largestDifference(collected(window, values, placeDependent), full) < 1e-5);
}

void TestSlidingWindow::stopsBetweenTiles()
{
    const SlidingWindow window = windowOf({20, 20, 20}, 0.5);
    std::stop_source stop;
    int tiles = 0;
    const TilePredictor predict = [&](std::span<const float> tile, std::span<float> out) {
        if (++tiles == 3)
            stop.request_stop();
        return pointwise(tile, out);
    };
    const auto done = slideWindow(
        window, ramp(window.image), predict, [](int, std::span<const float>) {}, stop.get_token());
    QVERIFY(!done.has_value());
    QCOMPARE(done.error().code, ErrorCode::Cancelled);
    QCOMPARE(tiles, 3);
}

void TestSlidingWindow::passesThePredictorsErrorOn()
{
    const SlidingWindow window = windowOf({20, 20, 20}, 0.5);
    const TilePredictor predict = [](std::span<const float>, std::span<float>) -> Result<void> {
        return Error{ErrorCode::OutOfMemory, {}, "too large"};
    };
    const auto done = slideWindow(window, ramp(window.image), predict, [](int, std::span<const float>) {});
    QVERIFY(!done.has_value());
    QCOMPARE(done.error().code, ErrorCode::OutOfMemory);
}

QTEST_APPLESS_MAIN(TestSlidingWindow)
#include "tst_sliding_window.moc"
