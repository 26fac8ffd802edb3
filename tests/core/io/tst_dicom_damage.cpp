// Series with slices whose voxels cannot be decoded.
#include "core/io/series.h"
#include "tests/core/io/dicom_text.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>

using namespace annotomy;
using namespace annotomy::test;

namespace {

constexpr int side = 4; // columns and rows

// How the voxels of a slice are damaged: the scan sees that a file is cut, and nothing of broken codes.
enum class Harm { Cut, BrokenCode };

DicomFileText slice(int k, double z, int value)
{
    DicomFileText text = imageText("CT", "1.2.3", k, side, side,
                               std::vector<std::int16_t>(side * side, static_cast<std::int16_t>(value)));
    place(text, {0, 0, z}, {1, 0, 0}, {0, 1, 0}, 2, 2);
    return text;
}

std::string damaged(const DicomFileText& text, Harm harm)
{
    if (harm == Harm::BrokenCode)
        return brokenCode(text);
    const std::string whole = text.file();
    return whole.substr(0, whole.size() - 10);
}

// Slices 3 mm apart whose voxels are 10 times their number.
class Series {
public:
    Series(int count, const QList<int>& harmed, Harm harm)
    {
        for (int k = 0; k < count; ++k) {
            const DicomFileText text = slice(k, 3.0 * k, 10 * k);
            m_files.push_back(m_folder.addBytes(harmed.contains(k) ? damaged(text, harm) : text.file()));
        }
    }

    ScanReport scanned() const
    {
        const auto scan = scanPaths({m_folder.path()});
        return scan ? *scan : ScanReport();
    }
    const std::string& file(int k) const { return m_files[static_cast<std::size_t>(k)]; }
    DicomFolder& folder() { return m_folder; }

private:
    DicomFolder m_folder;
    std::vector<std::string> m_files;
};

std::vector<std::string> filesOf(const std::vector<Warning>& warnings)
{
    for (const Warning& warning : warnings)
        if (warning.code == damagedSliceCode)
            return warning.files;
    return {};
}

void rowsOfHarm()
{
    QTest::addColumn<bool>("isCut");
    QTest::newRow("cut") << true;
    QTest::newRow("broken code") << false;
}

} // namespace

class TestDicomDamage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void neighboursStandIn_data();
    void neighboursStandIn();
    void withoutSomebodyToTellItIsAnError_data() { rowsOfHarm(); }
    void withoutSomebodyToTellItIsAnError();
    void moreThanAThirdIsRefused();
    void moreThanAThirdSeenByTheScanIsLeftOut();
    void allAreRefusedByTheFirst();
    void goneFileIsNoDamage();
    void regularisedPassesOver_data() { rowsOfHarm(); }
    void regularisedPassesOver();
    void soundCopyIsKept();
    void differingRescales();
};

void TestDicomDamage::neighboursStandIn_data()
{
    QTest::addColumn<QList<int>>("harmed");
    QTest::addColumn<bool>("isCut");
    QTest::addColumn<QList<int>>("shown"); // the slice that each shows
    for (const bool isCut : {true, false}) {
        const auto row = [&](const char* name) -> QTestData& {
            return QTest::newRow((std::string(isCut ? "cut, " : "broken code, ") + name).c_str());
        };
        row("within") << QList<int>{2} << isCut << QList<int>{0, 1, 1, 3, 4, 5};
        row("first") << QList<int>{0} << isCut << QList<int>{1, 1, 2, 3, 4, 5};
        row("last") << QList<int>{5} << isCut << QList<int>{0, 1, 2, 3, 4, 4};
        row("two in a row") << QList<int>{3, 4} << isCut << QList<int>{0, 1, 2, 2, 2, 5};
        row("two at the beginning") << QList<int>{0, 1} << isCut << QList<int>{2, 2, 2, 3, 4, 5};
    }
}

void TestDicomDamage::neighboursStandIn()
{
    QFETCH(QList<int>, harmed);
    QFETCH(bool, isCut);
    QFETCH(QList<int>, shown);
    const Series series(6, harmed, isCut ? Harm::Cut : Harm::BrokenCode);
    std::vector<std::string> files;
    for (const int k : harmed)
        files.push_back(series.file(k));
    const ScanReport scan = series.scanned();
    QCOMPARE(scan.series.size(), std::size_t{1});
    const SeriesEntry& entry = scan.series[0];
    QCOMPARE(entry.geometry.size, (Index3{side, side, 6}));
    QVERIFY(length(entry.geometry.origin) < 1e-9 && std::abs(entry.geometry.spacing[2] - 3) < 1e-9);
    // What the scan sees already, it tells: with the series, and by naming the file with its reason.
    QCOMPARE(filesOf(entry.info.warnings), isCut ? files : std::vector<std::string>());
    QCOMPARE(scan.skipped.size(), isCut ? files.size() : std::size_t{0});
    QCOMPARE(scan.filesSeen, scan.filesInSeries + scan.filesSkipped);
    for (const SkippedFile& file : scan.skipped)
        QCOMPARE(file.code, ErrorCode::Truncated);

    std::vector<Warning> warnings = entry.info.warnings;
    const auto volume = readSeries(entry, {}, {}, &warnings);
    QVERIFY2(volume, volume ? "" : volume.error().detail.c_str());
    QCOMPARE(filesOf(warnings), files);
    QCOMPARE(std::count_if(warnings.begin(), warnings.end(), [](const Warning& w) { return w.code == damagedSliceCode; }), 1);
    QVERIFY(warnings.back().text.starts_with(std::to_string(files.size()) + " of 6 slices cannot be decoded"));
    QVERIFY(warnings.back().text.find(std::filesystem::path(files[0]).filename().string()) != std::string::npos);
    for (int k = 0; k < 6; ++k)
        QCOMPARE(volume->valueAt({1, 2, k}), 10.0 * shown[k]);
}

