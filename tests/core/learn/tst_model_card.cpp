#include "core/learn/model_card.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace annotomy;

namespace {

ModelCard fullCard()
{
    ModelCard card;
    card.name = "model-3";
    card.network = "unet3d";
    card.channels = {{"image", "CT", Normalisation::CtClipZScore, -1000, 400.5, -12.25, 130},
                     {"t2", "MR", Normalisation::BodyZScore, 0, 0, 0, 1}};
    ModelClass lung;
    lung.output = 1;
    lung.name = "lung \"left\"\n";
    lung.number = 255;
    lung.colour = {1, 128, 255};
    lung.category = {"123037004", "SCT", "Anatomical Structure"};
    lung.type = {"39607008", "SCT", "Lung"};
    ModelClass nodule;
    nodule.output = 2;
    nodule.name = "nodule";
    nodule.number = 1;
    card.classes = {lung, nodule};
    card.spacing = {1.5, 1.5, 3};
    card.patch = {32, 48, 16};
    card.divisor = {16, 8, 4};
    card.recipe.seed = 99;
    card.parentHash = std::string(64, 'a');
    card.caseHashes = {"one", "two"};
    card.figuresJson = R"({"dice":{"lung":0.9,"nodule":null}})";
    return card;
}

} // namespace

class TestModelCard : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFieldSurvivesTheRoundTrip();
    void oneDivisorStandsForAllAxes();
    void refused_data();
    void refused();
    void arbitraryDamageNeverCrashes();
};

void TestModelCard::everyFieldSurvivesTheRoundTrip()
{
    const ModelCard card = fullCard();
    const auto back = modelCardFromJson(toJsonText(card));
    QVERIFY2(back, back ? "" : back.error().detail.c_str());
    QVERIFY(*back == card);
}

void TestModelCard::oneDivisorStandsForAllAxes()
{
    auto json = nlohmann::json::parse(toJsonText(fullCard()));
    json["divisor"] = 8;
    const auto card = modelCardFromJson(json.dump());
    QVERIFY(card);
    QCOMPARE(card->divisor, (Index3{8, 8, 8}));
}

void TestModelCard::refused_data()
{
    QTest::addColumn<QByteArray>("pointer"); // JSON pointer of the member replaced
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("later version") << QByteArray("/version") << QByteArray("2");
    QTest::newRow("no channels") << QByteArray("/channels") << QByteArray("[]");
    QTest::newRow("no classes") << QByteArray("/classes") << QByteArray("[]");
    QTest::newRow("classes no array") << QByteArray("/classes") << QByteArray("{}");
    QTest::newRow("class no object") << QByteArray("/classes/0") << QByteArray("3");
    QTest::newRow("background as class") << QByteArray("/classes/0/output") << QByteArray("0");
    QTest::newRow("duplicate output") << QByteArray("/classes/0/output") << QByteArray("2");
    QTest::newRow("number 256") << QByteArray("/classes/0/number") << QByteArray("256");
    QTest::newRow("colour") << QByteArray("/classes/0/colour") << QByteArray("[1,2,999]");
    QTest::newRow("spacing zero") << QByteArray("/spacing") << QByteArray("[0,1,1]");
    QTest::newRow("spacing missing") << QByteArray("/spacing") << QByteArray("null");
    QTest::newRow("patch huge") << QByteArray("/patch") << QByteArray("[1000000,16,16]");
    QTest::newRow("patch no multiple") << QByteArray("/patch") << QByteArray("[33,48,16]");
    QTest::newRow("divisor zero") << QByteArray("/divisor") << QByteArray("0");
    QTest::newRow("sd zero") << QByteArray("/channels/0/sd") << QByteArray("0");
    QTest::newRow("clip reversed") << QByteArray("/channels/0/clipHigh") << QByteArray("-2000");
    QTest::newRow("normalisation") << QByteArray("/channels/0/normalisation") << QByteArray("\"other\"");
    QTest::newRow("recipe") << QByteArray("/recipe/levels") << QByteArray("0");
    QTest::newRow("figures") << QByteArray("/figures") << QByteArray("[]");
    QTest::newRow("hashes") << QByteArray("/caseHashes") << QByteArray("[1]");
}

void TestModelCard::refused()
{
    QFETCH(QByteArray, pointer);
    QFETCH(QByteArray, value);
    auto json = nlohmann::json::parse(toJsonText(fullCard()));
    json[nlohmann::json::json_pointer(pointer.toStdString())] = nlohmann::json::parse(value.toStdString());
    const auto card = modelCardFromJson(json.dump());
    QVERIFY(!card);
    QVERIFY(card.error().code == ErrorCode::Malformed);
}

void TestModelCard::arbitraryDamageNeverCrashes()
{
    const std::string text = toJsonText(fullCard());
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string damaged = text;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
        (void)modelCardFromJson(damaged);
        QVERIFY(!modelCardFromJson(text.substr(0, at)));
    }
}

QTEST_APPLESS_MAIN(TestModelCard)
#include "tst_model_card.moc"
