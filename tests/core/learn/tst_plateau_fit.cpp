#include "core/learn/plateau_fit.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace annotomy;

class TestPlateauFit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fewPointsAreCounted();
    void anExactCurveComesBack_data();
    void anExactCurveComesBack();
    void intervalsHoldTheTruth_data();
    void intervalsHoldTheTruth();
    void moreScatterMeansWiderIntervals();
    void aHippocampusLikeCurve();
    void adviceCountsTheCases();
    void aFlatCurveSaysStop();
    void aFallingCurveIsFlat();
    void aStraightRiseHasNoPlateauInSight();
    void manyCasesDoNotOverflow();
};

namespace {

using Points = std::vector<LearningPoint>;

Points onCurve(const PlateauCurve& curve, const std::vector<double>& cases)
{
    Points points;
    for (const double n : cases)
        points.push_back({n, curve.at(n)});
    return points;
}

Points scattered(Points points, double sd, unsigned seed)
{
    std::mt19937_64 generator(seed);
    std::normal_distribution<double> noise(0, sd);
    for (LearningPoint& point : points)
        point.dice = std::clamp(point.dice + noise(generator), 0.0, 1.0);
    return points;
}

const std::vector<double> rounds{2, 4, 8, 12, 16, 24, 32, 40};

} // namespace

void TestPlateauFit::fewPointsAreCounted()
{
    QCOMPARE(missingPoints({}), 4);
    const Points same{{5, 0.7}, {5, 0.8}, {5, 0.75}, {5, 0.7}, {9, 0.8}}; // five models, two numbers of cases
    QCOMPARE(missingPoints(same), 2);
    QVERIFY(!fitPlateau(same));
    QCOMPARE(missingPoints(onCurve({}, rounds)), 0);
}

void TestPlateauFit::anExactCurveComesBack_data()
{
    QTest::addColumn<double>("plateau");
    QTest::addColumn<double>("gap");
    QTest::addColumn<double>("scale");
    QTest::newRow("quick") << 0.88 << 0.5 << 4.0;
    QTest::newRow("slow") << 0.7 << 0.6 << 25.0;
    QTest::newRow("late") << 0.95 << 0.9 << 120.0;
    QTest::newRow("perfect") << 1.0 << 0.4 << 10.0;
}

void TestPlateauFit::anExactCurveComesBack()
{
    QFETCH(double, plateau);
    QFETCH(double, gap);
    QFETCH(double, scale);
    const PlateauCurve truth{plateau, gap, scale};
    const auto fit = fitPlateau(onCurve(truth, rounds));
    QVERIFY(fit);
    QVERIFY(std::abs(fit->curve.plateau - plateau) < 1e-4);
    QVERIFY(std::abs(fit->curve.gap - gap) < 1e-4);
    QVERIFY(std::abs(fit->curve.scale / scale - 1) < 1e-3);
    QVERIFY(fit->residual < 1e-6);
    QCOMPARE(fit->mostCases, 40.0);
    const DiceForecast later = fit->at(80);
    QVERIFY(std::abs(later.dice - truth.at(80)) < 1e-4);
    QVERIFY(later.low <= later.dice && later.dice <= later.high && later.high - later.low < 0.01);
}

void TestPlateauFit::intervalsHoldTheTruth_data()
{
    QTest::addColumn<int>("points");
    QTest::newRow("eight") << 8;
    QTest::newRow("five") << 5; // two degrees of freedom
}

void TestPlateauFit::intervalsHoldTheTruth()
{
    QFETCH(int, points);
    const PlateauCurve truth{0.86, 0.45, 9};
    const std::vector<double> cases(rounds.begin(), rounds.begin() + points);
    const double later = 1.5 * cases.back();
    int held = 0;
    constexpr int trials = 30;
    for (unsigned seed = 0; seed < trials; ++seed) {
        const auto fit = fitPlateau(scattered(onCurve(truth, cases), 0.015, seed));
        QVERIFY(fit);
        const DiceForecast forecast = fit->at(later);
        held += forecast.low <= truth.at(later) && truth.at(later) <= forecast.high;
        QVERIFY(forecast.low <= forecast.dice && forecast.dice <= forecast.high);
    }
    QVERIFY2(held >= 26, qPrintable(QString::number(held))); // 28.5 are promised
}

void TestPlateauFit::moreScatterMeansWiderIntervals()
{
    const Points points = onCurve({0.86, 0.45, 9}, rounds);
    const auto calm = fitPlateau(scattered(points, 0.005, 3)), wild = fitPlateau(scattered(points, 0.04, 3));
    const auto width = [](const DiceForecast& f) { return f.high - f.low; };
    QVERIFY(width(wild->plateau()) > 2 * width(calm->plateau()));
    QVERIFY(wild->residual > 4 * calm->residual);
    QCOMPARE(fitPlateau(scattered(points, 0.04, 3))->resampled.size(), wild->resampled.size());
    QCOMPARE(fitPlateau(scattered(points, 0.04, 3))->plateau().low, wild->plateau().low); // the same every time
}

