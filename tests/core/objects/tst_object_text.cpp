// Texts, codes, colours and UIDs of DICOM objects.
#include "core/image/cielab.h"
#include "core/io/masks/dicom_source.h"
#include "core/objects/object_text.h"
#include "core/objects/terminology.h"

#include <QTest>

#include <cstdlib>
#include <random>
#include <set>

using namespace annotomy;

class TestObjectText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decimalsFitAndComeBack();
    void namesThatDoNotFitAreRefused();
    void textIsCutBetweenCharacters();
    void everyColourComesBack();
    void uidsAreValid();
    void namesGiveCodes_data();
    void namesGiveCodes();
    void ownCodesAreKept();
};

void TestObjectText::decimalsFitAndComeBack()
{
    std::mt19937 random(3);
    std::uniform_real_distribution<double> value(-1200, 1200);
    for (int n = 0; n < 10000; ++n) {
        const double v = value(random);
        const std::string text = dicomDecimal(v), rounded = dicomDecimal(v, 0.7);
        QVERIFY(text.size() <= 16 && rounded.size() <= 16);
        QVERIFY(std::abs(std::strtod(text.c_str(), nullptr) - v) < 1e-9);
        QVERIFY(std::abs(std::strtod(rounded.c_str(), nullptr) - v) < 0.7 / 1000);
    }
    QCOMPARE(dicomDecimal(0.1), std::string("0.1"));
    QCOMPARE(dicomDecimal(-1e-15), std::string("0"));
    QCOMPARE(dicomDecimal(-0.00001, 1), std::string("0"));
}

void TestObjectText::namesThatDoNotFitAreRefused()
{
    std::string long64;
    for (int n = 0; n < 64; ++n)
        long64 += "ä";
    QVERIFY(fitsLongString(long64, "name"));
    QCOMPARE(fitsLongString(long64 + "x", "name").error().code, ErrorCode::InvalidArgument);
    QVERIFY(!fitsLongString("left\\right", "name"));
    QVERIFY(!fitsLongString("two\nlines", "name"));
}

void TestObjectText::textIsCutBetweenCharacters()
{
    QCOMPARE(shortened("äöü", 2), std::string("äö"));
    QCOMPARE(shortened("a\\b\n", 10), std::string("a b "));
}

void TestObjectText::everyColourComesBack()
{
    for (int r = 0; r < 256; r += 5)
        for (int g = 0; g < 256; g += 5)
            for (int b = 0; b < 256; b += 5) {
                const Colour colour{static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g),
                                    static_cast<std::uint8_t>(b)};
                QVERIFY(colourFromDicomLab(dicomLabFromColour(colour)) == colour);
            }
    QCOMPARE(dicomLabFromColour({255, 255, 255})[0], std::uint16_t{65535});
    const auto black = dicomLabFromColour({0, 0, 0});
    QCOMPARE(black[0], std::uint16_t{0});
    QCOMPARE(black[1], std::uint16_t{32896}); // a* = 0 of -128 to 127
}

void TestObjectText::uidsAreValid()
{
    std::set<std::string> seen;
    for (int n = 0; n < 1000; ++n) {
        const std::string uid = newDicomUid();
        QVERIFY(uid.size() <= 64 && uid.starts_with("2.25.") && uid[5] != '0');
        QVERIFY(uid.find_first_not_of("0123456789.") == std::string::npos);
        QVERIFY(seen.insert(uid).second);
    }
    QCOMPARE(dicomUidFor("liver"), dicomUidFor("liver"));
    QVERIFY(dicomUidFor("liver") != dicomUidFor("liver2"));
}

void TestObjectText::namesGiveCodes_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("category");
    QTest::addColumn<QString>("modifier");
    QTest::addColumn<QString>("interpreted");
    QTest::newRow("organ") << "Liver"
                           << "10200004"
                           << "123037004"
                           << ""
                           << "ORGAN";
    QTest::newRow("side") << "kidney_left"
                          << "64033007"
                          << "123037004"
                          << "7771000"
                          << "ORGAN";
    QTest::newRow("hippocampus") << "Hippocampus anterior"
                                 << "5366008"
                                 << "123037004"
                                 << "255549009"
                                 << "ORGAN";
    QTest::newRow("tumour") << "GTV_Mass"
                            << "108369006"
                            << "49755003"
                            << ""
                            << "GTV";
    QTest::newRow("within a word") << "deliverance"
                                   << "85756007"
                                   << "85756007"
                                   << ""
                                   << "";
    QTest::newRow("unknown") << "Segment 1"
                             << "85756007"
                             << "85756007"
                             << ""
                             << "";
}

void TestObjectText::namesGiveCodes()
{
    QFETCH(QString, name);
    Segment segment;
    segment.name = name.toStdString();
    const Segment coded = withCodes(segment);
    QTEST(QString::fromStdString(coded.type.value), "type");
    QTEST(QString::fromStdString(coded.category.value), "category");
    QTEST(QString::fromStdString(coded.typeModifier.value), "modifier");
    QTEST(QString::fromStdString(interpretedType(segment)), "interpreted");
    QCOMPARE(coded.type.scheme, std::string("SCT"));
}

void TestObjectText::ownCodesAreKept()
{
    Segment segment;
    segment.name = "liver";
    segment.type = {"T-D0050", "SRT", "Tissue"};
    segment.category = {"T-D0050", "SRT", "Tissue"};
    QVERIFY(withCodes(segment) == segment);
}

QTEST_APPLESS_MAIN(TestObjectText)
#include "tst_object_text.moc"
