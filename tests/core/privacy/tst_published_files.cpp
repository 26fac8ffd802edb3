// Published files: everything is de-identified or refused in a sentence, and what comes out is read again.
#include "core/io/dicom/dicom_data_set.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/io/scan/dicomdir.h"
#include "core/privacy/deidentification.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

using namespace annotomy;
namespace fs = std::filesystem;

namespace {

const IdentityMap identities("a secret for published files");

std::string folderOf(const std::string& set)
{
    auto folder = test::unpackedData(set);
    if (folder && fs::is_empty(*folder))
        folder = test::sharedData(set);
    return folder.value_or("");
}

// Series that the items of a data set refer to. (The instances that A03's structure sets name are not in it.)
void appendReferences(const DicomDataSet& set, std::set<std::string>& found)
{
    for (const auto& [number, element] : set.elements()) {
        for (const DicomDataSet& item : element.items) {
            found.insert(item.text(tag::seriesUid));
            appendReferences(item, found);
        }
    }
}

} // namespace

class TstPublishedFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void setsAreDeidentified_data();
    void setsAreDeidentified();
    void referencesOfAPatientStillMatch();
    void dicomdirsNameTheirFiles();
    void damagedCopiesDoNoHarm();
};

void TstPublishedFiles::setsAreDeidentified_data()
{
    QTest::addColumn<QString>("set");
    QTest::addColumn<int>("least");
    QTest::newRow("C01") << "C01_pydicom_files" << 100;
    QTest::newRow("C02") << "C02_pydicom_data" << 35;
    QTest::newRow("D01") << "D01_dcmqi" << 10;
    QTest::newRow("D04") << "D04_dicompyler" << 3;
}

void TstPublishedFiles::setsAreDeidentified()
{
    QFETCH(QString, set);
    QFETCH(int, least);
    const std::string folder = folderOf(set.toStdString());
    if (folder.empty())
        QSKIP("the published scans are not here");
    const QTemporaryDir out;
    const auto report = deidentifyFiles({folder}, out.path().toStdString(), identities);
    QVERIFY(report);
    QVERIFY2(report->files.size() >= static_cast<std::size_t>(least),
             std::to_string(report->files.size()).c_str());
    for (const FailedFile& file : report->failed) {
        const ErrorCode code = file.error.code;
        QVERIFY2(code == ErrorCode::Truncated || code == ErrorCode::Unsupported ||
                     code == ErrorCode::Malformed,
                 (file.source + ": " + file.error.detail).c_str());
    }
    for (const DeidentifiedFile& file : report->files) {
        const auto copy = readDicomFile(out.path().toStdString() + "/" + file.output, DicomExtent::Header);
        QVERIFY(copy);
        QVERIFY(copy->dataSet.text(tag::patientName).starts_with("Anon-"));
        for (const auto& [number, element] : copy->dataSet.elements())
            QVERIFY(((number >> 16) & 1U) == 0);
    }
}

void TstPublishedFiles::referencesOfAPatientStillMatch()
{
    const std::string folder = folderOf("A03_ibsi_sts");
    if (folder.empty())
        QSKIP("the published scans are not here");
    const auto met = [](const std::vector<std::string>& paths) {
        std::set<std::string> series, references, common;
        for (const std::string& path : paths) {
            const auto file = readDicomFile(path, DicomExtent::Header);
            if (!file)
                continue;
            series.insert(file->dataSet.text(tag::seriesUid));
            if (file->dataSet.text(tag::modality) == "RTSTRUCT")
                appendReferences(file->dataSet, references);
        }
        series.erase(std::string());
        std::set_intersection(series.begin(), series.end(), references.begin(), references.end(),
                              std::inserter(common, common.begin()));
        return common.size();
    };
    const QTemporaryDir out;
    const auto report = deidentifyFiles({folder}, out.path().toStdString(), identities);
    QVERIFY(report && report->failed.empty());
    std::vector<std::string> before, after;
    for (const DeidentifiedFile& file : report->files) {
        before.push_back(file.source);
        after.push_back(out.path().toStdString() + "/" + file.output);
    }
    QCOMPARE(met(before), std::size_t{18}); // CT, MR and PET of six patients
    QCOMPARE(met(after), met(before));
}

void TstPublishedFiles::dicomdirsNameTheirFiles()
{
    const auto folder = test::sharedData("C01_pydicom_files");
    if (!folder)
        QSKIP("the published scans are not here");
    const std::string root = *folder + "/test_files/dicomdirtests/";
    const auto listing = readDicomdir(root + "DICOMDIR");
    QVERIFY(listing);
    QVERIFY(isDicomdir(root + "DICOMDIR"));
    QCOMPARE(listing->files.size() + listing->missing.size(), std::size_t{31});
    QCOMPARE(listing->missing.size(), std::size_t{0});
    QCOMPARE(readDicomdir(root + "DICOMDIR-bigEnd").value().files, listing->files);
    QCOMPARE(readDicomdir(root + "DICOMDIR-implicit").value().files, listing->files);
    const QTemporaryDir out;
    const auto report = deidentifyFiles({root + "DICOMDIR"}, out.path().toStdString(), identities);
    QVERIFY(report);
    QCOMPARE(report->files.size(), listing->files.size());
}

// What bytes at random do to real files: an error in words or a copy that was checked, never a crash.
void TstPublishedFiles::damagedCopiesDoNoHarm()
{
    const auto folder = test::sharedData("C01_pydicom_files");
    if (!folder)
        QSKIP("the published scans are not here");
    const QTemporaryDir place;
    const std::string damaged = place.filePath("in").toStdString(), out = place.filePath("out").toStdString();
    std::mt19937 random(20201);
    int tried = 0;
    for (const auto& entry : fs::recursive_directory_iterator(*folder)) {
        if (!entry.is_regular_file() || entry.file_size() > 60'000 || entry.file_size() < 200)
            continue;
        std::ifstream stream(entry.path(), std::ios::binary);
        const std::string whole{std::istreambuf_iterator<char>(stream), {}};
        for (int n = 0; n < 6; ++n, ++tried) {
            std::string bytes = whole;
            for (int flip = 0; flip < 3; ++flip)
                bytes[random() % std::min<std::size_t>(bytes.size(), 3000)] = static_cast<char>(random());
            if (n % 3 == 0)
                bytes.resize(random() % bytes.size());
            std::ofstream(damaged, std::ios::binary) << bytes;
            const auto done = deidentifyFile(damaged, out, identities);
            QVERIFY(done || !done.error().detail.empty());
            QVERIFY(done || !fs::exists(out));
            std::error_code ignored;
            fs::remove(out, ignored);
        }
    }
    QVERIFY(tried > 300);
}

QTEST_APPLESS_MAIN(TstPublishedFiles)
#include "tst_published_files.moc"
