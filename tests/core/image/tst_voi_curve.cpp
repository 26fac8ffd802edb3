#include "core/image/voi_curve.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace annotomy;

class TestVoiCurve : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void entriesBecomeGreyLevels();
    void longTablesAreShortened();
    void levelsPassThroughTheEntries();
    void textsRoundTrip();
    void textsThatAreNoCurveAreRefused();
    void whatShowsAlike();
};

void TestVoiCurve::entriesBecomeGreyLevels()
{
    QCOMPARE(curveOf({0, 2048, 4095}, 12), (std::vector<std::uint8_t>{0, 128, 255}));
    QCOMPARE(curveOf({0, 511, 1023}, 8), (std::vector<std::uint8_t>{0, 127, 255})); // more than its bits hold
    QCOMPARE(curveOf({7}, 8), (std::vector<std::uint8_t>{7}));
}

void TestVoiCurve::longTablesAreShortened()
{
    std::vector<std::uint16_t> entries(65536);
    std::iota(entries.begin(), entries.end(), std::uint16_t{0});
    const auto curve = curveOf(entries, 16);
    QCOMPARE(curve.size(), DisplayWindow::mostEntries);
    for (std::size_t n = 0; n < curve.size(); ++n)
        QVERIFY(std::abs(curve[n] - 255.0 * static_cast<double>(n) / 4095) <= 0.51);
}

void TestVoiCurve::levelsPassThroughTheEntries()
{
    for (const std::size_t count : {1, 2, 3, 255, 256, 1000, 2049, 4096}) {
        DisplayWindow window{0, 1, "", VoiFunction::Table};
        for (std::size_t n = 0; n < count; ++n)
            window.curve.push_back(static_cast<std::uint8_t>(n * 37 + n / 5));
        const auto levels = levelsOf(window);
        const std::size_t step = count > 1 ? (levels.size() - 1) / (count - 1) : 0;
        QVERIFY(count == 1 || step * (count - 1) + 1 == levels.size());
        for (std::size_t n = 0; n < count; ++n)
            QCOMPARE(levels[n * step], window.curve[n]);
    }
}

void TestVoiCurve::textsRoundTrip()
{
    for (const VoiFunction function :
         {VoiFunction::Linear, VoiFunction::LinearExact, VoiFunction::Sigmoid, VoiFunction::Table})
        QCOMPARE(functionNamed(functionName(function)), std::optional(function));
    std::vector<std::uint8_t> all(256);
    std::iota(all.begin(), all.end(), std::uint8_t{0});
    DisplayWindow window;
    QVERIFY(setCurve(window, "TABLE", curveText(all)));
    QCOMPARE(window.curve, all);
    QVERIFY(isCurved(window));
}

void TestVoiCurve::textsThatAreNoCurveAreRefused()
{
    DisplayWindow window;
    const std::string tooLong(2 * DisplayWindow::mostEntries + 2, '0');
    for (const auto& [name, curve] : std::vector<std::pair<std::string, std::string>>{
             {"TABLE", ""}, {"TABLE", "0"}, {"TABLE", "0g"}, {"TABLE", "0A"}, {"TABLE", tooLong},
             {"SIGMOID", "00ff"}, {"sigmoid", ""}, {"", ""}}) {
        QVERIFY2(!setCurve(window, name, curve), name.c_str());
        QVERIFY(!isCurved(window));
    }
}

void TestVoiCurve::whatShowsAlike()
{
    const DisplayWindow sigmoid{40, 400, "A", VoiFunction::Sigmoid};
    QVERIFY(showAlike(sigmoid, {40, 400, "B", VoiFunction::Sigmoid}));
    QVERIFY(!showAlike(sigmoid, straightened(sigmoid)));
    QVERIFY(showAlike(straightened(sigmoid), {40, 400, ""}));
    QVERIFY(!isCurved(straightened(sigmoid)));
}

QTEST_APPLESS_MAIN(TestVoiCurve)
#include "tst_voi_curve.moc"
