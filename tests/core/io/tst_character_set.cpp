#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_data_set.h"
#include "core/io/dicom/dicom_tags.h"
#include "tests/support/shared_data.h"

#include <QTest>

using namespace annotomy;

class TestCharacterSet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void publishedNames_data();
    void publishedNames();
    void delimitersEndEscapes();
    void bytesThatBelongToNothing();
};

// The names as pydicom and dcm2xml read them.
void TestCharacterSet::publishedNames_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("name");
    const std::pair<const char*, const char*> names[] = {
        {"chrArab", "قباني^لنزار"},
        {"chrFren", "Buc^Jérôme"},
        {"chrFrenMulti", "Buc^Jérôme"},
        {"chrGerm", "Äneas^Rüdiger"},
        {"chrGreek", "Διονυσιος"},
        {"chrH31", "Yamada^Tarou=山田^太郎=やまだ^たろう"},
        {"chrH32", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"},
        {"chrHbrw", "שרון^דבורה"},
        {"chrI2", "Hong^Gildong=洪^吉洞=홍^길동"},
        {"chrJapMulti", "やまだ^たろう"},
        {"chrJapMultiExplicitIR6", "やまだ^たろう"},
        {"chrKoreanMulti", "김희중"},
        {"chrRuss", "Люкceмбypг"},
        {"chrX1", "Wang^XiaoDong=王^小東"},
        {"chrX2", "Wang^XiaoDong=王^小东"}};
    for (const auto& [file, name] : names)
        QTest::newRow(file) << QString(file) << QString(name);
}

void TestCharacterSet::publishedNames()
{
    QFETCH(QString, file);
    QFETCH(QString, name);
    const auto data = test::sharedData("C01_pydicom_files");
    if (!data)
        QSKIP("C01_pydicom_files is not here");
    const auto dicom = readDicomFile(*data + "/charset_files/" + file.toStdString() + ".dcm", DicomExtent::Header);
    QVERIFY(dicom.has_value());
    const auto sets = dicom->dataSet.texts(tag::specificCharacterSet);
    QCOMPARE(QString::fromStdString(utf8FromDicom(dicom->dataSet.text(tag::patientName), sets, TextKind::PersonName)),
             name);
}

void TestCharacterSet::delimitersEndEscapes()
{
    const std::vector<std::string> japanese{"", "ISO 2022 IR 87"};
    // A kanji whose second byte is that of a delimiter: 3D (=) of 8D (0x38 0x3D), no end of the name's group.
    QCOMPARE(utf8FromDicom("\x1b$B8=\x1b(B^a", japanese, TextKind::PersonName), std::string("現^a"));
    const std::vector<std::string> korean{"", "ISO 2022 IR 149"};
    QCOMPARE(utf8FromDicom("\x1b$)C\xb1\xe8^\x1b$)C\xc8\xf1", korean, TextKind::PersonName), std::string("김^희"));
    // Some writers do not repeat the escape behind the delimiter: the other set that the file names is tried.
    QCOMPARE(utf8FromDicom("\x1b$)C\xb1\xe8^\xc8\xf1", korean, TextKind::PersonName), std::string("김^희"));
    QCOMPARE(utf8FromDicom("\x1b-F\xc4^x", {"ISO 2022 IR 100", "ISO 2022 IR 126"}), std::string("Δ^x"));
}

void TestCharacterSet::bytesThatBelongToNothing()
{
    QCOMPARE(utf8FromDicom("caf\xe9", {}), std::string("café"));         // Latin-1, though nobody says so
    QCOMPARE(utf8FromDicom("caf\xc3\xa9", {}), std::string("café"));     // UTF-8, likewise
    QCOMPARE(utf8FromDicom("\x1bZx\xff", {}), std::string("Zx\xEF\xBF\xBD"));
    QCOMPARE(utf8FromDicom("a\xff", {"ISO_IR 192"}).front(), 'a');
}

QTEST_APPLESS_MAIN(TestCharacterSet)
#include "tst_character_set.moc"
