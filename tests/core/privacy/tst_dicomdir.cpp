// DICOMDIRs made here, with the writer of this folder: where their files are looked for, and where not.
#include "core/io/scan/dicomdir.h"
#include "core/io/series.h"
#include "dicom_samples.h"

#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace annotomy;
using namespace annotomy::test;
namespace fs = std::filesystem;

namespace {

std::string dicomdir(const std::vector<std::string>& fileIds)
{
    std::vector<ElementTree> records{{{0x00041430, text("CS", "PATIENT")}}};
    for (const std::string& id : fileIds)
        records.push_back({{0x00041430, text("CS", "IMAGE")}, {0x00041500, text("CS", id)}});
    ElementTree group, directory;
    group[0x00020002] = text("UI", "1.2.840.10008.1.3.10");
    group[0x00020010] = text("UI", "1.2.840.10008.1.2.1");
    directory[0x00041220] = sequence(std::move(records));
    return std::string(128, '\0') + "DICM" + encoded(group, {}) + encoded(directory, {});
}

} // namespace

class TstDicomdir : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void filesAreFoundWhateverTheirCase();
    void whatIsMissingIsNamed();
    void nothingOutsideTheFolderIsRead();
    void otherFilesAreNoDicomdir();
    void scansReadWhatIsListed();
};

void TstDicomdir::filesAreFoundWhateverTheirCase()
{
    const Files files;
    fs::create_directories(files.path("dicom/Ser1"));
    files.write("dicom/Ser1/im1", std::string("x"));
    files.write("dicom/Ser1/IM2.;1", std::string("x"));
    const std::string path =
        files.write("DICOMDIR", dicomdir({"DICOM\\SER1\\IM1", "DICOM\\SER1\\IM2", "DICOM\\SER1\\IM1"}));
    QVERIFY(isDicomdir(path));
    const auto listing = readDicomdir(path);
    QVERIFY(listing);
    QCOMPARE(listing->files,
             (std::vector<std::string>{files.path("dicom/Ser1/im1"), files.path("dicom/Ser1/IM2.;1")}));
    QVERIFY(listing->missing.empty());
}

void TstDicomdir::whatIsMissingIsNamed()
{
    const Files files;
    fs::create_directories(files.path("A"));
    const auto listing = readDicomdir(files.write("DICOMDIR", dicomdir({"A\\GONE", "A"})));
    QVERIFY(listing && listing->files.empty());
    QCOMPARE(listing->missing,
             (std::vector<std::string>{files.path("A/GONE"), files.path("A")})); // a folder is no image
}

void TstDicomdir::nothingOutsideTheFolderIsRead()
{
    const Files files;
    fs::create_directories(files.path("disc"));
    files.write("secret", std::string("x"));
    fs::create_symlink(files.path("secret"), files.path("disc/LINK"));
    const auto listing =
        readDicomdir(files.write("disc/DICOMDIR", dicomdir({"..\\SECRET", "../secret", "LINK", ".\\LINK"})));
    QVERIFY(listing);
    QVERIFY(listing->files.empty());
    QCOMPARE(listing->missing.size(), std::size_t{4});
}

void TstDicomdir::otherFilesAreNoDicomdir()
{
    const Files files;
    QVERIFY(!isDicomdir(files.write("image", ctSlice())));
    QVERIFY(!isDicomdir(files.write("text", std::string("1.2.840.10008.1.3.10"))));
    QVERIFY(!isDicomdir(files.path("none")));
    QCOMPARE(readDicomdir(files.write("image", ctSlice())).error().code, ErrorCode::Malformed);
}

void TstDicomdir::scansReadWhatIsListed()
{
    const Files files;
    ElementTree tree = ctSlice();
    tree[0x00200037] = text("DS", "1\\0\\0\\0\\1\\0");
    tree[0x00280030] = text("DS", "1\\1");
    tree[0x00280103] = number(0);
    files.write("LISTED", tree);
    files.write("OTHER", tree);
    const std::string path = files.write("DICOMDIR", dicomdir({"LISTED", "GONE"}));
    const auto scan = scanPaths({path});
    QVERIFY(scan);
    QCOMPARE(scan->series.size(), std::size_t{1});
    QCOMPARE(scan->series[0].files, std::vector<std::string>{files.path("LISTED")});
    QVERIFY(std::any_of(scan->skipped.begin(), scan->skipped.end(),
                        [&](const SkippedFile& file) { return file.path == files.path("GONE"); }));
    QCOMPARE(scanPaths({files.write("EMPTY", dicomdir({}))}).error().code, ErrorCode::EmptyFolder);
}

QTEST_APPLESS_MAIN(TstDicomdir)
#include "tst_dicomdir.moc"
