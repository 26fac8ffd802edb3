#include "core/privacy/deidentification.h"
#include "core/privacy/identifiers.h"
#include "dicom_samples.h"

#include <QDate>
#include <QTest>

#include <zlib.h>

#include <filesystem>

using namespace annotomy;
using namespace annotomy::test;
namespace fs = std::filesystem;

namespace {

const IdentityMap identities("a secret that only this test knows");

// The copy's elements, after everything that holds for every copy was checked.
DicomFile copyOf(const Files& files, const std::string& source, const DeidentificationOptions& options = {})
{
    const std::string out = files.path("out.dcm");
    const auto done = deidentifyFile(source, out, identities, options);
    if (!done)
        qWarning("%s", done.error().detail.c_str());
    return done ? readDicomFile(out, DicomExtent::WholeFile).value() : DicomFile{};
}

std::vector<std::string> methodCodes(const DicomDataSet& set)
{
    std::vector<std::string> codes;
    for (const DicomDataSet& item : set.items(0x00120064))
        codes.push_back(item.text(0x00080100));
    return codes;
}

ElementTree contentItem(const char* type, const char* meaning, DicomTag tag, const Element& value)
{
    ElementTree item;
    item[0x0040A040] = text("CS", type);
    item[0x0040A043] = sequence({{{0x00080100, text("SH", meaning)}, {0x00080102, text("SH", "DCM")}}});
    item[tag] = value;
    return item;
}

} // namespace

class TstDeidentifyFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theBasicProfileLeavesNothing();
    void whatTheImageIsStays();
    void optionsKeepWhatTheySay();
    void datesAreShiftedByThePatient();
    void descriptionsKeepTheirKnownWords();
    void everyEncodingKeepsItsPixels_data();
    void everyEncodingKeepsItsPixels();
    void requiredValuesAreReplacedNotRemoved();
    void roisAreNumbered();
    void reportsAreCleaned();
    void objectsWithUncleanableTextAreRefused_data();
    void objectsWithUncleanableTextAreRefused();
    void anIdentifierInOtherBytesRefusesTheFile();
    void whatAPersonShouldLookAtIsSaid();
    void aMissingInstanceUidIsMade();
    void safePrivateFiguresStayOnRequest();
    void unknownSequencesAreLookedInto();
    void damagedFilesAreErrors();
};

void TstDeidentifyFile::theBasicProfileLeavesNothing()
{
    const Files files;
    const std::string source = files.write("in.dcm", ctSlice());
    const DicomFile copy = copyOf(files, source);
    for (const DicomTag tag : {0x00080080U, 0x00081030U, 0x0008103EU, 0x00101010U, 0x00091001U, 0x60003000U,
                               0x60000010U, 0x00181000U})
        QVERIFY2(!copy.dataSet.has(tag), tagText(tag).c_str());
    for (const DicomTag tag : {0x00080020U, 0x00080030U, 0x00080050U, 0x00080090U, 0x00100030U, 0x00100040U})
        QVERIFY2(copy.dataSet.has(tag) && copy.dataSet.text(tag).empty(), tagText(tag).c_str());
    const std::string bytes = files.read(files.path("out.dcm"));
    for (const char* secret : {"Smith", "SMITH", "John", "PAT-123456", "ACC98765", "Example", "Referrer",
                               "SERIAL", "1.2.3.4.5", "secret", "PPPP", "ovly"})
        QVERIFY2(bytes.find(secret) == std::string::npos, secret);
    QCOMPARE(copy.dataSet.text(0x00100010), identities.pseudonym("PAT-123456"));
    QCOMPARE(copy.dataSet.text(0x00100020), identities.pseudonym("PAT-123456"));
    QCOMPARE(copy.dataSet.text(0x00080018), identities.uid("1.2.3.4.5.100"));
    QCOMPARE(copy.dataSet.firstItem(0x00081140)->text(0x00081155), identities.uid("1.2.3.4.5.101"));
    QCOMPARE(copy.dataSet.firstItem(0x00081140)->text(0x00081150), std::string("1.2.840.10008.5.1.4.1.1.2"));
    QCOMPARE(copy.dataSet.text(0x00120062), std::string("YES"));
    QCOMPARE(copy.dataSet.text(0x00280303), std::string("REMOVED"));
    QCOMPARE(methodCodes(copy.dataSet), std::vector<std::string>{"113100"});
    QVERIFY(bytes.find(identities.uid("1.2.3.4.5.100")) < 400); // in the file meta group, too
}

