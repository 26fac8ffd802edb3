#include "app/cli/command.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace annotomy::cli {

namespace {

using Clock = std::chrono::steady_clock;

// One line that is written over on a terminal; a line every few seconds elsewhere.
class ProgressPrinter {
public:
    void operator()(const JobUpdate& update)
    {
        if (update.run && update.run != m_run) {
            m_run = update.run;
            const std::string run = std::to_string(m_run.value);
            print("run " + run + " (once interrupted, --resume " + run + " goes on with it)", true);
        }
        if (!update.note.empty())
            print(update.note, true);
        if (update.epoch)
            print(epochText(*update.epoch), true);
        const auto now = Clock::now();
        const bool stageChanged = update.stage != m_stage;
        if (!stageChanged && now - m_last < (m_terminal ? std::chrono::milliseconds(200) : std::chrono::seconds(10)))
            return;
        m_last = now;
        m_stage = update.stage;
        print(progressText(update), !m_terminal);
    }

    ~ProgressPrinter()
    {
        if (m_open)
            std::fputc('\n', stderr);
    }

private:
    static std::string progressText(const JobUpdate& update)
    {
        char text[160];
        std::snprintf(text, sizeof text, "%s %3.0f %%", update.stage.c_str(), 100 * update.fraction);
        std::string line = text;
        if (update.filesFound > 0) {
            std::snprintf(text, sizeof text, ", %lld of %lld files, %.0f files/s", static_cast<long long>(update.filesDone),
                          static_cast<long long>(update.filesFound), update.filesPerSecond);
            line += text;
        }
        if (update.secondsLeft >= 0) {
            std::snprintf(text, sizeof text, ", %.0f s left", update.secondsLeft);
            line += text;
        }
        return line;
    }

    static std::string epochText(const EpochRecord& epoch)
    {
        char text[160];
        std::snprintf(text, sizeof text, "epoch %d, %.0f s: loss %.4f", epoch.epoch, epoch.seconds, epoch.trainLoss);
        std::string line = text;
        if (epoch.validationDice) {
            std::snprintf(text, sizeof text, ", validation Dice %.4f", *epoch.validationDice);
            line += text;
        }
        return line;
    }

    void print(const std::string& text, bool ends)
    {
        std::fprintf(stderr, m_terminal ? "\r\033[K%s%s" : "%s%s", text.c_str(), ends ? "\n" : "");
        m_open = !ends;
        std::fflush(stderr);
    }

    const bool m_terminal = isatty(STDERR_FILENO) == 1;
    Clock::time_point m_last{};
    std::string m_stage;
    RunId m_run;
    bool m_open = false; // a line without its end stands on the terminal
};

} // namespace

Result<Workbench*> Session::workbench()
{
    if (!m_workbench) {
        auto opened = Workbench::open(workspaceFolder.empty() ? defaultWorkspaceFolder() : workspaceFolder);
        if (!opened)
            return opened.error();
        m_workbench = *std::move(opened);
    }
    return m_workbench.get();
}

JobReport Session::progress()
{
    return [printer = std::make_shared<ProgressPrinter>()](const JobUpdate& update) { (*printer)(update); };
}

CLI::App& Commands::add(const std::string& name, const std::string& help, Action action)
{
    CLI::App* command = m_app.add_subcommand(name, help);
    command->callback([this, action = std::move(action)] { m_chosen = action; });
    return *command;
}

namespace {

std::optional<double> finiteNumber(const std::string& text)
{
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    const bool is = !text.empty() && *end == '\0' && std::isfinite(value);
    return is ? std::optional(value) : std::nullopt;
}

} // namespace

std::string isPositive(const std::string& text)
{
    return finiteNumber(text).value_or(0) > 0 ? std::string() : "give a number above 0, not " + text;
}

std::string isNotNegative(const std::string& text)
{
    return finiteNumber(text).value_or(-1) >= 0 ? std::string() : "give a number, 0 or more, not " + text;
}

} // namespace annotomy::cli
