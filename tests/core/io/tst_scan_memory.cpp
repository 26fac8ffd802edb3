// How much memory a scan of many files takes: no more for many than for few.
#include "core/io/scan/scan.h"
#include "tests/support/tiny_dicom.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace annotomy;
using namespace annotomy::test;

namespace {

// The most memory that the process has had since resetPeak(), in KiB.
long peakKiB()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:"))
            return std::stol(line.substr(6));
    return 0;
}

bool resetPeak()
{
    return static_cast<bool>(std::ofstream("/proc/self/clear_refs") << "5" << std::flush);
}

} // namespace

class TestScanMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void peakDoesNotGrowWithTheFiles();
};

void TestScanMemory::peakDoesNotGrowWithTheFiles()
{
    constexpr int few = 4000, many = 40'000, perSeries = 50;
    const QTemporaryDir folder, cache;
    TinyDicom::writeMany(folder.path().toStdString(), many, perSeries);
    if (!resetPeak())
        QSKIP("the kernel does not let the peak be reset");
    const auto grownBy = [&](int files) {
        ScanSettings settings;
        settings.memoryBytes = std::size_t{1} << 20;
        settings.scratchFolder = cache.filePath("scratch").toStdString();
        settings.headerCacheFolder = cache.filePath(QString::number(files)).toStdString();
        std::vector<std::string> folders;
        for (int n = 0; n < files / perSeries; ++n)
            folders.push_back(folder.filePath(QString::number(n)).toStdString());
        std::int64_t series = 0;
        ScanSink sink;
        sink.series = [&](const SeriesEntry&) { return ++series, Result<void>(); };
        resetPeak();
        const long before = peakKiB();
        const auto totals = scanInto(files == many ? std::vector{folder.path().toStdString()} : folders, settings, sink);
        const long grown = peakKiB() - before;
        qInfo("%d files: %lld series, %ld KiB more at the peak", files, static_cast<long long>(series), grown);
        return totals && totals->filesInSeries == files && series == files / perSeries ? grown : -1L;
    };
    QVERIFY(grownBy(few) >= 0); // threads and tables of the first run
    const long small = grownBy(few), large = grownBy(many);
    QVERIFY(small >= 0 && large >= 0);
    QVERIFY2(large < small + 20 * 1024, qPrintable(QString::number(large)));
}

QTEST_GUILESS_MAIN(TestScanMemory)
#include "tst_scan_memory.moc"
