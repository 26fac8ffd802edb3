// Archives of a study, and what hostile ones may not do. The archives are made here, byte by byte where a
// well-behaved library would not write them.
#include "core/io/scan/zip_archive.h"
#include "core/io/scan/zip_names.h"
#include "core/io/series.h"

#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace annotomy;
namespace fs = std::filesystem;

namespace {

struct Entry {
    std::string name;
    std::string content;
    std::uint32_t mode = 0100644; // Unix
    std::uint16_t flags = 0;
    bool deflate = false;
    std::uint32_t crcError = 0;
    std::string packed = {};
};

void append(std::string& out, std::uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i));
}

std::string deflated(const std::string& content)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(compressBound(content.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

// APPNOTE.TXT 4.3.7 and 4.3.12 have the first two bytes in common; the rest is laid out alike.
std::string head(const Entry& entry)
{
    std::string out;
    append(out, entry.flags, 2);
    append(out, entry.deflate ? 8 : 0, 2);
    append(out, 0, 4);
    const auto crc = crc32(0, reinterpret_cast<const Bytef*>(entry.content.data()),
                           static_cast<uInt>(entry.content.size()));
    append(out, static_cast<std::uint32_t>(crc) ^ entry.crcError, 4);
    append(out, entry.packed.size(), 4);
    append(out, entry.content.size(), 4);
    append(out, entry.name.size(), 2);
    return out;
}

std::string archiveOf(std::vector<Entry> entries, std::uint64_t promised = 0)
{
    std::string out, directory;
    for (Entry& entry : entries) {
        entry.packed = entry.deflate ? deflated(entry.content) : entry.content;
        const std::size_t offset = out.size();
        out += "PK\x03\x04";
        append(out, 20, 2);
        out += head(entry);
        append(out, 0, 2);
        out += entry.name + entry.packed;
        directory += "PK\x01\x02";
        append(directory, 3 << 8 | 20, 2);
        append(directory, 20, 2);
        directory += head(entry);
        append(directory, 0, 8);
        append(directory, std::uint64_t{entry.mode} << 16, 4);
        append(directory, offset, 4);
        directory += entry.name;
    }
    const std::size_t start = out.size();
    out += directory + "PK\x05\x06";
    append(out, 0, 4);
    const std::uint64_t count = promised ? promised : entries.size();
    append(out, count, 2);
    append(out, count, 2);
    append(out, directory.size(), 4);
    append(out, start, 4);
    append(out, 0, 2);
    return out;
}

class Place {
public:
    std::string path(const std::string& name) const
    {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }
    std::string write(const std::string& name, const std::string& bytes) const
    {
        std::ofstream(path(name), std::ios::binary) << bytes;
        return path(name);
    }
    std::string read(const std::string& name) const
    {
        std::ifstream file(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    // Everything below, as relative paths.
    QStringList below() const
    {
        QStringList all;
        for (const auto& entry : fs::recursive_directory_iterator(m_folder.path().toStdString()))
            if (!entry.is_directory())
                all << QString::fromStdString(
                    fs::relative(entry.path(), m_folder.path().toStdString()).string());
        all.sort();
        return all;
    }

private:
    QTemporaryDir m_folder;
};

std::string tinyNrrd()
{
    return "NRRD0004\ntype: uchar\ndimension: 3\nspace: left-posterior-superior\nsizes: 2 2 2\n"
           "space directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\nencoding: raw\n\n12345678";
}

} // namespace

class TstZipArchive : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void unpacksFilesOfBothKinds();
    void namesThatLeadOutAreLeftOut_data();
    void namesThatLeadOutAreLeftOut();
    void linksAreLeftOut();
    void encryptedEntriesAreNamed();
    void leftOutEntriesAreToldAgain();
    void bombsAreRefused();
    void promisesOfEntriesAreRefused();
    void damageIsNamedAndTheRestUnpacked();
    void truncatedArchivesAreErrors();
    void nestedArchivesAreNamed();
    void namesInCodePagesBecomeUtf8();
    void nothingIsLeftOfACancelledOne();
    void anArchiveIsScannedLikeAFolder();
};

void TstZipArchive::unpacksFilesOfBothKinds()
{
    const Place place;
    const std::string large(300'000, 'x');
    const auto archive =
        place.write("a.zip", archiveOf({{"one", "1"}, {"deep\\er/two", large, 0100644, 0, true}}));
    const auto unpacked = unpackZip(archive, place.path("out"));
    QVERIFY(unpacked);
    QCOMPARE(unpacked->files.size(), std::size_t{2});
    QCOMPARE(unpacked->skipped.size(), std::size_t{0});
    QCOMPARE(place.read("out/one"), std::string("1"));
    QCOMPARE(place.read("out/deep/er/two"), large);
    QCOMPARE(unpackZip(archive, place.path("out")).error().code, ErrorCode::Conflict);
    QVERIFY(unpackZipBelow(archive, place.path("root")));
    const auto again = unpackZipBelow(archive, place.path("root"));
    QVERIFY(again && again->files.size() == 2);
}

void TstZipArchive::namesThatLeadOutAreLeftOut_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"../evil", "a/../../evil", "/tmp/evil", "\\evil", "c:\\evil", "a\\..\\..\\evil",
                             "ev\nil", "..", "./.."})
        QTest::newRow(name) << name;
    QTest::newRow("long") << QString(300, QLatin1Char('a'));
    QTest::newRow("deep") << QStringLiteral("a/").repeated(40) + "b";
}

