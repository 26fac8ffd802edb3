// Loading 300 DICOM slices of 512 x 512 x 16 bit (a made chest with noise) in four transfer syntaxes, beside peers of the same
// run: the bytes read from the page cache and copied once; gdcm::ImageReader on one core; dcm2niix. Prints medians of wall and
// CPU milliseconds (all threads) and their ratios. With --check it fails when a ratio does not hold: of wall times when the
// cores are free before and after they were taken, else, for other programs stretch those, of the CPU time as two cores
// would share it. It says which.
//
// usage: bench_decode [--check] [--native] [--rounds N] [--slices N]    (--native: without the coded syntaxes)
#include "core/base/parallel.h"
#include "core/io/bytes/regular_file.h"
#include "core/io/dicom/dicom.h"
#include "core/io/dicom/dicom_writer.h"
#include "core/io/series.h"
#include "core/synthetic/chest_phantom.h"
#include "tests/bench/cost.h"

#include <gdcmImageChangeTransferSyntax.h>
#include <gdcmImageReader.h>
#include <gdcmImageWriter.h>
#include <gdcmTrace.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;
using namespace annotomy;
using namespace annotomy::bench;

namespace {

using Paths = std::vector<std::string>;

[[noreturn]] void die(const std::string& why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(2);
}

Paths writtenSeries(const fs::path& folder, int slices)
{
    fs::create_directories(folder);
    ChestPhantomOptions options;
    options.size = {512, 512, slices};
    options.spacing = {0.7, 0.7, 1.0};
    const ChestPhantom phantom = makeChestPhantom(options);
    const auto paths = writeDicomSeries(folder.string(), phantom.image, phantom.info);
    if (!paths)
        die(paths.error().detail);
    return *paths;
}

void recode(const std::string& from, const std::string& to, gdcm::TransferSyntax syntax)
{
    gdcm::ImageReader reader;
    reader.SetFileName(from.c_str());
    gdcm::ImageChangeTransferSyntax change;
    change.SetTransferSyntax(syntax);
    if (!reader.Read())
        die("GDCM does not read " + from);
    change.SetInput(reader.GetImage());
    if (!change.Change())
        die("GDCM does not recode " + from);
    gdcm::ImageWriter writer;
    writer.SetFile(reader.GetFile());
    writer.SetImage(change.GetOutput());
    writer.SetFileName(to.c_str());
    if (!writer.Write())
        die("GDCM does not write " + to);
}

Paths recoded(const Paths& paths, const fs::path& folder, gdcm::TransferSyntax syntax)
{
    fs::create_directories(folder);
    Paths result;
    for (const std::string& path : paths)
        result.push_back((folder / fs::path(path).filename()).string());
    parallelRanges(paths.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t n = begin; n < end; ++n)
            recode(paths[n], result[n], syntax);
    });
    return result;
}

SeriesEntry scanned(const Paths& paths)
{
    const auto scan = scanPaths(paths);
    if (!scan || scan->series.size() != 1)
        die("the series is not scanned as one");
    return scan->series.front();
}

void load(const SeriesEntry& entry)
{
    if (const auto volume = readDicomSeries(entry); !volume)
        die(volume.error().subject + ": " + volume.error().detail);
}

// What no reader can do without: each file's bytes into memory, and its voxels from there to their place.
void copyOnce(const Paths& paths, std::size_t sliceBytes, bool onAllCores)
{
    const auto slab = std::make_unique_for_overwrite<std::byte[]>(paths.size() * sliceBytes);
    const auto copy = [&](std::size_t begin, std::size_t end) {
        std::vector<std::byte> buffer;
        for (std::size_t n = begin; n < end; ++n) {
            const auto file = RegularFile::open(paths[n]);
            if (!file)
                die(file.error().detail);
            buffer.resize((*file)->size());
            if (auto read = (*file)->readAt(0, buffer); !read)
                die(read.error().detail);
            std::memcpy(slab.get() + n * sliceBytes, buffer.data() + buffer.size() - sliceBytes, sliceBytes);
        }
    };
    if (onAllCores)
        parallelRanges(paths.size(), 1, copy);
    else
        copy(0, paths.size());
}

