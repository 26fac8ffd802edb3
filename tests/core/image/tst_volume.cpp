#include "core/image/volume.h"

#include <QTest>

#include <limits>

using namespace annotomy;

namespace {

VolumeGeometry line(int count)
{
    VolumeGeometry g;
    g.size = {count, 1, 1};
    return g;
}

} // namespace

class TestVolume : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rescaleGivesRealValues();
    void rangeLeavesOutNotFinite();
    void negativeSlopeKeepsTheOrder();
    void percentilesOfARamp();
    void percentilesOfAConstant();
    void copiesShareTheirVoxels();
};

void TestVolume::rescaleGivesRealValues()
{
    const Volume volume = Volume::fromVoxels(line(3), std::vector<std::uint16_t>{0, 1000, 4095}, {1, -1024}, "HU");
    QCOMPARE(volume.valueAt({0, 0, 0}), -1024.0);
    QCOMPARE(volume.valueAt({2, 0, 0}), 3071.0);
    QCOMPARE(volume.unit(), std::string("HU"));
    QVERIFY(Volume().isNull());
}

void TestVolume::rangeLeavesOutNotFinite()
{
    const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    const ValueRange range = valueRange(Volume::fromVoxels(line(5), std::vector<float>{nan, 3, -inf, -2, inf}));
    QCOMPARE(range.min, -2.0);
    QCOMPARE(range.max, 3.0);
    const ValueRange none = valueRange(Volume::fromVoxels(line(2), std::vector<float>{nan, inf}));
    QCOMPARE(none.min, 0.0);
    QCOMPARE(none.max, 0.0);
}

void TestVolume::negativeSlopeKeepsTheOrder()
{
    const ValueRange range = valueRange(Volume::fromVoxels(line(2), std::vector<std::int8_t>{-5, 10}, {-2, 1}));
    QCOMPARE(range.min, -19.0);
    QCOMPARE(range.max, 11.0);
}

void TestVolume::percentilesOfARamp()
{
    std::vector<std::int16_t> ramp(10001);
    for (std::size_t n = 0; n < ramp.size(); ++n)
        ramp[n] = static_cast<std::int16_t>(n);
    const Volume volume = Volume::fromVoxels(line(10001), std::move(ramp), {2, -100});
    const std::vector<double> fractions{0, 0.005, 0.5, 0.995, 1};
    const auto values = percentiles(volume, fractions);
    for (std::size_t n = 0; n < fractions.size(); ++n)
        QVERIFY(std::abs(values[n] - (20000 * fractions[n] - 100)) < 4);
}

void TestVolume::percentilesOfAConstant()
{
    const Volume volume = Volume::fromVoxels(line(4), std::vector<std::int16_t>(4, 7));
    QCOMPARE(percentiles(volume, std::vector<double>{0.1, 0.9}), (std::vector<double>{7, 7}));
}

void TestVolume::copiesShareTheirVoxels()
{
    const Volume volume = Volume::fromVoxels(line(4), std::vector<std::int16_t>(4, 7));
    const Volume copy = volume;
    QCOMPARE(copy.bytes().data(), volume.bytes().data());
}

QTEST_APPLESS_MAIN(TestVolume)
#include "tst_volume.moc"