void TstZipArchive::namesThatLeadOutAreLeftOut()
{
    QFETCH(QString, name);
    QVERIFY(!safeEntryPath(name.toStdString()));
    const Place place;
    const auto archive = place.write("a.zip", archiveOf({{name.toStdString(), "evil"}, {"good", "1"}}));
    const auto unpacked = unpackZip(archive, place.path("in/out"));
    QVERIFY(unpacked);
    QCOMPARE(unpacked->skipped.size(), std::size_t{1});
    QCOMPARE(place.below(), QStringList({"a.zip", "in/out/good"}));
}

void TstZipArchive::linksAreLeftOut()
{
    const Place place;
    const auto archive = place.write(
        "a.zip", archiveOf({{"link", "/tmp", 0120777}, {"link/evil", "1"}, {"dev", "", 0020666}}));
    const auto unpacked = unpackZip(archive, place.path("out"));
    QVERIFY(unpacked);
    QCOMPARE(unpacked->skipped.size(), std::size_t{2});
    QCOMPARE(place.below(), QStringList({"a.zip", "out/link/evil"})); // an ordinary folder
    QVERIFY(!fs::exists("/tmp/evil"));
}

void TstZipArchive::encryptedEntriesAreNamed()
{
    const Place place;
    const Entry secret{"secret", std::string(40, 'q'), 0100644, 1};
    const auto unpacked =
        unpackZip(place.write("a.zip", archiveOf({secret, {"open", "1"}})), place.path("out"));
    QVERIFY(unpacked);
    QCOMPARE(unpacked->skipped.size(), std::size_t{1});
    const auto whole = unpackZip(place.write("b.zip", archiveOf({secret})), place.path("out2"));
    QCOMPARE(whole.error().code, ErrorCode::Unsupported);
    QVERIFY(!fs::exists(place.path("out2")));
}

void TstZipArchive::leftOutEntriesAreToldAgain()
{
    const Place place;
    const Entry secret{"folder/secret", std::string(40, 'q'), 0100644, 1};
    const auto archive = place.write("a.zip", archiveOf({secret, {"open", "1"}}));
    for (int n = 0; n < 2; ++n) {
        const auto unpacked = unpackZipBelow(archive, place.path("below"));
        QVERIFY(unpacked && unpacked->files.size() == 1);
        QCOMPARE(unpacked->skipped.size(), std::size_t{1});
        QCOMPARE(unpacked->skipped[0].path, archive + "!/folder/secret");
        QCOMPARE(unpacked->skipped[0].detail, std::string("it is encrypted"));
    }
}

void TstZipArchive::bombsAreRefused()
{
    const Place place;
    const auto archive =
        place.write("a.zip", archiveOf({{"zeros", std::string(1'000'000, '\0'), 0100644, 0, true}}));
    ZipLimits byRatio, bySize, byEntry;
    byRatio.freeBytes = 100'000;
    bySize.mostBytes = 999'999;
    byEntry.mostEntryBytes = 999'999;
    for (const ZipLimits& limits : {byRatio, bySize, byEntry}) {
        QCOMPARE(unpackZip(archive, place.path("out"), limits).error().code, ErrorCode::Unsupported);
        QCOMPARE(place.below(), QStringList({"a.zip"}));
    }
    QVERIFY(unpackZip(archive, place.path("out")));
}