void loadWithGdcm(const Paths& paths, std::size_t sliceBytes)
{
    const auto slab = std::make_unique_for_overwrite<std::byte[]>(paths.size() * sliceBytes);
    for (std::size_t n = 0; n < paths.size(); ++n) {
        gdcm::ImageReader reader;
        reader.SetFileName(paths[n].c_str());
        if (!reader.Read() || reader.GetImage().GetBufferLength() != sliceBytes ||
            !reader.GetImage().GetBuffer(reinterpret_cast<char*>(slab.get() + n * sliceBytes)))
            die("GDCM does not read " + paths[n]);
    }
}

// False when it is not installed.
bool convertWithDcm2niix(const fs::path& folder, const fs::path& out)
{
    fs::create_directories(out);
    const std::string from = folder.string(), to = out.string();
    std::vector<const char*> arguments{"dcm2niix", "-z", "n", "-b", "n", "-w", "1", "-f", "all", "-o",
                                       to.c_str(), from.c_str(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int started = posix_spawnp(&child, "dcm2niix", &actions, nullptr,
                                     const_cast<char* const*>(arguments.data()), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    return started == 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct Options {
    bool check = false, nativeOnly = false;
    int rounds = 5, slices = 300;
};

Options optionsFrom(int count, char** arguments)
{
    Options options;
    for (int a = 1; a < count; ++a) {
        const std::string argument = arguments[a];
        if (argument == "--check")
            options.check = true;
        else if (argument == "--native")
            options.nativeOnly = true;
        else if (argument == "--rounds" && a + 1 < count)
            options.rounds = std::max(1, std::atoi(arguments[++a]));
        else if (argument == "--slices" && a + 1 < count)
            options.slices = std::max(2, std::atoi(arguments[++a]));
    }
    return options;
}

// Holds this thread, and the threads that it starts meanwhile, on one core: GDCM lets OpenJPEG use all of them.
class OnOneCore {
public:
    OnOneCore()
    {
        sched_getaffinity(0, sizeof m_before, &m_before);
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<std::size_t>(sched_getcpu()), &one);
        sched_setaffinity(0, sizeof one, &one);
    }
    ~OnOneCore() { sched_setaffinity(0, sizeof m_before, &m_before); }
    OnOneCore(const OnOneCore&) = delete;
    OnOneCore& operator=(const OnOneCore&) = delete;

private:
    cpu_set_t m_before{};
};

class Bench {
public:
    Bench(const Options& options, const fs::path& folder) : m_options(options), m_folder(folder) {}

    bool run()
    {
        m_native = writtenSeries(m_folder / "native", m_options.slices);
        measureNative();
        if (m_options.nativeOnly)
            return m_passed;
        const std::pair<const char*, gdcm::TransferSyntax::TSType> coders[] = {
            {"RLE", gdcm::TransferSyntax::RLELossless},
            {"JPEG-LS", gdcm::TransferSyntax::JPEGLSLossless},
            {"JPEG 2000", gdcm::TransferSyntax::JPEG2000Lossless}};
        for (const auto& [name, syntax] : coders)
            measureCoded(name, syntax);
        return m_passed;
    }

private:
    static constexpr std::size_t sliceBytes = 512 * 512 * 2;

    void measureNative()
    {
        const SeriesEntry entry = scanned(m_native);
        bool isFree = coresAreFree();
        std::vector<Cost> ours, copies, serialCopies, niix;
        for (int round = 0; round <= m_options.rounds; ++round) {
            const Cost copy = costOf([&] { copyOnce(m_native, sliceBytes, true); });
            const Cost own = costOf([&] { load(entry); });
            const Cost serial = costOf([&] { copyOnce(m_native, sliceBytes, false); });
            if (round == 0)
                continue; // fills the page cache and starts the threads
            copies.push_back(copy);
            ours.push_back(own);
            serialCopies.push_back(serial);
        }
        bool hasNiix = true;
        for (int round = 0; round < std::min(3, m_options.rounds) && hasNiix; ++round)
            niix.push_back(costOf([&] { hasNiix = convertWithDcm2niix(m_folder / "native", m_folder / "niix"); },
                                  RUSAGE_CHILDREN));
        isFree = isFree && coresAreFree();
        const Cost own = median(ours), copy = median(copies), serial = median(serialCopies);
        std::printf("uncompressed: %.0f ms (CPU %.0f)\n", own.wall, own.cpu);
        std::printf("  read and copied once, all cores: %.0f ms (CPU %.0f): ours takes %.2f of it (CPU %.2f)\n", copy.wall,
                    copy.cpu, own.wall / copy.wall, own.cpu / copy.cpu);
        std::printf("  read and copied once, one core: %.0f ms (CPU %.0f): ours takes %.2f of it\n", serial.wall,
                    serial.cpu, own.wall / serial.wall);
        judge("uncompressed at most 1.5 of a copy", isFree, copy.wall / own.wall, copy.cpu / own.cpu, 1 / 1.5);
        if (!hasNiix)
            return void(std::printf("  dcm2niix is not here\n"));
        const Cost other = median(niix);
        std::printf("  dcm2niix: %.0f ms (CPU %.0f): ours is %.1f times quicker (CPU %.1f)\n", other.wall, other.cpu,
                    other.wall / own.wall, other.cpu / own.cpu);
        judge("uncompressed 4 times quicker than dcm2niix", isFree, other.wall / own.wall, 2 * other.cpu / own.cpu, 4);
    }

    void measureCoded(const char* name, gdcm::TransferSyntax::TSType syntax)
    {
        const Paths paths = recoded(m_native, m_folder / name, syntax);
        const SeriesEntry entry = scanned(paths);
        bool isFree = coresAreFree();
        std::vector<Cost> ours, theirs;
        for (int round = 0; round < m_options.rounds; ++round) {
            ours.push_back(costOf([&] { load(entry); }));
            const OnOneCore peer;
            theirs.push_back(costOf([&] { loadWithGdcm(paths, sliceBytes); }));
        }
        isFree = isFree && coresAreFree();
        const Cost own = median(ours), other = median(theirs);
        std::printf("%s: %.0f ms (CPU %.0f), GDCM on one core %.0f ms (CPU %.0f): %.2f times quicker; CPU halved on two cores "
                    "%.2f\n",
                    name, own.wall, own.cpu, other.wall, other.cpu, other.wall / own.wall, 2 * other.cpu / own.cpu);
        judge(std::string(name) + " 1.8 times quicker than GDCM", isFree, other.wall / own.wall, 2 * other.cpu / own.cpu, 1.8);
        fs::remove_all(m_folder / name);
    }

    // How many times quicker ours is, by the clock or, where that tells nothing, by CPU time.
    void judge(const std::string& what, bool isFree, double byClock, double byCpu, double wanted)
    {
        const double quicker = isFree ? byClock : byCpu;
        const bool holds = quicker >= wanted;
        std::printf("  %s: %s (%.2f by %s, %.2f wanted)\n", what.c_str(), holds ? "holds" : "does not hold", quicker,
                    isFree ? "the clock" : "CPU time: the cores are not free", wanted);
        std::fflush(stdout);
        m_passed = m_passed && holds;
    }

    Options m_options;
    fs::path m_folder;
    Paths m_native;
    bool m_passed = true;
};

} // namespace

int main(int count, char** arguments)
{
    const Options options = optionsFrom(count, arguments);
    gdcm::Trace::ErrorOff();
    gdcm::Trace::WarningOff();
    const fs::path folder = fs::temp_directory_path() / ("bench_decode-" + std::to_string(::getpid()));
    const bool passed = Bench(options, folder).run();
    fs::remove_all(folder);
    return options.check && !passed ? 1 : 0;
}
