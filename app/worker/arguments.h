#pragma once

#include "core/base/result.h"
#include "ml/distributed.h"

#include <chrono>
#include <string>
#include <vector>

namespace annotomy {

// annotomy-worker's command line.
struct WorkerArguments {
    bool version = false;
    bool files = false; // keep files for requests from another host, rather than take requests
    // Whether what was asked is finished when standard input ends; else that stops the work. A file on standard input is
    // followed to its end in either case.
    bool finish = false;
    GroupOptions group;
    std::chrono::seconds patience{600}; // with the other processes of a group
};

extern const char* const workerUsage;

// `words` without the program's name. InvalidArgument, with the word.
Result<WorkerArguments> workerArgumentsOf(const std::vector<std::string>& words);

} // namespace annotomy
