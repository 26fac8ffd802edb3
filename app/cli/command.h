#pragma once

#include "app/cli/output.h"
#include "app/workbench/workbench.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace annotomy::cli {

// What every command shares: the global options, the stop token of Ctrl-C, the way to tell results and progress.
class Session {
public:
    std::string workspaceFolder; // empty: the default one
    bool json = false;
    std::stop_token stop;

    Result<Workbench*> workbench(); // opened at the first use
    Output output() const { return Output(json); }
    JobReport progress(); // prints to standard error, throttled

private:
    std::unique_ptr<Workbench> m_workbench;
};

// A command's work once its options are parsed.
using Action = std::function<Result<void>(Session&)>;

// Where a group of commands registers itself; the action of the one that was named is run.
class Commands {
public:
    explicit Commands(CLI::App& app) : m_app(app) {}
    CLI::App& app() { return m_app; }
    // Adds a subcommand; its options are bound by the caller to the state that `action` holds.
    CLI::App& add(const std::string& name, const std::string& help, Action action);
    const Action& chosen() const { return m_chosen; }

private:
    CLI::App& m_app;
    Action m_chosen;
};

void addCaseCommands(Commands& commands);    // import, case
void addIndexCommands(Commands& commands);   // cases, list, relink, inbox
void addMaskCommands(Commands& commands);    // attach, approve, export
void addLearningCommands(Commands& commands); // plan, train, propose, evaluate
void addModelCommands(Commands& commands);   // models, model, promote, history
void addProgressCommands(Commands& commands); // learning-curve, correction-cost
void addRankingCommand(Commands& commands);  // rank
void addModelTransferCommands(Commands& commands); // import-model, export-model
void addFileCommands(Commands& commands);    // info, convert, compare
void addDatasetCommands(Commands& commands); // export-dataset
void addSnapshotCommand(Commands& commands);
void addDemoCommand(Commands& commands);
void addDeidentifyCommand(Commands& commands);
void addWorkerCommand(Commands& commands);
void addExplainCommand(Commands& commands);
void addExplainCommand(Commands& commands); // explain, suspicions

// What is wrong with a text that should be a number above 0, or 0 or more; empty when nothing is. For CLI::Option::check.
std::string isPositive(const std::string& text);
std::string isNotNegative(const std::string& text);

// A model by number or name.
Result<ModelId> findModel(Workspace& workspace, const std::string& numberOrName);

} // namespace annotomy::cli
