#include "app/cli/command.h"
#include "app/cli/json_forms.h"
#include "app/workbench/demo.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <QDateTime>
#include <QDir>

#include <memory>

namespace annotomy::cli {

namespace {

// A demonstration leaves the user's own workspace alone.
std::string newDemoFolder()
{
    const QString time = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-hhmmss"));
    return (QDir::homePath() + QStringLiteral("/Annotomy-demo/") + time).toStdString();
}

Json orNull(const std::optional<double>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json demoJson(const DemoResult& result, const std::string& folder)
{
    Json rows = Json::array();
    for (const DemoRow& row : result.rows) {
        rows.push_back({{"case", row.caseId.value},
                        {"patient", row.patient},
                        {"heldOut", row.heldOut},
                        {"diceBefore", orNull(row.before)},
                        {"diceAfter", orNull(row.after)},
                        {"correctedVoxels", row.correctedVoxels}});
    }
    return {{"workspace", folder},
            {"cases", rows},
            {"heldOutDiceBefore", orNull(result.heldOutBefore)},
            {"heldOutDiceAfter", orNull(result.heldOutAfter)},
            {"firstGate", gateJson(result.first.gate)},
            {"secondGate", gateJson(result.second.gate)}};
}

void printDemo(const Output& output, const DemoResult& result, const std::string& folder)
{
    const auto text = [](const std::optional<double>& value) { return value ? fixed(*value, 3) : std::string("-"); };
    std::vector<std::vector<std::string>> rows;
    for (const DemoRow& row : result.rows) {
        rows.push_back({std::to_string(row.caseId.value), row.patient,
                        row.heldOut ? "held out" : "corrected, then learnt from", text(row.before), text(row.after)});
    }
    rows.push_back({"", "mean", "of the held-out cases", text(result.heldOutBefore), text(result.heldOutAfter)});
    output.table({"case", "patient", "role", "Dice before", "Dice after"}, rows);
    output.line("first model: " + result.first.gate.reason);
    output.line("second model: " + result.second.gate.reason);
    output.line("workspace: " + folder);
}

Result<void> demo(Session& session, double minutes, std::uint64_t seed)
{
    DemoOptions options;
    options.workspaceFolder = session.workspaceFolder.empty() ? newDemoFolder() : session.workspaceFolder;
    options.programs = defaultProgramPaths();
    options.seed = seed;
    if (minutes > 0) {
        options.firstMinutes = minutes * 0.55;
        options.secondMinutes = minutes * 0.45;
    }
    const auto result = runDemo(options, session.stop, session.progress());
    if (!result)
        return result.error();
    session.output().document(demoJson(*result, options.workspaceFolder));
    printDemo(session.output(), *result, options.workspaceFolder);
    return {};
}

} // namespace

void addDemoCommand(Commands& commands)
{
    const auto minutes = std::make_shared<double>(0);
    const auto seed = std::make_shared<std::uint64_t>(1);
    CLI::App& command = commands.add("demo", "Show the whole main job on synthetic chest CTs",
                                     [minutes, seed](Session& session) { return demo(session, *minutes, *seed); });
    command.add_option("--minutes", *minutes, "Training time of both models together")->check(isPositive);
    command.add_option("--seed", *seed, "Seed of the cohort and of the trainings");
}

} // namespace annotomy::cli
