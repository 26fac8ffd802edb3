#include "core/edit/region.h"
#include "tests/core/edit/edit_test_data.h"

#include <QTest>

#include <deque>
#include <limits>

using namespace annotomy;

namespace {

Volume noise(const VolumeGeometry& g, const Rescale& rescale = {0.5, 3})
{
    std::mt19937 random(12);
    std::vector<std::int16_t> voxels(g.voxelCount());
    for (auto& v : voxels)
        v = static_cast<std::int16_t>(random() % 100);
    return Volume::fromVoxels(g, std::move(voxels), rescale);
}

std::vector<std::uint8_t> asMask(const VolumeGeometry& g, const VoxelSelection& selection)
{
    std::vector<std::uint8_t> mask(g.voxelCount(), 0);
    for (const VoxelRun& run : selection.runs)
        std::fill_n(mask.begin() + static_cast<std::ptrdiff_t>(run.start), run.length, std::uint8_t{1});
    return mask;
}

std::vector<std::uint8_t> breadthFirst(const Volume& volume, const Index3& seed, const ValueRange& range, int sliceAxis)
{
    const VolumeGeometry& g = volume.geometry();
    std::vector<std::uint8_t> mask(g.voxelCount(), 0);
    std::deque<Index3> open;
    const auto visit = [&](const Index3& at) {
        if (!g.contains(at) || mask[g.offset(at)])
            return;
        const double value = volume.valueAt(at);
        if (value < range.min || value > range.max)
            return;
        mask[g.offset(at)] = 1;
        open.push_back(at);
    };
    visit(seed);
    while (!open.empty()) {
        const Index3 at = open.front();
        open.pop_front();
        for (std::size_t a = 0; a < 3; ++a)
            for (const int step : {-1, 1}) {
                Index3 beside = at;
                beside[a] += step;
                if (static_cast<int>(a) != sliceAxis)
                    visit(beside);
            }
    }
    return mask;
}

} // namespace

class TestRegion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thresholdTakesTheRange();
    void thresholdOfASliceIsThatOfTheRegion();
    void thresholdLeavesOutNotANumber();
    void floodFillIsTheConnectedRegion();
    void floodFillErrors();
    void selectionOfALabel();
    void cancelled();
};

void TestRegion::thresholdTakesTheRange()
{
    const VolumeGeometry g = test::obliqueGrid(false);
    const Volume volume = noise(g);
    const IndexBox box{{3, 4, 5}, {30, 100, 20}};
    double last = 0;
    const auto selection = thresholdRegion(volume, {20, 40.5}, box, {}, [&](double fraction) {
        QVERIFY(fraction >= last);
        last = fraction;
    });
    QVERIFY(selection);
    QCOMPARE(last, 1.0);
    const auto mask = asMask(g, *selection);
    for (std::size_t n = 0; n < mask.size(); ++n) {
        const Index3 at = g.indexAt(n);
        const double value = volume.valueAt(at);
        const bool expected = value >= 20 && value <= 40.5 && box.contains(at);
        QCOMPARE(mask[n] == 1, expected);
        QVERIFY(!expected || selection->box.contains(at));
    }
}

void TestRegion::thresholdOfASliceIsThatOfTheRegion()
{
    for (const Rescale& rescale : {Rescale{0.5, 3}, Rescale{-0.7, 60}, Rescale{0, 30}, Rescale{1, 1000}}) {
        const VolumeGeometry g = test::obliqueGrid(true);
        const Volume volume = noise(g, rescale);
        const auto whole = asMask(g, *thresholdRegion(volume, {20, 40.5}, g.bounds()));
        for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
            const SliceLayout layout = sliceLayout(g, plane);
            const int width = layout.width(g), height = layout.height(g), slice = layout.sliceCount(g) / 3;
            std::vector<std::uint8_t> taken(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 7);
            thresholdSlice(volume, {20, 40.5}, layout, slice, taken);
            for (int y = 0; y < height; ++y)
                for (int x = 0; x < width; ++x) {
                    const Vec3 at = layout.indexFromPixel(g, x, y, slice);
                    const Index3 index{static_cast<int>(at[0]), static_cast<int>(at[1]), static_cast<int>(at[2])};
                    QCOMPARE(taken[static_cast<std::size_t>(y * width + x)], whole[g.offset(index)]);
                }
        }
    }
}

void TestRegion::thresholdLeavesOutNotANumber()
{
    VolumeGeometry g;
    g.size = {4, 1, 1};
    const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
    const Volume volume = Volume::fromVoxels(g, std::vector<float>{nan, 1, inf, -1});
    const auto selection = thresholdRegion(volume, {-1e30, 1e30}, g.bounds());
    QCOMPARE(asMask(g, *selection), (std::vector<std::uint8_t>{0, 1, 0, 1}));
}

void TestRegion::floodFillIsTheConnectedRegion()
{
    const VolumeGeometry g = test::obliqueGrid(false);
    const Volume volume = noise(g);
    std::mt19937 random(2);
    for (int n = 0; n < 30; ++n) {
        const Index3 seed{static_cast<int>(random() % 40), static_cast<int>(random() % 36),
                          static_cast<int>(random() % 30)};
        const ValueRange range{3, 20.0 + n}; // from scattered to nearly everything
        const int sliceAxis = n % 4 - 1;
        const auto selection = floodFill(volume, seed, range, sliceAxis < 0 ? std::nullopt : std::optional(sliceAxis));
        QVERIFY(selection);
        QCOMPARE(asMask(g, *selection), breadthFirst(volume, seed, range, sliceAxis));
    }
}

void TestRegion::floodFillErrors()
{
    const Volume volume = noise(test::obliqueGrid(false));
    for (const Index3& seed : {Index3{-1, 0, 0}, Index3{40, 0, 0}, Index3{0, 0, 30}}) {
        const auto selection = floodFill(volume, seed, {0, 100}, std::nullopt);
        QVERIFY(!selection);
        QVERIFY(selection.error().code == ErrorCode::InvalidArgument);
    }
    QVERIFY(!floodFill(volume, {1, 1, 1}, {0, 100}, 3));
    QVERIFY(floodFill(volume, {1, 1, 1}, {500, 600}, std::nullopt)->empty());
}

void TestRegion::selectionOfALabel()
{
    const LabelMap labels = test::blobLabels(test::obliqueGrid(true), 3);
    const auto voxels = labels.layer(0);
    const VoxelSelection selection = selectionOf(labels.geometry(), voxels, 2);
    const auto mask = asMask(labels.geometry(), selection);
    for (std::size_t n = 0; n < mask.size(); ++n)
        QCOMPARE(mask[n] == 1, voxels[n] == 2);
    QVERIFY(selection.box == boundingBox(labels, 2));
    QCOMPARE(selection.voxelCount(), voxelCounts(labels)[2]);
    for (const VoxelRun& run : selection.runs)
        QVERIFY(run.start % 40 + run.length <= 40);
}

void TestRegion::cancelled()
{
    const Volume volume = noise(test::obliqueGrid(false));
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(thresholdRegion(volume, {0, 100}, volume.geometry().bounds(), stop.get_token()).error().code ==
            ErrorCode::Cancelled);
    QVERIFY(floodFill(volume, {1, 1, 1}, {0, 100}, std::nullopt, stop.get_token()).error().code ==
            ErrorCode::Cancelled);
}

QTEST_APPLESS_MAIN(TestRegion)
#include "tst_region.moc"
