#include "app/cli/command.h"
#include "app/cli/json_forms.h"
#include "app/workbench/progress_report.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <memory>

namespace annotomy::cli {

namespace {

struct CurveArguments {
    int more = 10;
    std::string out;
};

Json forecastJson(const DiceForecast& forecast)
{
    return {{"dice", forecast.dice}, {"low", forecast.low}, {"high", forecast.high}};
}

Json fitJson(const LearningProgress& progress, int more)
{
    if (!progress.fit)
        return nullptr;
    const PlateauFit& fit = *progress.fit;
    return {{"plateau", forecastJson(fit.plateau())},
            {"gap", fit.curve.gap},
            {"scale", fit.curve.scale},
            {"residual", fit.residual},
            {"mostCases", fit.mostCases},
            {"now", forecastJson(fit.at(fit.mostCases))},
            {"more", more},
            {"later", forecastJson(fit.at(fit.mostCases + more))}};
}

Json adviceJson(const LearningProgress& progress)
{
    if (!progress.advice)
        return nullptr;
    const StopAdvice& advice = *progress.advice;
    return {{"helps", advice.helps},
            {"worthwhileGain", worthwhileGain},
            {"moreCases", advice.helps ? Json(advice.moreCases) : Json(nullptr)},
            {"possibleGain", advice.possibleGain},
            {"highestGain", advice.highestGain}};
}

std::string classText(const ModelPoint& point)
{
    std::string text;
    for (const auto& [name, dice] : point.classDice)
        text += (text.empty() ? "" : ", ") + name + ' ' + fixed(dice, 3);
    return text;
}

Result<void> learningCurve(Session& session, const CurveArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const Result<LearningProgress> progress = learningProgress((*workbench)->workspace());
    if (!progress)
        return progress.error();
    if (!arguments.out.empty())
        if (const auto written = writeLearningProgress(*progress, arguments.out); !written)
            return written;
    Json models = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const ModelPoint& point : progress->points) {
        models.push_back({{"model", point.model.value},
                          {"name", point.name},
                          {"status", nameOf(point.status)},
                          {"cases", point.cases},
                          {"dice", point.dice},
                          {"gated", point.gated},
                          {"classDice", point.classDice}});
        rows.push_back({point.name, nameOf(point.status), std::to_string(point.cases), fixed(point.dice, 4),
                        point.gated ? "gate" : "training", classText(point)});
    }
    const std::string sentence = adviceSentence(*progress);
    session.output().document({{"models", models},
                               {"approvedCases", progress->approvedCases},
                               {"missingPoints", progress->missing},
                               {"fit", fitJson(*progress, arguments.more)},
                               {"advice", adviceJson(*progress)},
                               {"sentence", sentence}});
    session.output().table({"model", "status", "cases", "Dice", "measured by", "classes"}, rows);
    session.output().line(sentence);
    if (progress->fit) {
        const DiceForecast later = progress->fit->at(progress->fit->mostCases + arguments.more);
        session.output().line("With " + std::to_string(arguments.more) + " more cases: Dice " + fixed(later.dice, 3) + " ("
                              + fixed(later.low, 3) + " to " + fixed(later.high, 3) + ", 95 %).");
    }
    return {};
}

std::string startName(CorrectionStart start)
{
    switch (start) {
    case CorrectionStart::Nothing:
        return "nothing";
    case CorrectionStart::Proposal:
        return "proposal";
    case CorrectionStart::Elsewhere:
        break;
    }
    return "elsewhere";
}

template <class Value>
Json orNull(const std::optional<Value>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json costJson(const CorrectionCost& cost)
{
    return {{"case", cost.id.value},
            {"revision", cost.approved.value},
            {"approved", timeText(cost.approvedMs)},
            {"start", startName(cost.start)},
            {"proposal", cost.proposal ? Json(cost.proposal.value) : Json(nullptr)},
            {"model", cost.model ? Json(cost.model.value) : Json(nullptr)},
            {"strokes", cost.strokes},
            {"seconds", cost.seconds},
            {"changedVoxels", orNull(cost.changedVoxels)},
            {"proposalDice", orNull(cost.proposalDice)}};
}

Json summaryJson(const CorrectionSummary& summary)
{
    return {{"model", summary.model ? Json(summary.model.value) : Json(nullptr)},
            {"name", summary.model ? Json(summary.modelName) : Json(nullptr)},
            {"cases", summary.cases},
            {"strokes", summary.strokes},
            {"seconds", summary.seconds},
            {"changedVoxels", summary.changedVoxels},
            {"proposalDice", orNull(summary.proposalDice)}};
}

std::vector<std::string> costRow(const CorrectionCost& cost)
{
    return {std::to_string(cost.id.value),
            cost.start == CorrectionStart::Nothing ? "by hand" : cost.model ? cost.modelName : "elsewhere",
            std::to_string(cost.strokes),
            fixed(cost.seconds, 1),
            cost.changedVoxels ? std::to_string(*cost.changedVoxels) : "",
            cost.proposalDice ? fixed(*cost.proposalDice, 4) : ""};
}

std::vector<std::string> summaryRow(const CorrectionSummary& summary)
{
    return {summary.model ? summary.modelName : "by hand", std::to_string(summary.cases), fixed(summary.strokes, 1),
            fixed(summary.seconds, 1), fixed(summary.changedVoxels, 0),
            summary.proposalDice ? fixed(*summary.proposalDice, 4) : ""};
}

Result<void> correctionCost(Session& session, const std::string& out)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const auto costs = correctionCosts((*workbench)->workspace(), session.stop, session.progress());
    if (!costs)
        return costs.error();
    if (!out.empty())
        if (const auto written = writeCorrectionCosts(*costs, out); !written)
            return written;
    Json cases = Json::array(), models = Json::array();
    std::vector<std::vector<std::string>> caseRows, modelRows;
    for (const CorrectionCost& cost : *costs) {
        cases.push_back(costJson(cost));
        caseRows.push_back(costRow(cost));
    }
    for (const CorrectionSummary& summary : costsByModel(*costs)) {
        models.push_back(summaryJson(summary));
        modelRows.push_back(summaryRow(summary));
    }
    session.output().document({{"cases", cases}, {"models", models}, {"longestPauseSeconds", longestPauseSeconds}});
    session.output().table({"case", "started from", "strokes", "seconds", "changed voxels", "proposal's Dice"}, caseRows);
    session.output().line("");
    session.output().line("Medians; a pause counts for " + fixed(longestPauseSeconds, 0) + " s at most:");
    session.output().table({"proposal of", "cases", "strokes", "seconds", "changed voxels", "proposal's Dice"}, modelRows);
    return {};
}

} // namespace

void addProgressCommands(Commands& commands)
{
    const auto curve = std::make_shared<CurveArguments>();
    CLI::App& telling = commands.add("learning-curve", "Tell how models became better with more cases, and what to expect",
                                     [curve](Session& session) { return learningCurve(session, *curve); });
    telling.add_option("--more", curve->more, "Cases to forecast for; 10 by default")->check(CLI::Range(1, 100000));
    telling.add_option("--out", curve->out, "Chart to write: .svg, or a page .html");

    const auto out = std::make_shared<std::string>();
    CLI::App& counting = commands.add("correction-cost", "Tell what correcting each model's proposals cost, case by case",
                                      [out](Session& session) { return correctionCost(session, *out); });
    counting.add_option("--out", *out, "Charts to write: .svg, or a page .html");
}

} // namespace annotomy::cli
