#include "core/io/dicom/dicom_writer.h"
#include "core/io/plain/nifti.h"
#include "core/io/scan/file_walk.h"
#include "core/io/scan/header_cache.h"
#include "core/io/scan/scan.h"
#include "core/io/scan/scan_file.h"
#include "core/io/scan/skip_summary.h"
#include "tests/support/random_grid.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace annotomy;
using namespace annotomy::test;
namespace fs = std::filesystem;

namespace {

VolumeGeometry gridOf(int slices)
{
    VolumeGeometry g;
    g.size = {4, 3, slices};
    g.spacing = {1.5, 1.25, 3};
    g.origin = {-20, 5, 100};
    return g;
}

ImageInfo infoOf(int n)
{
    ImageInfo info;
    info.modality = n % 2 ? "MR" : "CT";
    info.patientId = "P" + std::to_string(n);
    info.patientName = "Müller^Jörg " + std::to_string(n);
    info.studyUid = "1.2.3." + std::to_string(n);
    info.seriesUid = "1.2.3.4." + std::to_string(n);
    info.seriesNumber = std::to_string(n);
    info.frameOfReferenceUid = "1.2.3.5." + std::to_string(n);
    return info;
}

std::string textOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void writeText(const std::string& path, const std::string& text)
{
    std::ofstream(path, std::ios::binary) << text;
}

ScanReport scanned(const std::vector<std::string>& paths, const ScanSettings& settings)
{
    ScanReport report;
    ScanSink sink;
    sink.series = [&](SeriesEntry entry) { return report.series.push_back(std::move(entry)), Result<void>(); };
    sink.mask = [&](MaskFile mask) { return report.masks.push_back(std::move(mask)), Result<void>(); };
    const auto totals = scanInto(paths, settings, sink);
    if (totals)
        static_cast<ScanTotals&>(report) = *totals;
    return report;
}

bool addsUp(const ScanTotals& totals)
{
    std::int64_t counted = 0;
    for (const SkippedCount& reason : totals.skippedCounts)
        counted += reason.count;
    return counted == totals.filesSkipped &&
           totals.filesSeen == totals.filesInSeries + totals.filesInMasks + totals.filesSkipped;
}

} // namespace

class TestScan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void walkIsOrderedAndComplete();
    void whatDoesNotFitIntoMemoryIsTheSame();
    void duplicatesAcrossFoldersAreOneAndSaid();
    void skippedFilesAreCountedExactlyAndNamedInPart();
    void unchangedFilesAreNotOpenedAgain();
    void changedFilesAreReadAgain();
    void damagedCacheIsNotUsed_data();
    void damagedCacheIsNotUsed();
    void cancelKeepsWhatWasRead();
    void recordsSurviveAndDamageIsSeen();
    void linesSurviveAndAMissingEndIsSeen();
    void leftOutFilesAreNamed();
    void everyPublishedFileIsAccountedFor();

private:
    std::string path(const std::string& name) const { return m_folder->filePath(QString::fromStdString(name)).toStdString(); }
    void writeSeries(const std::string& folder, int n, int slices = 5);

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestScan::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestScan::writeSeries(const std::string& folder, int n, int slices)
{
    std::mt19937 random(static_cast<unsigned>(n));
    fs::create_directories(path(folder));
    QVERIFY(writeDicomSeries(path(folder), randomVolume<std::int16_t>(random, gridOf(slices)), infoOf(n)));
}

void TestScan::walkIsOrderedAndComplete()
{
    std::vector<std::string> wanted;
    for (const char* name : {"in/b/2", "in/b/1", "in/a", "in/b.x", "in/b/c/0", "in/z/y"}) {
        fs::create_directories(fs::path(path(name)).parent_path());
        writeText(path(name), name);
        wanted.push_back(path(name));
    }
    fs::create_symlink(path("in/a"), path("in/link"));
    std::sort(wanted.begin(), wanted.end(), precedesInWalk);
    auto walk = FileWalk::begin({path("in"), path("in/b"), path("in/a"), path("in") + "/"}, [](SkippedFile) {});
    QVERIFY(walk.has_value());
    std::vector<std::string> met;
    for (auto files = walk->next(2); !files.empty(); files = walk->next(2))
        for (const FileWalk::File& file : files)
            met.push_back(file.path);
    QCOMPARE(met, wanted);
    QCOMPARE(fs::path(met[3]).filename().string(), std::string("0")); // a, then what is in b, then b.x
    QVERIFY(!FileWalk::begin({path("nowhere")}, [](SkippedFile) {}));
}

