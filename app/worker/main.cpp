#include "app/worker/worker_process.h"
#include "ml/worker_jobs.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

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
    if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
        std::printf("annotomy-worker %s\n", ANNOTOMY_VERSION);
        return 0;
    }
    if (argc != 1) {
        std::fprintf(stderr,
                     "usage: annotomy-worker [--version]\n"
                     "Reads one JSON request per line on standard input and answers with JSON lines.\n");
        return 2;
    }
    restartWithPassiveWaiting(argv);
    annotomy::WorkerProcess process;
    return process.run();
}
