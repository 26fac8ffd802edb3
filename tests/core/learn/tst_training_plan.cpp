#include "core/learn/training_plan.h"

#include <QTest>

#include <algorithm>
#include <functional>

using namespace annotomy;

namespace {

DataFingerprint dataOf(const Index3& size, const Vec3& spacing, int cases = 10)
{
    DataFingerprint data;
    data.classes = {{1, "organ", 1, {}, {}, {}}, {2, "lesion", 2, {}, {}, {}}};
    for (int n = 0; n < cases; ++n) {
        CaseFingerprint one;
        one.key = "case-" + std::to_string(n);
        one.patient = "patient-" + std::to_string(n);
        one.pool = n % 5 == 4 ? "validation" : "train";
        one.modality = "MR";
        one.size = size;
        one.spacing = spacing;
        one.imageHash = "image " + one.key;
        one.labelHash = "labels " + one.key;
        one.classVoxels = {0, 5000, 100};
        data.cases.push_back(one);
    }
    data.multiplicationsPerSecond = 2e10;
    data.memoryFree = 16'000'000'000;
    return data;
}

bool has(const std::vector<DataFinding>& findings, const std::string& code, const std::string& part = {})
{
    return std::any_of(findings.begin(), findings.end(), [&](const DataFinding& finding) {
        return finding.code == code && finding.text.find(part) != std::string::npos;
    });
}

} // namespace

class TestTrainingPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fingerprintSurvivesTheRoundTrip();
    void soundDataHaveNoFindings();
    void emptyClassesAreFound();
    void oneImageTwiceIsFound();
    void namesThatDifferByCaseAreFound();
    void spacingsFarApartAreFound();
    void plansFitTheirBudget_data();
    void plansFitTheirBudget();
    void moreMinutesNeverShrinkTheNetwork();
    void thickSlicesAreHalvedLess();
    void sidedClassesAreNotMirrored();
    void anisotropicSpacingTakesTheTenthPercentile();
    void tooLittleIsSaidInFigures();
};

void TestTrainingPlan::fingerprintSurvivesTheRoundTrip()
{
    DataFingerprint data = dataOf({64, 60, 50}, {1, 1.5, 2});
    data.cases[2].classVoxels = {0, -1, 7};
    const auto back = dataFingerprintFromJson(toJsonText(data));
    QVERIFY2(back, back ? "" : back.error().detail.c_str());
    QVERIFY(*back == data);
    QVERIFY(!dataFingerprintFromJson(R"({"classes": [], "cases": [{"key": "a", "spacing": [1, 1, 1], "size": [0, 1, 1]}]})"));
}

void TestTrainingPlan::soundDataHaveNoFindings()
{
    QVERIFY(findingsOf(dataOf({64, 60, 50}, {1, 1, 1})).empty());
}

void TestTrainingPlan::emptyClassesAreFound()
{
    DataFingerprint data = dataOf({64, 60, 50}, {1, 1, 1});
    for (CaseFingerprint& one : data.cases)
        if (one.pool == "train") // what validation holds teaches nothing
            one.classVoxels[2] = one.key == "case-0" ? -1 : 0;
    QVERIFY(has(findingsOf(data), "emptyClass", "\"lesion\""));
    QVERIFY(planTraining(data, {}));
    for (CaseFingerprint& one : data.cases)
        one.classVoxels = {0, 0, 0};
    const auto plan = planTraining(data, {});
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, ErrorCode::Conflict);
}

void TestTrainingPlan::oneImageTwiceIsFound()
{
    DataFingerprint data = dataOf({64, 60, 50}, {1, 1, 1});
    data.cases[4].imageHash = data.cases[0].imageHash;
    QVERIFY(has(findingsOf(data), "leak", "case-0 and case-4"));
    QVERIFY(has(findingsOf(data), "contradiction", "case-0 and case-4"));
    data.cases[4].labelHash = data.cases[0].labelHash;
    data.cases[4].pool = "train";
    QVERIFY(!has(findingsOf(data), "contradiction"));
    QVERIFY(has(findingsOf(data), "leak", "two patients"));
    data.cases[4].patient = data.cases[0].patient;
    QVERIFY(findingsOf(data).empty());
}

void TestTrainingPlan::namesThatDifferByCaseAreFound()
{
    DataFingerprint data = dataOf({64, 60, 50}, {1, 1, 1});
    data.classes[1].name = "Organ ";
    QVERIFY(has(findingsOf(data), "similarNames"));
}

void TestTrainingPlan::spacingsFarApartAreFound()
{
    DataFingerprint data = dataOf({64, 60, 50}, {1, 1, 1});
    data.cases[3].spacing[2] = 6;
    QVERIFY(has(findingsOf(data), "spacing", "axis k"));
    data.cases[3].spacing[2] = 2.9;
    QVERIFY(findingsOf(data).empty());
}