// As small U-Nets learn the hippocampus of A01: 0.866 from 32 cases is measured, the rest follows its course.
void TestPlateauFit::aHippocampusLikeCurve()
{
    const auto fit = fitPlateau(Points{{2, 0.62}, {4, 0.735}, {8, 0.81}, {16, 0.85}, {32, 0.866}});
    QVERIFY(fit);
    QVERIFY(fit->curve.plateau > 0.85 && fit->curve.plateau < 0.875);
    QVERIFY(fit->curve.scale > 2 && fit->curve.scale < 8);
    QVERIFY(!stopAdvice(*fit).helps);
    const auto early = fitPlateau(Points{{2, 0.62}, {4, 0.735}, {6, 0.78}, {8, 0.81}});
    const StopAdvice advice = stopAdvice(*early);
    QVERIFY(advice.helps && advice.moreCases == 1);
    QVERIFY(early->at(16).dice > 0.81 && early->at(16).dice < 0.87);
}

void TestPlateauFit::adviceCountsTheCases()
{
    const PlateauCurve truth{0.9, 0.5, 20};
    const auto fit = fitPlateau(onCurve(truth, {5, 10, 20, 40, 60}));
    const StopAdvice advice = stopAdvice(*fit);
    QVERIFY(advice.helps);
    QVERIFY(std::abs(advice.possibleGain - 0.5 * std::exp(-3)) < 1e-4);
    QVERIFY(truth.at(60 + advice.moreCases) - truth.at(60) >= worthwhileGain - 1e-6);
    QVERIFY(truth.at(60 + advice.moreCases - 1) - truth.at(60) < worthwhileGain);
    const auto late = fitPlateau(onCurve(truth, {5, 20, 60, 100})); // 0.5 exp(-5) = 0.0034 are left
    QVERIFY(!stopAdvice(*late).helps);
    QCOMPARE(stopAdvice(*late).moreCases, 0);
    QVERIFY(stopAdvice(*late).highestGain < worthwhileGain);
    const auto rough = fitPlateau(Points{{2, 0.80}, {4, 0.85}, {8, 0.855}, {14, 0.867}}); // levels off, or still rises
    QVERIFY(!stopAdvice(*rough).helps && stopAdvice(*rough).highestGain > worthwhileGain);
}

void TestPlateauFit::aFlatCurveSaysStop()
{
    const auto fit = fitPlateau(Points{{4, 0.8}, {8, 0.8}, {12, 0.8}, {16, 0.8}});
    QVERIFY(fit);
    QCOMPARE(fit->curve.plateau, 0.8);
    QCOMPARE(fit->at(100).low, 0.8);
    QVERIFY(!stopAdvice(*fit).helps);
    const auto nothing = fitPlateau(Points{{4, 0}, {8, 0}, {12, 0}, {16, 0}});
    QVERIFY(nothing && nothing->curve.plateau == 0 && nothing->curve.at(8) == 0);
}

void TestPlateauFit::aFallingCurveIsFlat()
{
    const auto fit = fitPlateau(Points{{4, 0.9}, {8, 0.8}, {12, 0.7}, {16, 0.6}});
    QVERIFY(fit);
    QCOMPARE(fit->curve.gap, 0.0);
    QVERIFY(std::abs(fit->curve.plateau - 0.75) < 1e-12);
    QVERIFY(!stopAdvice(*fit).helps);
}

void TestPlateauFit::aStraightRiseHasNoPlateauInSight()
{
    const auto fit = fitPlateau(Points{{10, 0.3}, {20, 0.4}, {30, 0.5}, {40, 0.6}});
    QVERIFY(fit && fit->curve.plateau <= 1);
    const StopAdvice advice = stopAdvice(*fit);
    QVERIFY(advice.helps && advice.moreCases <= 2);
    QVERIFY(fit->at(50).dice > 0.65 && fit->at(400).high <= 1);
}

void TestPlateauFit::manyCasesDoNotOverflow()
{
    const PlateauCurve truth{0.9, 0.5, 400};
    const auto fit = fitPlateau(onCurve(truth, {1000, 1001, 2000, 4000}));
    QVERIFY(fit && std::isfinite(fit->curve.gap) && std::isfinite(fit->at(8000).high));
    QVERIFY(std::abs(fit->at(8000).dice - 0.9) < 1e-3);
}

QTEST_APPLESS_MAIN(TestPlateauFit)
#include "tst_plateau_fit.moc"
