// annotomy-cli: every use-case of the workbench from a shell.
#include "app/cli/command.h"
#include "app/workbench/errors.h"

#include <CLI/CLI.hpp>

#include <QGuiApplication>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

namespace {

using namespace annotomy;

constexpr int failed = 1;
constexpr int usage = 2;

// Turns Ctrl-C and SIGTERM into a request to stop, so that jobs end in order. Helper programs inherit the blocked signals and are
// told to stop by their own protocol.
class InterruptWatch {
public:
    InterruptWatch()
    {
        sigemptyset(&m_signals);
        sigaddset(&m_signals, SIGINT);
        sigaddset(&m_signals, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
        m_thread = std::jthread([this](std::stop_token ended) {
            const timespec interval{0, 200'000'000};
            while (!ended.stop_requested()) {
                if (sigtimedwait(&m_signals, nullptr, &interval) <= 0)
                    continue;
                if (m_interrupted.stop_requested())
                    std::_Exit(failed); // asked twice; the helpers end with their standard input
                m_interrupted.request_stop();
            }
        });
    }

    std::stop_token token() const { return m_interrupted.get_token(); }

private:
    sigset_t m_signals{};
    std::stop_source m_interrupted;
    std::jthread m_thread;
};

// Standard error carries progress and one sentence: what Qt has to say about the system is not for the person.
void keepQuiet(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    if (type == QtCriticalMsg || type == QtFatalMsg)
        std::fprintf(stderr, "%s\n", text.toUtf8().constData());
}

std::unique_ptr<QCoreApplication> application(int& argc, char** argv)
{
    const bool draws = std::any_of(argv, argv + argc, [](const std::string& word) {
        return word == "snapshot" || word == "evaluate"; // which draws plots
    });
    if (!draws)
        return std::make_unique<QCoreApplication>(argc, argv);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    return std::make_unique<QGuiApplication>(argc, argv);
}

int parseFailure(const CLI::App& app, const CLI::ParseError& error)
{
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
        return app.exit(error); // --help
    const std::vector<std::string> unknown = app.remaining();
    const bool noCommand = app.get_subcommands().empty() && !unknown.empty();
    const std::string problem = noCommand ? "There is no command " + unknown.front() : error.what();
    std::fprintf(stderr, "%s; see annotomy-cli --help\n", problem.c_str());
    return usage;
}

} // namespace

int main(int argc, char** argv)
{
    InterruptWatch interrupts;
    qInstallMessageHandler(keepQuiet);
    const std::unique_ptr<QCoreApplication> qt = application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("annotomy-cli"));

    CLI::App app("Annotomy from the command line", "annotomy-cli");
    app.require_subcommand(1);
    app.fallthrough();
    cli::Session session;
    session.stop = interrupts.token();
    app.add_option("--workspace", session.workspaceFolder, "Folder of the workspace; else $ANNOTOMY_WORKSPACE, "
                                                           "else ~/Annotomy");
    app.add_flag("--json", session.json, "One JSON document on standard output");
    app.add_option_function<std::string>(
        "--host", [](const std::string& host) { qputenv("ANNOTOMY_HOST", host.c_str()); },
        "Run models on this host over ssh, as [USER@]HOST; else on $ANNOTOMY_HOST, else here");
    cli::Commands commands(app);
    cli::addCaseCommands(commands);
    cli::addIndexCommands(commands);
    cli::addMaskCommands(commands);
    cli::addLearningCommands(commands);
    cli::addModelCommands(commands);
    cli::addProgressCommands(commands);
    cli::addRankingCommand(commands);
    cli::addModelTransferCommands(commands);
    cli::addFileCommands(commands);
    cli::addDatasetCommands(commands);
    cli::addSnapshotCommand(commands);
    cli::addDemoCommand(commands);
    cli::addDeidentifyCommand(commands);
    cli::addWorkerCommand(commands);
    cli::addExplainCommand(commands);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return parseFailure(app, error);
    }
    Result<void> done = commands.chosen()(session);
    if (done)
        done = cli::Output::finish();
    if (done)
        return 0;
    std::fprintf(stderr, "%s\n", sentence(done.error()).toUtf8().constData());
    return failed;
}
