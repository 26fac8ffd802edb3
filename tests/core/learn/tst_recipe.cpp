#include "core/learn/recipe.h"

#include <QTest>

using namespace annotomy;

class TestRecipe : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFieldSurvivesTheRoundTrip();
    void presetsAreValidAndNamed();
    void missingFieldsKeepTheirDefaults();
    void refused_data();
    void refused();
};

void TestRecipe::everyFieldSurvivesTheRoundTrip()
{
    Recipe recipe;
    recipe.name = "Knochen \"2\" – groß";
    recipe.baseWidth = 16;
    recipe.levels = 3;
    recipe.network = NetworkKind::ResidualUNet;
    recipe.poolings = {1, 2, 0};
    recipe.loss = {0.5, 2, 0.25, 1, 0.4, 0.6, 0.01};
    recipe.optimiser = OptimiserKind::Sgd;
    recipe.decay = RateDecay::Cosine;
    recipe.spacing = {0.7, 0.1 + 0.2, 5};
    recipe.patch = {24, 28, 32};
    recipe.batch = 3;
    recipe.foregroundShare = 1.0 / 3;
    recipe.augment = false;
    recipe.leastClassShare = 0.125;
    recipe.learningRate = 1e-5;
    recipe.weightDecay = 0;
    recipe.warmUpSteps = 0;
    recipe.gradientClip = 1;
    recipe.emaDecay = 0;
    recipe.maxSteps = 7;
    recipe.minutes = 0.05;
    recipe.stepsPerEpoch = 2;
    recipe.patienceEpochs = 9;
    recipe.replayShare = 0.25;
    recipe.seed = 0xFFFFFFFFFFFFFFFFU;
    const auto back = recipeFromJson(toJsonText(recipe));
    QVERIFY(back);
    QVERIFY(*back == recipe);
}

void TestRecipe::presetsAreValidAndNamed()
{
    std::vector<std::string> names;
    for (const Recipe& recipe : builtInRecipes()) {
        const auto back = recipeFromJson(toJsonText(recipe));
        QVERIFY(back && *back == recipe);
        names.push_back(recipe.name);
    }
    QVERIFY((names == std::vector<std::string>{"standard", "light", "fine-tune", "quick"}));
}

void TestRecipe::missingFieldsKeepTheirDefaults()
{
    const auto recipe = recipeFromJson(R"({"minutes": 3})");
    QVERIFY(recipe);
    QCOMPARE(recipe->minutes, 3.0);
    QCOMPARE(recipe->baseWidth, Recipe{}.baseWidth);
}

void TestRecipe::refused_data()
{
    QTest::addColumn<QByteArray>("text");
    const char* texts[] = {"",
                           "nonsense",
                           "[]",
                           "7",
                           "{",
                           R"({"baseWidth": 0})",
                           R"({"baseWidth": 1e30})",
                           R"({"baseWidth": "8"})",
                           R"({"levels": 40})",
                           R"({"levels": -1})",
                           R"({"patch": [48, 48]})",
                           R"({"patch": [48, 48, 47]})",
                           R"({"patch": [48, 48, 18446744073709551615]})",
                           R"({"patch": [48, 48, 4.5]})",
                           R"({"spacing": [1, 1, -1]})",
                           R"({"spacing": [1, 1, 0.001]})",
                           R"({"learningRate": 0})",
                           R"({"learningRate": 1e400})",
                           R"({"emaDecay": 1})",
                           R"({"minutes": -5})",
                           R"({"maxSteps": 0})",
                           R"({"seed": -1})",
                           R"({"seed": 1.5})",
                           R"({"replayShare": 1.1})",
                           R"({"augment": 1})",
                           R"({"network": "transformer"})",
                           R"({"network": 1})",
                           R"({"poolings": [4, 3, 3]})",
                           R"({"loss": {"crossEntropy": 0, "dice": 0, "boundary": 1}})",
                           R"({"loss": {"dice": -1}})",
                           R"({"optimiser": "lion"})",
                           R"({"name": 5})"};
    for (const char* text : texts)
        QTest::newRow(*text ? text : "empty") << QByteArray(text);
    QTest::newRow("deep") << QByteArray(100000, '[') + QByteArray(100000, ']');
    QTest::newRow("deep in an object") << R"({"a":)" + QByteArray(5000, '[') + QByteArray(5000, ']') + "}";
    QTest::newRow("long name") << R"({"name":")" + QByteArray(5000, 'x') + R"("})";
}

void TestRecipe::refused()
{
    QFETCH(QByteArray, text);
    const auto recipe = recipeFromJson(text.toStdString());
    QVERIFY(!recipe);
    QVERIFY(recipe.error().code == ErrorCode::Malformed);
    QVERIFY(!recipe.error().detail.empty());
}

QTEST_APPLESS_MAIN(TestRecipe)
#include "tst_recipe.moc"
