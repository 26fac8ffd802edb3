#include "app/worker/arguments.h"

#include <charconv>

namespace annotomy {

namespace {

constexpr int longestPatience = 24 * 60 * 60; // s

Result<std::chrono::seconds> patienceOf(const std::string& text)
{
    int seconds = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failure != std::errc{} || end != text.data() + text.size() || seconds < 1 || seconds > longestPatience)
        return Error{ErrorCode::InvalidArgument, "--timeout " + text, "give seconds, a day at most"};
    return std::chrono::seconds(seconds);
}

bool* flagOf(WorkerArguments& arguments, const std::string& word)
{
    if (word == "--version")
        return &arguments.version;
    if (word == "--finish")
        return &arguments.finish;
    return word == "--files" ? &arguments.files : nullptr;
}

} // namespace

const char* const workerUsage =
    "usage: annotomy-worker [--finish] [--rank R --world N [--master HOST[:PORT]]] [--timeout SECONDS]\n"
    "       annotomy-worker --files | --version\n"
    "Reads one JSON request per line on standard input and answers with JSON lines.\n"
    "  --finish            finish what was asked when standard input ends, rather than stop\n"
    "  --files             keep files for requests from another host (docs/processes.md)\n"
    "  --rank, --world     be process R (from 0) of N that train together; else as torchrun, MPI or Slurm say\n"
    "  --master            where process 0 runs and the port it listens on; 127.0.0.1:29500 by default\n"
    "  --timeout           how long to wait for the other processes; 600 by default\n";

Result<WorkerArguments> workerArgumentsOf(const std::vector<std::string>& words)
{
    WorkerArguments arguments;
    for (std::size_t n = 0; n < words.size(); ++n) {
        const std::string& word = words[n];
        if (bool* flag = flagOf(arguments, word)) {
            *flag = true;
            continue;
        }
        std::string* text = word == "--rank" ? &arguments.group.rank
            : word == "--world"              ? &arguments.group.world
            : word == "--master"             ? &arguments.group.master
                                             : nullptr;
        if (!text && word != "--timeout")
            return Error{ErrorCode::InvalidArgument, word, "there is no such option"};
        if (n + 1 == words.size())
            return Error{ErrorCode::InvalidArgument, word, "its value is missing"};
        ++n;
        if (text) {
            *text = words[n];
            continue;
        }
        const Result<std::chrono::seconds> patience = patienceOf(words[n]);
        if (!patience)
            return patience.error();
        arguments.patience = *patience;
    }
    return arguments;
}

} // namespace annotomy