void TestScan::whatDoesNotFitIntoMemoryIsTheSame()
{
    for (int n = 0; n < 30; ++n)
        writeSeries("in/" + std::to_string(n % 7) + "/" + std::to_string(n), n, 3 + n % 4);
    QVERIFY(writeNifti(path("in/one.nii"), Volume::fromVoxels(gridOf(2), std::vector<std::int16_t>(24))));
    ScanSettings small;
    small.memoryBytes = 2000; // written aside again and again
    small.scratchFolder = path("scratch");
    const ScanReport whole = scanned({path("in")}, {}), parts = scanned({path("in")}, small);
    QCOMPARE(whole.series.size(), std::size_t{31});
    QVERIFY(whole.series == parts.series);
    QVERIFY(addsUp(whole) && addsUp(parts));
    QCOMPARE(parts.filesInSeries, whole.filesInSeries);
    QVERIFY(fs::is_empty(path("scratch"))); // nothing is left behind
}

void TestScan::duplicatesAcrossFoldersAreOneAndSaid()
{
    writeSeries("in/a", 1);
    fs::create_directories(path("in/z"));
    fs::copy(path("in/a"), path("in/z"));
    const ScanReport report = scanned({path("in")}, {});
    QCOMPARE(report.series.size(), std::size_t{1});
    QCOMPARE(report.series[0].geometry.size[2], 5);
    QCOMPARE(report.filesInSeries, 5);
    QCOMPARE(report.filesSkipped, 5);
    QCOMPARE(report.skippedCounts.size(), std::size_t{1});
    QCOMPARE(report.skippedCounts[0].code, ErrorCode::Duplicate);
    const auto& warnings = report.series[0].info.warnings;
    QVERIFY(std::any_of(warnings.begin(), warnings.end(), [](const Warning& w) { return w.code == "duplicateSlice"; }));
}

void TestScan::skippedFilesAreCountedExactlyAndNamedInPart()
{
    writeSeries("in", 1);
    for (int n = 0; n < 250; ++n)
        writeText(path("in/notes" + std::to_string(n)), "notes");
    writeText(path("in/empty"), "");
    writeText(path("in") + "/latin1-\xe4.dcm", "x");
    const ScanReport report = scanned({path("in")}, {});
    QVERIFY(addsUp(report));
    QCOMPARE(report.filesSkipped, 252);
    QCOMPARE(report.skippedCounts.front().count, 250);
    QCOMPARE(report.skipped.size(), SkipSummary::mostNamed + 2);
    for (const SkippedFile& file : report.skipped)
        QVERIFY(!file.detail.empty());
    SkipSummary many; // every file with a reason of its own
    for (int n = 0; n < 5000; ++n)
        many.add({"f" + std::to_string(n), ErrorCode::Malformed, std::string(1000, 'x') + std::to_string(n) });
    for (int n = 0; n < 5000; ++n)
        many.add({"f" + std::to_string(n), ErrorCode::Malformed, "reason " + std::to_string(n)});
    ScanTotals totals;
    many.appendTo(totals);
    QCOMPARE(totals.filesSkipped, 10000);
    QVERIFY(totals.skipped.size() <= SkipSummary::mostNamed * 3 + SkipSummary::mostReasons);
}