void TstZipArchive::promisesOfEntriesAreRefused()
{
    const Place place;
    ZipLimits few;
    few.mostEntries = 10;
    const auto archive = place.write("a.zip", archiveOf({{"a", "1"}}, 60'000));
    QCOMPARE(unpackZip(archive, place.path("out"), few).error().code, ErrorCode::Unsupported);
    QVERIFY(!unpackZip(archive, place.path("out")));
}

void TstZipArchive::damageIsNamedAndTheRestUnpacked()
{
    const Place place;
    const Entry damaged{"damaged", std::string(5000, 'a'), 0100644, 0, true, 1};
    const auto unpacked = unpackZip(place.write("a.zip", archiveOf({damaged, {"good", "1"}, {"good", "2"}})),
                                    place.path("out"));
    QVERIFY(unpacked);
    QCOMPARE(unpacked->skipped.size(), std::size_t{2}); // and the second of one name
    QCOMPARE(place.below(), QStringList({"a.zip", "out/good"}));
}

void TstZipArchive::truncatedArchivesAreErrors()
{
    const Place place;
    const std::string whole =
        archiveOf({{"a", std::string(100, 'a')}, {"b", std::string(100, 'b'), 0100644, 0, true}});
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        const auto archive = place.write("a.zip", whole.substr(0, size));
        QVERIFY(!unpackZip(archive, place.path("out")));
        QCOMPARE(place.below(), QStringList({"a.zip"}));
    }
    for (std::size_t flip = 0; flip < whole.size(); flip += 5) { // no crash; what comes out does not matter
        std::string flipped = whole;
        flipped[flip] = static_cast<char>(flipped[flip] ^ 0x55);
        const auto outcome = unpackZip(place.write("a.zip", flipped), place.path("out"));
        std::error_code ignored;
        fs::remove_all(place.path("out"), ignored);
    }
}

void TstZipArchive::nestedArchivesAreNamed()
{
    const Place place;
    const auto unpacked = unpackZip(place.write("a.zip", archiveOf({{"inner.dat", archiveOf({{"x", "1"}})}})),
                                    place.path("out"));
    QVERIFY(unpacked);
    QCOMPARE(unpacked->files.size(), std::size_t{0});
    QCOMPARE(unpacked->skipped.size(), std::size_t{1});
}

void TstZipArchive::namesInCodePagesBecomeUtf8()
{
    const Place place;
    QVERIFY(unpackZip(place.write("a.zip", archiveOf({{"M\x81ller", "1"}})), place.path("out")));
    QCOMPARE(place.below(), QStringList({"a.zip", QStringLiteral("out/M\u00fcller")}));
}

void TstZipArchive::nothingIsLeftOfACancelledOne()
{
    const Place place;
    std::stop_source stop;
    const auto archive = place.write("a.zip", archiveOf({{"a", "1"}, {"b", "2"}}));
    const auto outcome =
        unpackZip(archive, place.path("out"), {}, stop.get_token(), [&](double) { stop.request_stop(); });
    QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
    QCOMPARE(place.below(), QStringList({"a.zip"}));
}

void TstZipArchive::anArchiveIsScannedLikeAFolder()
{
    const Place place;
    const std::string archive = archiveOf({{"a/one.nrrd", tinyNrrd()}, {"note.txt", "hello"}});
    fs::create_directories(place.path("in"));
    place.write("in/study.ZIP", archive);
    place.write("in/letter.docx", archive);
    QCOMPARE(scanPaths({place.path("in")}).error().code, ErrorCode::EmptyFolder);
    const auto scan = scanPaths({place.path("in")}, place.path("archives"));
    QVERIFY(scan);
    QCOMPARE(scan->series.size(), std::size_t{1});
    QVERIFY(QString::fromStdString(scan->series[0].files[0]).endsWith("/a/one.nrrd"));
    QCOMPARE(scan->skipped.size(), std::size_t{2}); // the note, and the letter, which is no study
    QCOMPARE(scan->skipped[1].path, place.path("in/study.ZIP") + "!/note.txt");
    const auto named = scanPaths({place.path("in/letter.docx")}, place.path("archives"));
    QVERIFY(named && named->series.size() == 1);
}

QTEST_APPLESS_MAIN(TstZipArchive)
#include "tst_zip_archive.moc"