void TestDicomDamage::withoutSomebodyToTellItIsAnError()
{
    QFETCH(bool, isCut);
    const Series series(6, {4}, isCut ? Harm::Cut : Harm::BrokenCode);
    const auto volume = readSeries(series.scanned().series.at(0));
    QVERIFY(!volume);
    QCOMPARE(volume.error().code, isCut ? ErrorCode::Truncated : ErrorCode::Malformed);
    QCOMPARE(volume.error().subject, series.file(4));
}

void TestDicomDamage::moreThanAThirdIsRefused()
{
    const Series series(6, {1, 3, 4}, Harm::BrokenCode);
    std::vector<Warning> warnings;
    const auto volume = readSeries(series.scanned().series.at(0), {}, {}, &warnings);
    QVERIFY(!volume && warnings.empty());
    QCOMPARE(volume.error().code, ErrorCode::Malformed);
    QCOMPARE(volume.error().subject, series.file(1));
}

void TestDicomDamage::moreThanAThirdSeenByTheScanIsLeftOut()
{
    const Series series(6, {3, 4, 5}, Harm::Cut);
    const ScanReport scan = series.scanned();
    QCOMPARE(scan.series.size(), std::size_t{1});
    QCOMPARE(scan.series[0].geometry.size[2], 3);
    QVERIFY(filesOf(scan.series[0].info.warnings).empty());
    QCOMPARE(scan.skipped.size(), std::size_t{3});
    QCOMPARE(scan.filesInSeries, std::int64_t{3});
}

void TestDicomDamage::allAreRefusedByTheFirst()
{
    const Series broken(3, {0, 1, 2}, Harm::BrokenCode);
    std::vector<Warning> warnings;
    const auto volume = readSeries(broken.scanned().series.at(0), {}, {}, &warnings);
    QVERIFY(!volume);
    QCOMPARE(volume.error().subject, broken.file(0));
    const Series cut(1, {0}, Harm::Cut);
    const auto scan = scanPaths({cut.file(0)});
    QVERIFY(!scan);
    QCOMPARE(scan.error().code, ErrorCode::Truncated);
    QCOMPARE(scan.error().subject, cut.file(0));
}

void TestDicomDamage::goneFileIsNoDamage()
{
    const Series series(6, {}, Harm::Cut);
    const ScanReport scan = series.scanned();
    std::filesystem::remove(series.file(2));
    std::vector<Warning> warnings;
    const auto volume = readSeries(scan.series.at(0), {}, {}, &warnings);
    QVERIFY(!volume);
    QCOMPARE(volume.error().code, ErrorCode::NotFound);
}

// The slices around a damaged one are mixed by their distances, also where the series is regularised.
void TestDicomDamage::regularisedPassesOver()
{
    QFETCH(bool, isCut);
    DicomFolder folder;
    const std::vector<double> heights{0, 1.25, 5, 6.5, 12, 15};
    for (int k = 0; k < 6; ++k) {
        const double z = heights[static_cast<std::size_t>(k)];
        const DicomFileText text = slice(k, z, static_cast<int>(std::lround(100 * z)));
        folder.addBytes(k == 2 ? damaged(text, isCut ? Harm::Cut : Harm::BrokenCode) : text.file());
    }
    const auto scan = scanPaths({folder.path()});
    QVERIFY(scan && scan->series.size() == 1);
    const SeriesEntry even = regularised(scan->series[0]);
    QVERIFY(even.regularised);
    std::vector<Warning> warnings;
    const auto volume = readSeries(even, {}, {}, &warnings);
    QVERIFY(volume && filesOf(warnings).size() == 1);
    for (int k = 0; k < even.geometry.size[2]; ++k)
        QVERIFY(std::abs(volume->valueAt({1, 1, k}) - 100 * even.geometry.patientFromIndex({1, 1, 1.0 * k})[2]) <= 1);
}

void TestDicomDamage::soundCopyIsKept()
{
    Series series(6, {3}, Harm::Cut);
    const std::string copy = series.folder().addBytes(slice(3, 9, 30).file());
    const ScanReport scan = series.scanned();
    QCOMPARE(scan.series.size(), std::size_t{1});
    QCOMPARE(scan.series[0].files.at(3), copy);
    QVERIFY(filesOf(scan.series[0].info.warnings).empty());
    QCOMPARE(scan.skipped.size(), std::size_t{1});
    QCOMPARE(scan.skipped[0].code, ErrorCode::Truncated);
}

void TestDicomDamage::differingRescales()
{
    DicomFolder folder;
    for (int k = 0; k < 6; ++k) {
        DicomFileText text = slice(k, 3.0 * k, 10);
        text.set(0x00281053, "DS", std::to_string(k + 1));
        text.set(0x00281052, "DS", "0");
        folder.addBytes(k == 0 || k == 4 ? damaged(text, Harm::BrokenCode) : text.file());
    }
    const auto scan = scanPaths({folder.path()});
    QVERIFY(scan && scan->series.size() == 1);
    std::vector<Warning> warnings;
    const auto volume = readSeries(scan->series[0], {}, {}, &warnings);
    QVERIFY(volume && filesOf(warnings).size() == 2);
    const double expected[] = {20, 20, 30, 40, 40, 60};
    for (int k = 0; k < 6; ++k)
        QCOMPARE(volume->valueAt({0, 0, k}), expected[k]);
}

QTEST_APPLESS_MAIN(TestDicomDamage)
#include "tst_dicom_damage.moc"
