#include "core/io/masks/axis_order.h"
#include "core/io/masks/mask_file.h"
#include "core/io/plain/nifti.h"
#include "tests/support/random_grid.h"

#include <QTemporaryDir>
#include <QTest>

using namespace annotomy;
using namespace annotomy::test;

namespace {

VolumeGeometry line(int length)
{
    VolumeGeometry grid;
    grid.size = {length, 1, 1};
    return grid;
}

template <class T>
Volume lineOf(const std::vector<T>& voxels, Rescale rescale = {})
{
    return Volume::fromVoxels(line(static_cast<int>(voxels.size())), voxels, rescale);
}

} // namespace

class TestMaskFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void smallValuesKeepTheirNumber();
    void largeAndNegativeValuesTakeFreeNumbers();
    void fractionsAreRefused();
    void tooManySegmentsAreRefused();
    void flatteningRestoresTheFilesValues();
    void overlapsAreTold();
    void otherOrdersOfAxesAreTheSameVoxels();
    void shiftedGridsAreOthers();
};

void TestMaskFile::smallValuesKeepTheirNumber()
{
    const auto labels = labelMapFromVolume(lineOf<std::uint8_t>({0, 5, 5, 2, 0, 255}), {{5, "liver"}});
    QVERIFY(labels.has_value());
    QCOMPARE(labels->segments().segments().size(), std::size_t{3});
    QCOMPARE(labels->segments().find(5)->name, std::string("liver"));
    QCOMPARE(labels->labelAt(0, {1, 0, 0}), 5);
    QCOMPARE(labels->labelAt(0, {3, 0, 0}), 2);
    QCOMPARE(labels->labelAt(0, {5, 0, 0}), 255);
    QCOMPARE(labels->labelAt(0, {4, 0, 0}), 0);
}

void TestMaskFile::largeAndNegativeValuesTakeFreeNumbers()
{
    const auto labels = labelMapFromVolume(lineOf<std::int32_t>({0, 1, 1000, -7}));
    QVERIFY(labels.has_value());
    QCOMPARE(labels->labelAt(0, {1, 0, 0}), 1);
    QCOMPARE(labels->labelAt(0, {3, 0, 0}), 2); // -7, the first of the rest
    QCOMPARE(labels->labelAt(0, {2, 0, 0}), 3);
    QCOMPARE(labels->segments().find(3)->fileValue, 1000);
}

void TestMaskFile::fractionsAreRefused()
{
    QCOMPARE(labelMapFromVolume(lineOf<float>({0, 0.5F})).error().code, ErrorCode::Malformed);
    QCOMPARE(labelMapFromVolume(lineOf<float>({0, std::nanf("")})).error().code, ErrorCode::Malformed);
    QVERIFY(labelMapFromVolume(lineOf<std::int16_t>({0, 4}, {0.5, 0})).has_value()); // 2 after the rescale
    const auto slope = static_cast<double>(1.0F / 255); // 255 comes out a little beside 1
    const auto labels = labelMapFromVolume(lineOf<std::uint8_t>({0, 255}, {slope, 0}));
    QVERIFY(labels.has_value());
    QCOMPARE(labels->labelAt(0, {1, 0, 0}), 1);
}

void TestMaskFile::tooManySegmentsAreRefused()
{
    std::vector<std::int32_t> values(257);
    for (int i = 0; i < 257; ++i)
        values[static_cast<std::size_t>(i)] = i;
    QCOMPARE(labelMapFromVolume(lineOf(values)).error().code, ErrorCode::TooManySegments);
    values.pop_back();
    QVERIFY(labelMapFromVolume(lineOf(values)).has_value());
}

void TestMaskFile::flatteningRestoresTheFilesValues()
{
    const Volume small = lineOf<std::uint8_t>({0, 5, 5, 2});
    QVERIFY(sameBytes(flattened(*labelMapFromVolume(small)).volume, small));
    const Volume large = lineOf<std::int32_t>({0, 1, 1000, -7});
    QVERIFY(sameBytes(flattened(*labelMapFromVolume(large)).volume, large));
}

