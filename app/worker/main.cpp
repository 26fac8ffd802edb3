#include "app/worker/arguments.h"
#include "app/worker/file_store.h"
#include "app/worker/worker_process.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace {

constexpr int usageError = 2;

// Threads that wait by spinning halve the speed of a machine that is also painting a window. libgomp reads
// the variable when it is loaded, so the program starts itself anew once.
void restartWithPassiveWaiting(char** arguments)
{
    if (std::getenv("OMP_WAIT_POLICY"))
        return;
    setenv("OMP_WAIT_POLICY", "PASSIVE", 1);
    execv("/proc/self/exe", arguments); // returns only when it failed: then as we are
}

} // namespace

int main(int argc, char** argv)
{
    using namespace annotomy;
    const Result<WorkerArguments> arguments = workerArgumentsOf({argv + 1, argv + argc});
    if (!arguments) {
        std::fprintf(stderr, "%s: %s\n%s", arguments.error().subject.c_str(), arguments.error().detail.c_str(), workerUsage);
        return usageError;
    }
    if (arguments->version) {
        std::printf("annotomy-worker %s\n", ANNOTOMY_VERSION);
        return 0;
    }
    if (arguments->files)
        return FileStore(defaultFileStoreFolder()).run();
    const Result<GroupPlace> place = groupPlaceOf(arguments->group, [](const char* name) { return std::getenv(name); });
    if (!place) {
        std::fprintf(stderr, "%s: %s\n", place.error().subject.c_str(), place.error().detail.c_str());
        return usageError;
    }
    restartWithPassiveWaiting(argv);
    WorkerProcess process(arguments->finish);
    return place->world > 1 ? process.runInGroup(*place, arguments->patience) : process.run();
}
