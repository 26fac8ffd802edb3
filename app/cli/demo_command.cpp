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

Json segmentsJson(const DemoRow& row)
{
    Json segments = Json::array();
    for (const SegmentDice& one : row.segments)
        segments.push_back({{"segment", one.segment},
                            {"diceBefore", orNull(one.dice.before)},
                            {"diceAfter", orNull(one.dice.after)}});
    return segments;
}

Json demoJson(const DemoResult& result, const std::string& folder)
{
    Json rows = Json::array();
    for (const DemoRow& row : result.rows) {
        const DicePair mean = row.mean();
        rows.push_back({{"case", row.caseId.value},
                        {"patient", row.patient},
                        {"heldOut", row.heldOut},
                        {"segments", segmentsJson(row)},
                        {"diceBefore", orNull(mean.before)},
                        {"diceAfter", orNull(mean.after)},
                        {"correctedVoxels", row.correctedVoxels}});
    }
    const DemoRow heldOut = result.heldOutMean();
    return {{"workspace", folder},
            {"cases", rows},
            {"heldOutSegments", segmentsJson(heldOut)},
            {"heldOutDiceBefore", orNull(heldOut.mean().before)},
            {"heldOutDiceAfter", orNull(heldOut.mean().after)},
            {"firstGate", gateJson(result.first.gate)},
            {"secondGate", gateJson(result.second.gate)}};
}

std::string pairText(const DicePair& dice)
{
    const auto text = [](const std::optional<double>& value) { return value ? fixed(*value, 3) : std::string("-"); };
    return text(dice.before) + " -> " + text(dice.after);
}

std::vector<std::string> tableRow(const DemoRow& row, const std::string& patient, const std::string& role)
{
    std::vector<std::string> cells{patient, role};
    for (const SegmentDice& one : row.segments)
        cells.push_back(pairText(one.dice));
    cells.push_back(pairText(row.mean()));
    return cells;
}

void printDemo(const Output& output, const DemoResult& result, const std::string& folder)
{
    const DemoRow heldOut = result.heldOutMean();
    std::vector<std::string> headings{"patient", "role"};
    for (const SegmentDice& one : heldOut.segments)
        headings.push_back(one.segment);
    headings.emplace_back("mean");
    std::vector<std::vector<std::string>> rows;
    for (const DemoRow& row : result.rows)
        rows.push_back(tableRow(row, row.patient, row.heldOut ? "held out" : "corrected, then learnt from"));
    rows.push_back(tableRow(heldOut, "mean", "held out"));
    output.line("Dice with the known truth: the first model's -> the retrained model's");
    output.table(headings, rows);
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
