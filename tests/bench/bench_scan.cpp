// How long a header scan takes, beside GDCM's StrictScanner on one core, on files made by code. `--check` fails when
// scanning takes longer than GDCM's time divided by the cores; where other programs use those, when it takes more CPU time.
// `--files N` measures time and memory of N files.
#include "core/io/scan/scan.h"
#include "tests/bench/cost.h"
#include "tests/support/tiny_dicom.h"

#include <gdcmStrictScanner.h>

#include <algorithm>
#include <cstring>

using namespace annotomy;
using namespace annotomy::bench;
using namespace annotomy::test;
namespace fs = std::filesystem;

namespace {

constexpr int perSeries = 100;

std::vector<std::string> filesBelow(const std::string& folder)
{
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

// The elements by which series are told apart and slices are ordered; ours reads some forty more.
bool scanWithGdcm(const std::vector<std::string>& files)
{
    gdcm::SmartPointer<gdcm::StrictScanner> scanner = new gdcm::StrictScanner;
    for (const auto& [group, element] : {std::pair{0x0008, 0x0018}, {0x0008, 0x0060}, {0x0010, 0x0010}, {0x0010, 0x0020},
                                         {0x0020, 0x000D}, {0x0020, 0x000E}, {0x0020, 0x0013}, {0x0020, 0x0032},
                                         {0x0020, 0x0037}, {0x0028, 0x0010}, {0x0028, 0x0011}, {0x0028, 0x0030}})
        scanner->AddTag(gdcm::Tag(static_cast<std::uint16_t>(group), static_cast<std::uint16_t>(element)));
    return scanner->Scan(files);
}

struct Scan {
    std::int64_t series = 0, files = 0;
};

Scan scan(const std::string& folder, const ScanSettings& settings)
{
    Scan result;
    ScanSink sink;
    sink.series = [&](const SeriesEntry&) { return ++result.series, Result<void>(); };
    const auto totals = scanInto({folder}, settings, sink);
    result.files = totals ? totals->filesInSeries : -1;
    return result;
}

long peakMiB()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

int many(const std::string& folder, int count)
{
    TinyDicom::writeMany(folder + "/in", count, perSeries);
    ScanSettings settings;
    settings.scratchFolder = folder + "/scratch";
    settings.headerCacheFolder = folder + "/cache";
    settings.settledNs = 0;
    const long before = peakMiB();
    for (const char* what : {"first", "again, unchanged"}) {
        Scan result;
        const double took = 1e-3 * costOf([&] { result = scan(folder + "/in", settings); }).wall;
        std::printf("%-18s %d files, %lld series: %.1f s, %.0f files/s, peak %ld MiB (%ld before)\n", what, count,
                    static_cast<long long>(result.series), took, count / took, peakMiB(), before);
        if (result.files != count)
            return 1;
    }
    return 0;
}

int beside(const std::string& folder, bool check)
{
    constexpr int count = 10'000;
    TinyDicom::writeMany(folder + "/in", count, perSeries);
    const std::vector<std::string> files = filesBelow(folder + "/in");
    ScanSettings cached;
    cached.headerCacheFolder = folder + "/cache";
    cached.settledNs = 0;
    std::vector<Cost> gdcm, ours, again;
    bool isRight = true, isFree = coresAreFree();
    for (int round = 0; round < 5; ++round) {
        gdcm.push_back(costOf([&] { isRight = scanWithGdcm(files) && isRight; }));
        ours.push_back(costOf([&] { isRight = scan(folder + "/in", {}).files == count && isRight; }));
        again.push_back(costOf([&] { isRight = scan(folder + "/in", cached).files == count && isRight; }));
    }
    isFree = isFree && coresAreFree();
    const auto tell = [](const char* what, const Cost& cost) {
        std::printf("%-26s %7.1f ms (CPU %.1f), %.0f files/s\n", what, cost.wall, cost.cpu, 1e3 * count / cost.wall);
    };
    const Cost theirs = median(gdcm), own = median(ours);
    tell("StrictScanner, one core", theirs);
    tell("scan, all cores", own);
    tell("scan again, unchanged", median(again));
    const double byClock = own.wall * cores() / theirs.wall, byCpu = own.cpu / theirs.cpu;
    std::printf("ours takes %.2f of StrictScanner / %d by the clock, %.2f by CPU time; judged by %s\n", byClock, cores(), byCpu,
                isFree ? "the clock" : "CPU time: the cores are not free");
    if (!isRight)
        std::printf("a scan has missed files\n");
    return isRight && (!check || (isFree ? byClock : byCpu) <= 1) ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    std::string folder = (fs::temp_directory_path() / "bench_scan-XXXXXX").string();
    if (!::mkdtemp(folder.data()))
        return 2;
    const bool counts = argc == 3 && std::strcmp(argv[1], "--files") == 0;
    const bool check = argc == 2 && std::strcmp(argv[1], "--check") == 0;
    const int status = counts ? many(folder, std::max(1, std::atoi(argv[2]))) : beside(folder, check);
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return status;
}