void TestScan::unchangedFilesAreNotOpenedAgain()
{
    writeSeries("in", 1);
    writeText(path("in/notes"), "notes");
    ScanSettings settings;
    settings.headerCacheFolder = path("cache");
    settings.settledNs = 0;
    const ScanReport first = scanned({path("in")}, settings);
    const auto stamp = fileStamp(path("in/slice_0001.dcm"));
    QVERIFY(stamp.has_value());
    HeaderCache cache(path("cache"), path("in"));
    int known = 0;
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(path("in")))
        files.push_back(entry.path().string());
    std::sort(files.begin(), files.end(), precedesInWalk);
    for (const std::string& file : files) {
        const auto found = cache.find(file);
        known += found && found->stamp == *fileStamp(file) && decodeScannedFile(found->record, file);
    }
    QCOMPARE(known, 6);
    const ScanReport second = scanned({path("in")}, settings);
    QVERIFY(second.series == first.series);
    QCOMPARE(second.filesSkipped, first.filesSkipped);
    settings.settledNs = 3'600'000'000'000; // of files that may still be written to nothing is remembered
    settings.headerCacheFolder = path("other");
    QVERIFY(scanned({path("in")}, settings).series == first.series);
    HeaderCache other(path("other"), path("in"));
    QVERIFY(!other.find(files.front()));
}

void TestScan::changedFilesAreReadAgain()
{
    writeSeries("in", 1);
    ScanSettings settings;
    settings.headerCacheFolder = path("cache");
    settings.settledNs = 0;
    QCOMPARE(scanned({path("in")}, settings).series[0].geometry.size[2], 5);
    fs::remove(path("in/slice_0005.dcm"));
    writeText(path("in/slice_0004.dcm"), std::string(fs::file_size(path("in/slice_0004.dcm")), 'x'));
    writeText(path("in/new.txt"), "new");
    const ScanReport report = scanned({path("in")}, settings);
    QCOMPARE(report.series[0].geometry.size[2], 3);
    QCOMPARE(report.filesSkipped, 2);
    QVERIFY(addsUp(report));
}

void TestScan::damagedCacheIsNotUsed_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 0; seed < 8; ++seed)
        QTest::addRow("%d", seed) << seed;
}

void TestScan::damagedCacheIsNotUsed()
{
    QFETCH(int, seed);
    std::mt19937 random(static_cast<unsigned>(seed));
    for (int n = 0; n < 4; ++n)
        writeSeries("in/" + std::to_string(n), n);
    ScanSettings settings;
    settings.headerCacheFolder = path("cache");
    settings.settledNs = 0;
    const ScanReport truth = scanned({path("in")}, settings);
    const std::string file = fs::directory_iterator(path("cache"))->path().string();
    std::string bytes = textOf(file);
    QVERIFY(bytes.size() > 50);
    if (seed % 2)
        bytes.resize(random() % bytes.size());
    else
        for (int flips = 0; flips < 5; ++flips)
            bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
    writeText(file, bytes);
    QVERIFY(scanned({path("in")}, settings).series == truth.series);
    QVERIFY(scanned({path("in")}, settings).series == truth.series); // and it is made anew
}

void TestScan::cancelKeepsWhatWasRead()
{
    fs::create_directories(path("in"));
    FileStamp stamp{1, 2, 3};
    const std::vector<std::byte> record(10);
    {
        HeaderCache cache(path("cache"), path("in"));
        for (const char* name : {"a", "b", "c", "d"})
            cache.keep(path(std::string("in/") + name), stamp, record);
        cache.commit(true);
    }
    {
        HeaderCache cache(path("cache"), path("in")); // cancelled after b, which has changed
        QVERIFY(cache.find(path("in/a")) && cache.find(path("in/b")));
        cache.keep(path("in/a"), stamp, record);
        cache.keep(path("in/b"), {4, 5, 6}, record);
        cache.commit(false);
    }
    HeaderCache cache(path("cache"), path("in"));
    QCOMPARE(cache.find(path("in/a"))->stamp.size, 1);
    QCOMPARE(cache.find(path("in/b"))->stamp.size, 4);
    QVERIFY(!cache.find(path("in/bb")));
    QVERIFY(cache.find(path("in/c")) && cache.find(path("in/d")) && !cache.find(path("in/e")));
}

