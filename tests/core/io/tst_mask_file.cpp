#include "core/io/mask_file.h"
#include "tests/support/random_grid.h"

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

QTEST_APPLESS_MAIN(TestMaskFile)
#include "tst_mask_file.moc"