void TstDeidentifyFile::whatTheImageIsStays()
{
    const Files files;
    const DicomFile copy = copyOf(files, files.write("in.dcm", ctSlice()));
    QCOMPARE(copy.dataSet.text(0x00200032), std::string("1\\2\\3"));
    QCOMPARE(copy.dataSet.integer(0x00280103).value_or(-1), 0); // two zero bytes are a value
    QCOMPARE(copy.dataSet.text(0x00080070), std::string("Maker"));
    QCOMPARE(copy.dataSet.text(0x00081090), std::string("Model for")); // without the name that was in it
    const auto pixels = pixelBytes(copy);
    QCOMPARE(std::string(reinterpret_cast<const char*>(pixels.data()), pixels.size()),
             std::string("abcdefgh"));
}

void TstDeidentifyFile::optionsKeepWhatTheySay()
{
    const Files files;
    DeidentificationOptions options;
    options.dates = DateHandling::Keep;
    options.retainUids = options.retainDevice = options.retainInstitution =
        options.retainPatientCharacteristics = true;
    const DicomFile copy = copyOf(files, files.write("in.dcm", ctSlice()), options);
    QCOMPARE(copy.dataSet.text(0x00080020), std::string("20200229"));
    QCOMPARE(copy.dataSet.text(0x00080018), std::string("1.2.3.4.5.100"));
    QCOMPARE(copy.dataSet.text(0x00181000), std::string("SERIAL-42"));
    QCOMPARE(copy.dataSet.text(0x00080080), std::string("St. Example Hospital"));
    QCOMPARE(copy.dataSet.text(0x00101010), std::string("070Y"));
    QCOMPARE(copy.dataSet.text(0x00100030), std::string()); // no option keeps the birth date
    QCOMPARE(copy.dataSet.text(0x00280303), std::string("UNMODIFIED"));
    QCOMPARE(methodCodes(copy.dataSet),
             (std::vector<std::string>{"113100", "113106", "113108", "113109", "113110", "113112"}));
}

void TstDeidentifyFile::datesAreShiftedByThePatient()
{
    const Files files;
    DeidentificationOptions options;
    options.dates = DateHandling::Shift;
    const DicomFile copy = copyOf(files, files.write("in.dcm", ctSlice()), options);
    const QDate study = QDate::fromString(QString::fromStdString(copy.dataSet.text(0x00080020)), "yyyyMMdd");
    const QDate acquired =
        QDate::fromString(QString::fromStdString(copy.dataSet.text(0x00080022)), "yyyyMMdd");
    QCOMPARE(QDate(2020, 2, 29).daysTo(study), qint64{identities.dayShift("PAT-123456")});
    QCOMPARE(study.daysTo(acquired), qint64{1});
    QCOMPARE(copy.dataSet.text(0x00080030), std::string("101112"));
    QCOMPARE(copy.dataSet.text(0x00280303), std::string("MODIFIED"));
}

void TstDeidentifyFile::descriptionsKeepTheirKnownWords()
{
    const Files files;
    DeidentificationOptions options;
    options.cleanDescriptors = true;
    const DicomFile copy = copyOf(files, files.write("in.dcm", ctSlice()), options);
    QCOMPARE(copy.dataSet.text(0x0008103E), std::string("CT Thorax 5 mm"));
    QCOMPARE(methodCodes(copy.dataSet), (std::vector<std::string>{"113100", "113105"}));
}

void TstDeidentifyFile::everyEncodingKeepsItsPixels_data()
{
    QTest::addColumn<QString>("syntax");
    QTest::addColumn<bool>("explicitVr");
    QTest::addColumn<bool>("bigEndian");
    QTest::addColumn<bool>("encapsulated");
    QTest::newRow("implicit") << "1.2.840.10008.1.2" << false << false << false;
    QTest::newRow("explicit") << "1.2.840.10008.1.2.1" << true << false << false;
    QTest::newRow("big endian") << "1.2.840.10008.1.2.2" << true << true << false;
    QTest::newRow("deflated") << "1.2.840.10008.1.2.1.99" << true << false << false;
    QTest::newRow("GE's own") << "1.2.840.113619.5.2" << false << false << false;
    QTest::newRow("RLE") << "1.2.840.10008.1.2.5" << true << false << true;
    QTest::newRow("HTJ2K") << "1.2.840.10008.1.2.4.201" << true << false << true;
    QTest::newRow("yet unknown") << "1.2.840.10008.1.2.9.9" << true << false << true;
}

