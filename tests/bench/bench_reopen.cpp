// Opening a study that was decoded before: how long Workbench::image() takes from the opened workspace to the first slice's
// voxels of 300 x 512 x 512, beside what nothing can do without: asking for the times of its 300 files, mapping the decoded
// one and touching that slice. `--check` fails when it takes more than four times as long as that; by
// CPU time, where the cores are not free.
//
// usage: bench_reopen [--check]
#include "app/workbench/workbench.h"
#include "core/io/dicom/dicom_writer.h"
#include "core/io/volume_file.h"
#include "core/synthetic/chest_phantom.h"
#include "tests/bench/cost.h"

#include <QCoreApplication>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <numeric>

#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;
using namespace annotomy;
using namespace annotomy::bench;

namespace {

[[noreturn]] void die(const std::string& why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(2);
}

template <class T>
T valueOf(Result<T> result)
{
    if (!result)
        die(result.error().subject + ": " + result.error().detail);
    return *std::move(result);
}

std::vector<std::string> writtenSeries(const std::string& folder)
{
    fs::create_directories(folder);
    ChestPhantomOptions options;
    options.size = {512, 512, 300};
    options.spacing = {0.7, 0.7, 1.0};
    const ChestPhantom phantom = makeChestPhantom(options);
    return valueOf(writeDicomSeries(folder, phantom.image, phantom.info));
}

// The voxels of the middle slice.
int touchSlice(const Volume& volume)
{
    const std::span<const std::byte> bytes = volume.bytes();
    const std::size_t slice = bytes.size() / static_cast<std::size_t>(volume.geometry().size[2]);
    const auto middle = bytes.subspan(bytes.size() / 2 / slice * slice, slice);
    return std::accumulate(middle.begin(), middle.end(), 0, [](int sum, std::byte b) { return sum ^ std::to_integer<int>(b); });
}

std::string decodedFile(const std::string& workspace)
{
    for (const auto& entry : fs::directory_iterator(workspace + "/cache"))
        if (entry.path().extension() == ".avol")
            return entry.path().string();
    die("nothing was decoded into the workspace");
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    std::string folder = (fs::temp_directory_path() / "bench_reopen-XXXXXX").string();
    if (!::mkdtemp(folder.data()))
        return 2;
    const auto files = writtenSeries(folder + "/in");
    const ProgramPaths programs = defaultProgramPaths();
    CaseId id;
    {
        const auto workbench = valueOf(Workbench::open(folder + "/workspace", programs));
        id = valueOf(workbench->importPaths({folder + "/in"}, {})).cases.front().id;
        touchSlice(valueOf(workbench->image(id)));
    }
    const std::string decoded = decodedFile(folder + "/workspace");
    bool isFree = coresAreFree();
    std::vector<Cost> ours, least;
    volatile int seen = 0; // so that the touching is not left out
    for (int round = 0; round < 21; ++round) {
        const auto workbench = valueOf(Workbench::open(folder + "/workspace", programs));
        ours.push_back(costOf([&] { seen = touchSlice(valueOf(workbench->image(id))); }));
        least.push_back(costOf([&] {
            for (const std::string& file : files) {
                struct stat status {};
                if (::stat(file.c_str(), &status) != 0)
                    die(file);
            }
            seen = touchSlice(valueOf(mapVolumeFile(decoded)));
        }));
    }
    isFree = isFree && coresAreFree();
    const Cost own = median(ours), limit = median(least);
    std::printf("a decoded study to its first slice: %.2f ms (CPU %.2f); looking at its files, mapping and touching: %.2f ms "
                "(CPU %.2f): %.2f of it by the clock, %.2f by CPU time; judged by %s\n",
                own.wall, own.cpu, limit.wall, limit.cpu, own.wall / limit.wall, own.cpu / limit.cpu,
                isFree ? "the clock" : "CPU time: the cores are not free");
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    const bool check = argc > 1 && std::strcmp(argv[1], "--check") == 0;
    return check && (isFree ? own.wall > 4 * limit.wall : own.cpu > 4 * limit.cpu) ? 1 : 0;
}