void TestScan::recordsSurviveAndDamageIsSeen()
{
    writeSeries("in", 1);
    const std::string file = path("in/slice_0002.dcm");
    const ScannedFile scan = scanFile(file);
    QVERIFY(scan.image.has_value());
    const auto bytes = encodeScannedFile(scan);
    QVERIFY(bytes.size() < 1000); // a million of them fit on a disk
    const auto back = decodeScannedFile(bytes, file);
    QVERIFY(back && back->image);
    QVERIFY(back->image->info == scan.image->info);
    QCOMPARE(back->image->slices[0].path, file);
    QCOMPARE(back->image->slices[0].position, scan.image->slices[0].position);
    QCOMPARE(back->image->slices[0].sopInstanceUid, scan.image->slices[0].sopInstanceUid);
    QVERIFY(encodeScannedFile(*back) == bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        QVERIFY(!decodeScannedFile(std::span(bytes).first(size), file));
    std::mt19937 random(3);
    for (int n = 0; n < 2000; ++n) {
        auto damaged = bytes;
        damaged[random() % damaged.size()] = static_cast<std::byte>(random());
        (void)decodeScannedFile(damaged, file); // no crash, and no memory without bound
    }
}

void TestScan::linesSurviveAndAMissingEndIsSeen()
{
    writeSeries("in", 1);
    const ScanReport report = scanned({path("in")}, {});
    {
        auto lines = ScanLines::create(path("lines"));
        QVERIFY(lines && lines->write(report.series[0]) && lines->write(MaskFile{"/m", "rtstruct", "1.2"}));
        QVERIFY(lines->finish(report));
    }
    std::vector<SeriesEntry> series;
    std::vector<MaskFile> masks;
    ScanSink sink;
    sink.series = [&](SeriesEntry entry) { return series.push_back(std::move(entry)), Result<void>(); };
    sink.mask = [&](MaskFile mask) { return masks.push_back(std::move(mask)), Result<void>(); };
    const auto totals = readScanLines(path("lines"), sink);
    QVERIFY(totals && series == report.series && masks.size() == 1);
    QCOMPARE(masks[0].referencedSeriesUid, std::string("1.2"));
    QCOMPARE(totals->filesInSeries, 5);
    std::string text = textOf(path("lines"));
    text.resize(text.size() / 2);
    writeText(path("lines"), text);
    QVERIFY(!readScanLines(path("lines"), {}));
    QVERIFY(toJsonText(report).find("\"code\":0") == std::string::npos); // codes are words
}

void TestScan::leftOutFilesAreNamed()
{
    writeSeries("in", 1);
    ScanSettings settings;
    settings.leaveOut = {path("in/slice_0005.dcm")};
    const ScanReport report = scanned({path("in")}, settings);
    QCOMPARE(report.series[0].geometry.size[2], 4);
    QCOMPARE(report.skipped.size(), std::size_t{1});
    QCOMPARE(report.skipped[0].code, ErrorCode::ReaderDied);
}

void TestScan::everyPublishedFileIsAccountedFor()
{
    int sets = 0;
    for (const char* set : {"A02_totalseg_ct", "B07_slicer_cthead", "B10_enhanced_mr", "C01_pydicom_files",
                            "C02_pydicom_data", "C03_cs3d_all_ts", "D01_dcmqi", "D03_rt_utils", "D04_dicompyler"}) {
        const auto data = sharedData(set);
        if (!data)
            continue;
        ++sets;
        std::int64_t files = 0;
        for (const auto& entry : fs::recursive_directory_iterator(*data))
            files += entry.is_regular_file() && !entry.is_symlink();
        const ScanReport report = scanned({*data}, {});
        QVERIFY2(addsUp(report), set);
        QCOMPARE(report.filesSeen, files);
        for (const SkippedCount& reason : report.skippedCounts)
            QVERIFY2(!reason.detail.empty(), set);
    }
    if (sets == 0)
        QSKIP("the published files are not here");
}

QTEST_GUILESS_MAIN(TestScan)
#include "tst_scan.moc"