void TstDeidentifyFile::everyEncodingKeepsItsPixels()
{
    QFETCH(QString, syntax);
    QFETCH(bool, explicitVr);
    QFETCH(bool, bigEndian);
    QFETCH(bool, encapsulated);
    const Files files;
    const TreeEncoding encoding{explicitVr, bigEndian};
    const std::string item("\xFE\xFF\x00\xE0\x04\0\0\0abcd", 12), empty("\xFE\xFF\x00\xE0\0\0\0\0", 8),
        end("\xFE\xFF\xDD\xE0\0\0\0\0", 8);
    const std::string pixels = encapsulated ? empty + item + item : "abcdefgh";
    std::string body = encoded(ctSlice(), encoding) +
                       encodedHead(0x7FE00010, "OB", encapsulated ? 0xFFFFFFFF : 8, encoding) + pixels +
                       (encapsulated ? end : "");
    if (syntax.endsWith(".99")) {
        z_stream stream{};
        deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
        std::string packed(body.size() + 1000, '\0');
        stream.next_in = reinterpret_cast<Bytef*>(body.data());
        stream.avail_in = static_cast<uInt>(body.size());
        stream.next_out = reinterpret_cast<Bytef*>(packed.data());
        stream.avail_out = static_cast<uInt>(packed.size());
        deflate(&stream, Z_FINISH);
        packed.resize(stream.total_out);
        deflateEnd(&stream);
        body = packed;
    }
    const DicomFile copy = copyOf(files, files.write("in.dcm", meta(syntax.toStdString()) + body));
    QCOMPARE(copy.transferSyntaxUid, syntax.toStdString());
    const auto kept = pixelBytes(copy);
    QCOMPARE(std::string(reinterpret_cast<const char*>(kept.data()), kept.size()), pixels);
    QCOMPARE(copy.dataSet.text(0x00080018), identities.uid("1.2.3.4.5.100"));
    QCOMPARE(copy.dataSet.text(0x00120062), std::string("YES"));
}

void TstDeidentifyFile::requiredValuesAreReplacedNotRemoved()
{
    const Files files;
    ElementTree tree = ctSlice();
    tree[0x00080016] = text("UI", "1.2.840.10008.5.1.4.1.1.2.1"); // Enhanced CT: they are of type 1
    tree[0x0008002A] = text("DT", "20200229101112");
    tree[0x00080023] = text("DA", "20200229");
    tree[0x00081111] = sequence({{{0x00081150, text("UI", "1.2.840.10008.3.1.2.3.3")}, {0x00081155, text("UI", "1.2.3.4.5.77")}}});
    const DicomFile copy = copyOf(files, files.write("in.dcm", tree));
    const DicomDataSet* step = copy.dataSet.firstItem(0x00081111);
    QVERIFY(step && step->text(0x00081155).starts_with("2.25."));
    QCOMPARE(copy.dataSet.text(0x0008002A), std::string("19000101000000"));
    QCOMPARE(copy.dataSet.text(0x00080023), std::string("19000101"));
    QCOMPARE(copy.dataSet.text(0x00181000), std::string("Removed"));
}

void TstDeidentifyFile::roisAreNumbered()
{
    const Files files;
    ElementTree tree = ctSlice();
    tree[0x00080016] = text("UI", "1.2.840.10008.5.1.4.1.1.481.3");
    tree[0x30060020] =
        sequence({{{0x30060022, text("IS", "7")}, {0x30060026, text("LO", "Smith's tumour")}}});
    const DicomFile copy = copyOf(files, files.write("in.dcm", tree));
    QCOMPARE(copy.dataSet.firstItem(0x30060020)->text(0x30060026), std::string("ROI 7"));
}

