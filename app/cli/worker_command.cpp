#include "app/cli/command.h"

#include <CLI/CLI.hpp>

#include <QCoreApplication>

#include <csignal>
#include <unistd.h>

namespace annotomy::cli {

namespace {

struct WorkerCommandArguments {
    std::string rank, world, master, timeout;
    bool finish = false;
};

// The worker in this program's place: standard streams, process number and exit status are its own.
Result<void> becomeWorker(const WorkerCommandArguments& arguments)
{
    const std::string program = (QCoreApplication::applicationDirPath() + QStringLiteral("/annotomy-worker")).toStdString();
    std::vector<std::string> words{program};
    const std::pair<const char*, const std::string*> valued[] = {
        {"--rank", &arguments.rank}, {"--world", &arguments.world}, {"--master", &arguments.master}, {"--timeout", &arguments.timeout}};
    for (const auto& [option, value] : valued) {
        if (value->empty())
            continue;
        words.emplace_back(option);
        words.push_back(*value);
    }
    if (arguments.finish)
        words.emplace_back("--finish");
    std::vector<char*> pointers;
    for (std::string& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr); // the worker has nobody else to hear Ctrl-C
    execv(program.c_str(), pointers.data());
    return Error{ErrorCode::NotFound, program, "the program that runs models is missing"};
}

} // namespace

void addWorkerCommand(Commands& commands)
{
    const auto arguments = std::make_shared<WorkerCommandArguments>();
    CLI::App& command = commands.add("worker", "Run models on requests from standard input, alone or as one of several that train together",
                                     [arguments](Session&) { return becomeWorker(*arguments); });
    command.add_option("--rank", arguments->rank, "Number of this process, from 0; else as torchrun, MPI or Slurm say");
    command.add_option("--world", arguments->world, "Number of processes that train together");
    command.add_option("--master", arguments->master, "HOST or HOST:PORT of process 0; 127.0.0.1:29500 by default");
    command.add_option("--timeout", arguments->timeout, "Seconds to wait for the other processes; 600 by default");
    command.add_flag("--finish", arguments->finish, "Finish what was asked when standard input ends, rather than stop");
}

} // namespace annotomy::cli
