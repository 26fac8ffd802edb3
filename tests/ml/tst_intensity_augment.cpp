#include "ml/internal/intensity_augment.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace annotomy;

namespace {

const Index3 size{9, 8, 7};

std::vector<float> wave()
{
    std::vector<float> values(9 * 8 * 7);
    for (std::size_t n = 0; n < values.size(); ++n)
        values[n] = std::sin(0.7F * static_cast<float>(n)) + 0.2F * static_cast<float>(n % 5);
    return values;
}

double meanOf(const std::vector<float>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviationOf(const std::vector<float>& values)
{
    const double mean = meanOf(values);
    double squares = 0;
    for (const float v : values)
        squares += (v - mean) * (v - mean);
    return std::sqrt(squares / static_cast<double>(values.size()));
}

} // namespace

class TestIntensityAugment : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noiseHasItsDeviation();
    void aPointBlursIntoAGaussian();
    void contrastKeepsMeanAndRange();
    void lowResolutionKeepsWhatIsSmooth();
    void gammaKeepsMeanAndDeviation();
    void sameSeedSameVariation();
};

void TestIntensityAugment::noiseHasItsDeviation()
{
    std::vector<float> values(100000, 1);
    Random random(1, 2);
    addNoise(values, 0.3, random);
    QVERIFY(std::abs(meanOf(values) - 1) < 0.02 && std::abs(deviationOf(values) - 0.3) < 0.02);
}

void TestIntensityAugment::aPointBlursIntoAGaussian()
{
    std::vector<float> values(9 * 8 * 7, 0.0F);
    const auto at = [](int i, int j, int k) { return static_cast<std::size_t>(i + 9 * (j + 8 * k)); };
    values[at(4, 4, 3)] = 1;
    blur(values, size, 0.8);
    QVERIFY(std::abs(std::accumulate(values.begin(), values.end(), 0.0F) - 1) < 1e-5F);
    const double expected = std::exp(-0.5 / 0.64);
    for (const std::size_t n : {at(5, 4, 3), at(4, 5, 3), at(4, 4, 2)})
        QVERIFY(std::abs(values[n] / values[at(4, 4, 3)] - expected) < 1e-4);
    std::vector<float> flat(9 * 8 * 7, 2.5F);
    blur(flat, size, 1);
    QVERIFY(std::all_of(flat.begin(), flat.end(), [](float v) { return std::abs(v - 2.5F) < 1e-5F; }));
}

void TestIntensityAugment::contrastKeepsMeanAndRange()
{
    const std::vector<float> before = wave();
    std::vector<float> less = before, more = before;
    changeContrast(less, 0.75);
    changeContrast(more, 1.25);
    QVERIFY(std::abs(meanOf(less) - meanOf(before)) < 1e-4);
    QVERIFY(std::abs(deviationOf(less) / deviationOf(before) - 0.75) < 1e-3);
    QVERIFY(deviationOf(more) > deviationOf(before));
    QCOMPARE(*std::max_element(more.begin(), more.end()), *std::max_element(before.begin(), before.end()));
}

void TestIntensityAugment::lowResolutionKeepsWhatIsSmooth()
{
    std::vector<float> ramp(9 * 8 * 7), checks(9 * 8 * 7);
    for (std::size_t n = 0; n < ramp.size(); ++n) {
        ramp[n] = static_cast<float>(n % 9);
        checks[n] = n % 2 ? 1.0F : -1.0F;
    }
    std::vector<float> coarse = ramp;
    lowerResolution(coarse, size, 0.5);
    for (std::size_t n = 0; n < ramp.size(); ++n)
        QVERIFY(std::abs(coarse[n] - ramp[n]) < 1.2F);
    std::vector<float> same = checks;
    lowerResolution(same, size, 1);
    QCOMPARE(same, checks);
    lowerResolution(checks, size, 0.5);
    QVERIFY(checks != same);
}

void TestIntensityAugment::gammaKeepsMeanAndDeviation()
{
    const std::vector<float> before = wave();
    for (const bool inverted : {false, true}) {
        std::vector<float> values = before;
        applyGamma(values, 1.5, inverted);
        QVERIFY(std::abs(meanOf(values) - meanOf(before)) < 1e-3);
        QVERIFY(std::abs(deviationOf(values) - deviationOf(before)) < 1e-3);
        // Order is kept; dark values come closer together, or bright ones when inverted.
        for (std::size_t n = 1; n < values.size(); ++n)
            QVERIFY((before[n] < before[n - 1]) == (values[n] < values[n - 1]) || std::abs(values[n] - values[n - 1]) < 1e-2F);
        const double top = *std::max_element(values.begin(), values.end()) - meanOf(values);
        const double bottom = meanOf(values) - *std::min_element(values.begin(), values.end());
        const double topBefore = *std::max_element(before.begin(), before.end()) - meanOf(before);
        const double bottomBefore = meanOf(before) - *std::min_element(before.begin(), before.end());
        QVERIFY((top / bottom > topBefore / bottomBefore) == !inverted);
    }
}

void TestIntensityAugment::sameSeedSameVariation()
{
    int changed = 0;
    for (std::uint64_t n = 0; n < 50; ++n) {
        std::vector<float> a = wave(), b = wave();
        Random first(3, n), second(3, n);
        varyIntensities(a, size, first);
        varyIntensities(b, size, second);
        QCOMPARE(a, b);
        QVERIFY(std::all_of(a.begin(), a.end(), [](float v) { return std::isfinite(v); }));
        changed += a != wave();
    }
    QVERIFY(changed > 25 && changed < 48); // about 68 of 100
}

QTEST_GUILESS_MAIN(TestIntensityAugment)
#include "tst_intensity_augment.moc"