void TestMaskFile::overlapsAreTold()
{
    LabelMap labels(line(3));
    labels.segments().add("a", 0);
    labels.segments().add("b", 1);
    labels.setLayer(0, {1, 1, 0});
    labels.setLayer(1, {0, 0, 2});
    QVERIFY(!flattened(labels).overlapping);
    labels.setLayer(1, {0, 2, 2});
    const FlattenedMask mask = flattened(labels);
    QVERIFY(mask.overlapping);
    QCOMPARE(mask.volume.voxels<std::uint8_t>()[1], 2);
}

namespace {

// Axis a of the result is axis (a + 1) mod 3 of the original; the first one runs backwards.
Volume turned(const Volume& volume)
{
    const VolumeGeometry& grid = volume.geometry();
    VolumeGeometry result;
    for (std::size_t a = 0; a < 3; ++a) {
        result.size[a] = grid.size[(a + 1) % 3];
        result.spacing[a] = grid.spacing[(a + 1) % 3];
    }
    result.direction = fromColumns(-1.0 * grid.axis(1), grid.axis(2), grid.axis(0));
    result.origin = grid.patientFromIndex({0, static_cast<double>(grid.size[1] - 1), 0});
    std::vector<std::uint8_t> voxels;
    for (std::size_t n = 0; n < result.voxelCount(); ++n) {
        const Index3 at = result.indexAt(n);
        voxels.push_back(volume.voxels<std::uint8_t>()[grid.offset({at[2], grid.size[1] - 1 - at[0], at[1]})]);
    }
    return Volume::fromVoxels(result, std::move(voxels));
}

Volume numbered(const VolumeGeometry& grid)
{
    std::vector<std::uint8_t> voxels(grid.voxelCount());
    for (std::size_t n = 0; n < voxels.size(); ++n)
        voxels[n] = static_cast<std::uint8_t>(n * 7 % 5);
    return Volume::fromVoxels(grid, std::move(voxels));
}

VolumeGeometry obliqueGrid()
{
    VolumeGeometry grid;
    grid.size = {4, 5, 3};
    grid.spacing = {0.7, 1.1, 3};
    grid.origin = {-20, 30, 7};
    grid.direction = fromColumns({0.8, 0.6, 0}, {-0.6, 0.8, 0}, {0, 0.28, 0.96});
    return grid;
}

} // namespace

void TestMaskFile::otherOrdersOfAxesAreTheSameVoxels()
{
    const Volume original = numbered(obliqueGrid());
    const Volume other = turned(original);
    QVERIFY(!sameGrid(original.geometry(), other.geometry()));
    const auto back = inAxisOrderOf(original.geometry(), other);
    QVERIFY(back && back->geometry() == original.geometry());
    QVERIFY(std::ranges::equal(back->voxels<std::uint8_t>(), original.voxels<std::uint8_t>()));

    const QTemporaryDir folder;
    const std::string path = folder.filePath("turned.nii.gz").toStdString();
    QVERIFY(writeNifti(path, other));
    const auto labels = readMaskFile(path, original.geometry());
    QVERIFY(labels && labels->geometry() == original.geometry());
    for (std::size_t n = 0; n < original.geometry().voxelCount(); ++n) {
        const Index3 index = original.geometry().indexAt(n);
        QCOMPARE(labels->labelAt(0, index), static_cast<SegmentNumber>(original.valueAt(index)));
    }
}

void TestMaskFile::shiftedGridsAreOthers()
{
    const Volume original = numbered(obliqueGrid());
    VolumeGeometry shifted = original.geometry();
    shifted.origin[1] += 0.01;
    QVERIFY(!inAxisOrderOf(shifted, turned(original)));
    shifted = original.geometry();
    shifted.size = {3, 5, 4};
    QVERIFY(!inAxisOrderOf(shifted, original));
}

QTEST_APPLESS_MAIN(TestMaskFile)
#include "tst_mask_file.moc"