void TstDeidentifyFile::reportsAreCleaned()
{
    const Files files;
    ElementTree tree = ctSlice(), container;
    tree[0x00080016] = text("UI", "1.2.840.10008.5.1.4.1.1.88.22");
    container =
        contentItem("CONTAINER", "126000", 0x0040A730,
                    sequence({contentItem("TEXT", "121071", 0x0040A160, text("UT", "a mass in Mr. Miller")),
                              contentItem("TEXT", "112039", 0x0040A160, text("UT", "Lesion of Miller")),
                              contentItem("PNAME", "121008", 0x0040A123, text("PN", "Reader^Rob")),
                              contentItem("UIDREF", "112040", 0x0040A124, text("UI", "1.2.3.4.5.9"))}));
    tree[0x0040A730] = sequence(
        {container, contentItem("NUM", "121033", 0x0040A300, sequence({{{0x0040A30A, text("DS", "70")}}}))});
    const DicomFile copy = copyOf(files, files.write("in.dcm", tree));
    const DicomDataSet& top = copy.dataSet.items(0x0040A730)[0];
    QCOMPARE(top.items(0x0040A730)[0].text(0x0040A160), std::string("Removed"));
    QCOMPARE(top.items(0x0040A730)[1].text(0x0040A160), identities.label("Lesion of Miller"));
    QCOMPARE(top.items(0x0040A730)[2].text(0x0040A123), std::string("Anonymous"));
    QCOMPARE(top.items(0x0040A730)[3].text(0x0040A124), identities.uid("1.2.3.4.5.9"));
    QVERIFY(copy.dataSet.items(0x0040A730)[1].items(0x0040A300).empty());
    QCOMPARE(methodCodes(copy.dataSet), (std::vector<std::string>{"113100", "113104"}));
}

void TstDeidentifyFile::objectsWithUncleanableTextAreRefused_data()
{
    QTest::addColumn<QString>("sopClass");
    QTest::newRow("presentation state") << "1.2.840.10008.5.1.4.1.1.11.1";
    QTest::newRow("PDF") << "1.2.840.10008.5.1.4.1.1.104.1";
    QTest::newRow("raw data") << "1.2.840.10008.5.1.4.1.1.66";
    QTest::newRow("private") << "1.3.12.2.1107.5.9.1";
    QTest::newRow("DICOMDIR") << "1.2.840.10008.1.3.10";
}

void TstDeidentifyFile::objectsWithUncleanableTextAreRefused()
{
    QFETCH(QString, sopClass);
    const Files files;
    ElementTree tree = ctSlice();
    tree[0x00080016] = text("UI", sopClass.toStdString());
    const auto done = deidentifyFile(files.write("in.dcm", tree), files.path("out.dcm"), identities);
    QCOMPARE(done.error().code, ErrorCode::Unsupported);
    QVERIFY(!fs::exists(files.path("out.dcm")));
}

void TstDeidentifyFile::anIdentifierInOtherBytesRefusesTheFile()
{
    const Files files;
    ElementTree tree = ctSlice();
    tree[0x00282000] = text("OB", "profile made for PAT-123456 by us");
    const auto done = deidentifyFile(files.write("in.dcm", tree), files.path("out.dcm"), identities);
    QCOMPARE(done.error().code, ErrorCode::Conflict);
    QVERIFY(QString::fromStdString(done.error().detail).contains("(0028,2000)"));
    QVERIFY(done.error().detail.find("PAT") == std::string::npos);
    const std::string bytes = meta("1.2.840.10008.1.2.4.50") + encoded(ctSlice(), {}) +
                              encodedHead(0x7FE00010, "OB", 0xFFFFFFFF, {}) +
                              std::string("\xFE\xFF\x00\xE0\0\0\0\0", 8) +
                              std::string("\xFE\xFF\x00\xE0\x12\0\0\0", 8) + "JPG by SMITH^JOHN!" +
                              std::string("\xFE\xFF\xDD\xE0\0\0\0\0", 8);
    QCOMPARE(deidentifyFile(files.write("in.dcm", bytes), files.path("out.dcm"), identities).error().code,
             ErrorCode::Conflict);
    for (const auto& entry : fs::directory_iterator(fs::path(files.path("x")).parent_path()))
        QCOMPARE(entry.path().filename().string(), std::string("in.dcm"));
}