void TestTrainingPlan::plansFitTheirBudget_data()
{
    QTest::addColumn<Index3>("size");
    QTest::addColumn<Vec3>("spacing");
    QTest::addColumn<double>("minutes");
    QTest::addColumn<double>("gigabytes");
    QTest::newRow("hippocampus") << Index3{35, 50, 36} << Vec3{1, 1, 1} << 10.0 << 2.0;
    QTest::newRow("hippocampus, an hour") << Index3{35, 50, 36} << Vec3{1, 1, 1} << 60.0 << 8.0;
    QTest::newRow("thick MR") << Index3{320, 280, 22} << Vec3{0.69, 0.69, 5} << 10.0 << 4.0;
    QTest::newRow("abdominal CT") << Index3{512, 512, 300} << Vec3{0.8, 0.8, 1.5} << 60.0 << 8.0;
    QTest::newRow("one slice") << Index3{512, 400, 1} << Vec3{0.2, 0.2, 1} << 10.0 << 4.0;
    QTest::newRow("tiny") << Index3{5, 6, 4} << Vec3{2, 2, 2} << 1.0 << 1.0;
}

void TestTrainingPlan::plansFitTheirBudget()
{
    QFETCH(Index3, size);
    QFETCH(Vec3, spacing);
    QFETCH(double, minutes);
    QFETCH(double, gigabytes);
    const DataFingerprint data = dataOf(size, spacing);
    const auto plan = planTraining(data, {minutes, static_cast<std::int64_t>(gigabytes * 1e9)});
    QVERIFY2(plan, plan ? "" : plan.error().detail.c_str());
    QVERIFY(static_cast<double>(plan->bytes) <= gigabytes * 1e9);
    QVERIFY(plan->steps >= 500);
    QVERIFY(plan->steps * plan->secondsPerStep <= minutes * 60 * 1.001);
    QVERIFY(recipeFromJson(toJsonText(plan->recipe))); // consistent in itself
    for (std::size_t a = 0; a < 3; ++a) {
        QVERIFY(plan->recipe.spacing[a] >= spacing[a] * 0.999);
        QVERIFY(plan->recipe.patch[a] < plan->medianSize[a] + patchMultiple(plan->recipe)[a]);
    }
}

void TestTrainingPlan::moreMinutesNeverShrinkTheNetwork()
{
    const DataFingerprint data = dataOf({200, 200, 120}, {1, 1, 1});
    double former = 0;
    for (const double minutes : {5.0, 10.0, 30.0, 120.0, 600.0}) {
        const auto plan = planTraining(data, {minutes, 0});
        QVERIFY(plan);
        const double work = trainingMultiplications(plan->recipe, 1, 2);
        QVERIFY2(work >= 0.95 * former, qPrintable(QString::number(minutes)));
        former = work;
    }
}

void TestTrainingPlan::sidedClassesAreNotMirrored()
{
    DataFingerprint data = dataOf({64, 64, 64}, {1, 1, 1});
    QCOMPARE(planTraining(data, {10, 0})->recipe.mirrorAxes, (Index3{1, 0, 0}));
    for (const char* name : {"Left kidney", "hippocampus_R", "lung L"}) {
        data.classes[1].name = name;
        QCOMPARE(planTraining(data, {10, 0})->recipe.mirrorAxes, (Index3{0, 0, 0}));
    }
    data.classes[1].name = "colon";
    data.classes[1].type.meaning = "Right colon";
    QCOMPARE(planTraining(data, {10, 0})->recipe.mirrorAxes, (Index3{0, 0, 0}));
}

void TestTrainingPlan::thickSlicesAreHalvedLess()
{
    const auto plan = planTraining(dataOf({320, 280, 22}, {0.69, 0.69, 5}), {60, 0});
    QVERIFY(plan);
    QVERIFY(plan->recipe.poolings[2] < plan->recipe.poolings[0]);
    const auto even = planTraining(dataOf({64, 64, 64}, {1, 1, 1}), {60, 0});
    QVERIFY(even);
    QCOMPARE(even->recipe.poolings[0], even->recipe.poolings[2]);
}

void TestTrainingPlan::anisotropicSpacingTakesTheTenthPercentile()
{
    DataFingerprint data = dataOf({320, 280, 22}, {0.7, 0.7, 5});
    data.cases[0].spacing[2] = data.cases[1].spacing[2] = 2.5;
    QCOMPARE(targetSpacing(data)[2], 2.5);
    data.cases[0].spacing[2] = data.cases[1].spacing[2] = 0.2; // never finer than the others
    QCOMPARE(targetSpacing(data)[2], 0.7);
    QCOMPARE(targetSpacing(dataOf({64, 64, 40}, {1, 1, 2})), (Vec3{1, 1, 2}));
}

void TestTrainingPlan::tooLittleIsSaidInFigures()
{
    const DataFingerprint data = dataOf({200, 200, 120}, {1, 1, 1});
    const auto small = planTraining(data, {10, 200'000'000});
    QVERIFY(!small);
    QVERIFY2(small.error().detail.find("GB") != std::string::npos, small.error().detail.c_str());
    const auto hasty = planTraining(data, {0.01, 0});
    QVERIFY(!hasty);
    QVERIFY2(hasty.error().detail.find("minutes") != std::string::npos, hasty.error().detail.c_str());
}

QTEST_APPLESS_MAIN(TestTrainingPlan)
#include "tst_training_plan.moc"
