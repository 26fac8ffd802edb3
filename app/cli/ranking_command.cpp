#include "app/cli/command.h"
#include "app/workbench/ranking.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <QByteArray>

#include <algorithm>
#include <memory>

namespace annotomy::cli {

namespace {

struct RankArguments {
    std::string strategy; // empty: the one that suits
    int count = 10;
    double randomShare = 0.1;
    int candidates = 0;
    std::optional<std::uint64_t> seed;
    std::vector<std::string> models; // numbers or names
    bool mirror = false;
    std::string person, device = "auto";
};

Result<RankOptions> rankOptions(Workbench& workbench, const RankArguments& arguments)
{
    RankOptions options;
    const auto& names = rankingStrategyNames();
    if (!arguments.strategy.empty())
        options.strategy =
            static_cast<RankingStrategy>(std::find(names.begin(), names.end(), arguments.strategy) - names.begin());
    options.count = arguments.count;
    options.randomShare = arguments.randomShare;
    options.candidates = arguments.candidates;
    options.seed = arguments.seed;
    options.inference.mirror = arguments.mirror;
    options.device = arguments.device;
    options.userName = arguments.person.empty() ? qgetenv("USER").toStdString() : arguments.person;
    for (const std::string& name : arguments.models) {
        const Result<ModelId> id = findModel(workbench.workspace(), name);
        if (!id)
            return id.error();
        options.models.push_back(*id);
    }
    return options;
}

Result<void> print(Session& session, Workspace& workspace, const CaseRanking& ranking)
{
    Json cases = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const ServedCase& served : ranking.cases) {
        const auto record = workspace.caseById(served.id);
        if (!record)
            return record.error();
        cases.push_back({{"case", served.id.value},
                         {"patient", record->patientName},
                         {"chosenBy", served.choice.chosenBy},
                         {"class", served.choice.className.empty() ? Json(nullptr) : Json(served.choice.className)},
                         {"score", served.choice.score},
                         {"reason", served.choice.reason}});
        rows.push_back({std::to_string(rows.size() + 1), std::to_string(served.id.value), record->patientName,
                        served.choice.chosenBy, served.choice.reason});
    }
    const std::string strategy = rankingStrategyNames()[static_cast<std::size_t>(ranking.strategy)];
    session.output().document({{"strategy", strategy},
                               {"model", ranking.model ? Json(ranking.model.value) : Json(nullptr)},
                               {"query", ranking.query},
                               {"round", ranking.round},
                               {"seed", ranking.seed},
                               {"candidates", ranking.candidates},
                               {"cases", cases},
                               {"notes", ranking.notes}});
    session.output().table({"place", "case", "patient", "chosen by", "why"}, rows);
    for (const std::string& note : ranking.notes)
        session.output().line(note);
    return {};
}

Result<void> rank(Session& session, const RankArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const auto options = rankOptions(**workbench, arguments);
    if (!options)
        return options.error();
    const auto ranking = rankCases(**workbench, *options, session.stop, session.progress());
    if (!ranking)
        return ranking.error();
    return print(session, (*workbench)->workspace(), *ranking);
}

} // namespace

void addRankingCommand(Commands& commands)
{
    const auto ranked = std::make_shared<RankArguments>();
    CLI::App& ranking = commands.add("rank", "Tell which cases had best be corrected next, and why; it is recorded",
                                     [ranked](Session& session) { return rank(session, *ranked); });
    ranking
        .add_option("--strategy", ranked->strategy,
                    "clasp-pe (the default with a model), random (without one), foreground-random, entropy, margin, "
                    "disagreement or diversity")
        ->check(CLI::IsMember(rankingStrategyNames()));
    ranking.add_option("--count", ranked->count, "Cases wanted; 10 by default")->check(CLI::Range(1, 1000000));
    ranking.add_option("--random-share", ranked->randomShare, "Of them, drawn from all alike as a control; 0.1 by default")
        ->check(CLI::Range(0.0, 1.0));
    ranking.add_option("--candidates", ranked->candidates, "At most so many cases are looked at, drawn at random")
        ->check(CLI::Range(1, 1000000));
    ranking.add_option("--seed", ranked->seed, "Seed of everything random; the query's number by default");
    ranking.add_option("--model", ranked->models,
                       "Number or name of a model, once for each of an ensemble; the current one by default");
    ranking.add_flag("--tta", ranked->mirror, "Average over mirror images, along the axes that the model knows mirrored");
    ranking.add_option("--as", ranked->person, "For whom; the account's name by default");
    ranking.add_option("--device", ranked->device, "auto, cpu or cuda");
}

} // namespace annotomy::cli