void TstDeidentifyFile::whatAPersonShouldLookAtIsSaid()
{
    const Files files;
    const auto warningsOf = [&](const ElementTree& tree) {
        const auto done = deidentifyFile(files.write("in.dcm", tree), files.path("out.dcm"), identities);
        QString all;
        for (const std::string& warning : done.value().warnings)
            all += QString::fromStdString(warning) + "\n";
        return all;
    };
    QVERIFY(warningsOf(ctSlice()).contains("face"));
    QVERIFY(warningsOf(ctSlice()).contains("overlays"));
    ElementTree tree = ctSlice();
    tree[0x00280301] = text("CS", "YES");
    tree[0x00180015] = text("CS", "LEG");
    tree.erase(0x00081030);
    QVERIFY(warningsOf(tree).contains("burned"));
    QVERIFY(!warningsOf(tree).contains("face"));
    tree.erase(0x00280301);
    QVERIFY(!warningsOf(tree).contains("burned"));
    tree[0x00080016] = text("UI", "1.2.840.10008.5.1.4.1.1.7");
    QVERIFY(warningsOf(tree).contains("burned"));
}

void TstDeidentifyFile::aMissingInstanceUidIsMade()
{
    const Files files;
    ElementTree tree = ctSlice();
    tree[0x00080018] = text("UI", "");
    const std::string source = files.write("in.dcm", tree);
    const std::string first = copyOf(files, source).dataSet.text(0x00080018);
    QVERIFY(first.starts_with("2.25."));
    QCOMPARE(copyOf(files, source).dataSet.text(0x00080018), first);
}

void TstDeidentifyFile::safePrivateFiguresStayOnRequest()
{
    const Files files;
    ElementTree tree = ctSlice();
    tree[0x00190010] = text("LO", "SIEMENS MR HEADER");
    tree[0x0019100C] = text("IS", "1000");
    tree[0x00191008] = text("CS", "IMAGE NUM 4");
    tree[0x00190011] = text("LO", "Smith's own");
    tree[0x0019110C] = text("IS", "7");
    const std::string source = files.write("in.dcm", tree);
    QVERIFY(!copyOf(files, source).dataSet.has(0x0019100C));
    DeidentificationOptions options;
    options.retainSafePrivate = true;
    const DicomFile copy = copyOf(files, source, options);
    QCOMPARE(copy.dataSet.text(0x00190010), std::string("SIEMENS MR HEADER"));
    QCOMPARE(copy.dataSet.text(0x0019100C), std::string("1000"));
    for (const DicomTag tag : {0x00191008U, 0x00190011U, 0x0019110CU, 0x00091001U})
        QVERIFY(!copy.dataSet.has(tag));
    QCOMPARE(methodCodes(copy.dataSet), (std::vector<std::string>{"113100", "113111"}));
}

void TstDeidentifyFile::unknownSequencesAreLookedInto()
{
    const Files files;
    const ElementTree inner{{0x00081155, text("UI", "1.2.3.4.5.77")}};
    const std::string content = encoded(inner, {false, false});
    std::string item("\xFE\xFF\x00\xE0", 4);
    item += static_cast<char>(content.size());
    item += std::string(3, '\0') + content;
    ElementTree tree = ctSlice();
    tree[0x300C0002] = text("UN", item);
    const DicomFile copy = copyOf(files, files.write("in.dcm", tree));
    QCOMPARE(copy.dataSet.items(0x300C0002).size(), std::size_t{1});
    QCOMPARE(copy.dataSet.firstItem(0x300C0002)->text(0x00081155), identities.uid("1.2.3.4.5.77"));
    tree[0x300C0002] = text("UN", "\xFE\xFF garbage.");
    QVERIFY(!copyOf(files, files.write("in.dcm", tree)).dataSet.has(0x300C0002));
}

void TstDeidentifyFile::damagedFilesAreErrors()
{
    const Files files;
    const std::string whole = files.read(files.write("whole.dcm", ctSlice()));
    for (std::size_t size = 0; size < whole.size(); size += 11) {
        const std::string source = files.write("in.dcm", whole.substr(0, size));
        const auto done = deidentifyFile(source, files.path("out.dcm"), identities);
        if (!done)
            QVERIFY(!fs::exists(files.path("out.dcm")));
        std::error_code ignored;
        fs::remove(files.path("out.dcm"), ignored);
    }
    QCOMPARE(deidentifyFile(files.write("in.dcm", whole.substr(0, whole.size() - 1)), files.path("out.dcm"),
                            identities)
                 .error()
                 .code,
             ErrorCode::Truncated);
}

QTEST_APPLESS_MAIN(TstDeidentifyFile)
#include "tst_deidentify_file.moc"
