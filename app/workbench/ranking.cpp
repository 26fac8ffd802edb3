#include "app/workbench/ranking.h"

#include "app/workbench/approved_masks.h"
#include "app/workbench/model_files.h"
#include "app/workbench/workbench_impl.h"
#include "app/workbench/worker_client.h"
#include "core/base/clock.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace annotomy {

namespace {

using Json = nlohmann::json;

constexpr const char* serveKind = "serve-case";
constexpr std::size_t ensembleSize = 3; // that is asked for its disagreement unless models are named

std::string keyOf(CaseId id)
{
    return "case-" + std::to_string(id.value);
}

Json detailsOf(const DecisionRecord& decision)
{
    Json details = Json::parse(decision.detailsJson, nullptr, false);
    return details.is_object() ? details : Json::object();
}

// What earlier queries have left.
struct QueryHistory {
    int queries = 0;
    std::set<ModelId> models;
};

QueryHistory queryHistory(const std::vector<DecisionRecord>& decisions)
{
    QueryHistory history;
    for (const DecisionRecord& decision : decisions) {
        if (decision.kind != serveKind)
            continue;
        history.queries = std::max(history.queries, detailsOf(decision).value("query", 0));
        if (decision.model)
            history.models.insert(decision.model);
    }
    return history;
}

bool teaches(const CaseRow& row)
{
    return row.state != CaseState::Approved && row.pool != Pool::Validation && row.pool != Pool::Test;
}

bool suits(const std::string& modality, const std::vector<ChosenModel>& models)
{
    return models.empty() || modality == "CT"
        || models.front().record.card.channels.front().normalisation != Normalisation::CtClipZScore;
}

// By number; where more are there than are wanted, a random selection.
Result<std::vector<CaseId>> candidatesFor(Workspace& workspace, const RankOptions& options,
                                          const std::vector<ChosenModel>& models, std::uint64_t seed)
{
    const auto rows = workspace.findCases({});
    if (!rows)
        return rows.error();
    std::vector<CaseId> found;
    for (const CaseRow& row : *rows)
        if (teaches(row) && suits(row.modality, models))
            found.push_back(row.id);
    if (found.empty())
        return Error{ErrorCode::Conflict, "The next case",
                     "no case is left that is not approved and would teach a model; import more images"};
    const auto wanted = static_cast<std::size_t>(std::max(options.candidates, 0));
    if (wanted == 0 || wanted >= found.size())
        return found;
    std::mt19937_64 generator(seed);
    for (std::size_t n = 0; n < wanted; ++n)
        std::swap(found[n], found[n + static_cast<std::size_t>(generator() % (found.size() - n))]);
    found.resize(wanted);
    std::sort(found.begin(), found.end());
    return found;
}

// Scores cases in one job of the worker.
class PoolScorer {
public:
    PoolScorer(Workbench& workbench, const std::vector<ChosenModel>& models, const RankOptions& options)
        : m_workbench(workbench), m_models(models)
    {
        for (const ChosenModel& model : models)
            m_job.modelPaths.push_back(model.path);
        m_job.options = options.inference;
        m_job.device = options.device;
    }

    // A case whose image is not to be had is left out, and told.
    Result<void> add(CaseId id, std::stop_token stop)
    {
        Workspace& workspace = m_workbench.workspace();
        const Result<CaseRecord> record = workspace.caseById(id);
        Result<std::string> image = record ? m_workbench.imagePath(id, stop) : record.error();
        if (!record || (!image && image.error().code == ErrorCode::Cancelled))
            return image.error();
        m_names.emplace(keyOf(id), caseName(*record));
        if (image)
            m_job.items.push_back({keyOf(id), *std::move(image), record->series.info.modality});
        else
            leaveOut(keyOf(id), image.error());
        return {};
    }

    Result<std::map<std::string, CaseScores>> run(std::stop_token stop, const JobReport& report)
    {
        std::map<std::string, CaseScores> scores;
        if (m_job.items.empty())
            return scores;
        const QTemporaryDir folder;
        if (!folder.isValid())
            return Error{ErrorCode::IoFailure, folder.path().toStdString(), folder.errorString().toStdString()};
        const auto handle = [&](const WorkerEvent& event) {
            if (const auto* progress = std::get_if<WorkerProgress>(&event); progress && report)
                report({"scoring", progress->fraction, progress->secondsLeft, {}, {}});
            if (const auto* note = std::get_if<WorkerNote>(&event))
                m_notes.push_back(note->text + '.');
            if (const auto* failed = std::get_if<ItemFailed>(&event))
                leaveOut(failed->key, failed->error);
            if (const auto* one = std::get_if<CaseScores>(&event))
                scores.emplace(one->key, *one);
        };
        const auto done = runWorkerJob(m_workbench.programs().worker, m_job, folder.path().toStdString(),
                                       m_models.front().record.name, handle, stop);
        if (!done)
            return done.error();
        return scores;
    }

    const std::vector<std::string>& notes() const { return m_notes; }

private:
    void leaveOut(const std::string& key, const Error& error)
    {
        m_notes.push_back(m_names[key] + " is left out: " + error.detail + '.');
    }

    Workbench& m_workbench;
    const std::vector<ChosenModel>& m_models;
    ScoreJob m_job;
    std::map<std::string, std::string> m_names; // of the cases, by key
    std::vector<std::string> m_notes;
};

struct PoolScores {
    std::vector<CaseScores> candidates, approved;
};

std::vector<CaseScores> scoresOf(const std::vector<CaseId>& ids, std::map<std::string, CaseScores>& scores)
{
    std::vector<CaseScores> found;
    for (const CaseId id : ids)
        if (const auto one = scores.find(keyOf(id)); one != scores.end())
            found.push_back(std::move(one->second));
    return found;
}

Result<PoolScores> scoredPool(Workbench& workbench, const std::vector<CaseId>& candidates,
                              const std::vector<ChosenModel>& models, const RankOptions& options, CaseRanking& ranking,
                              std::stop_token stop, const JobReport& report)
{
    PoolScores pool;
    if (models.empty()) { // chance needs none
        for (const CaseId id : candidates) {
            CaseScores unscored;
            unscored.key = keyOf(id);
            pool.candidates.push_back(std::move(unscored));
        }
        return pool;
    }
    std::vector<CaseId> known;
    if (ranking.strategy == RankingStrategy::Diversity) {
        const auto masks = approvedMasks(workbench.workspace(), Pool::Train);
        if (!masks)
            return masks.error();
        for (const ApprovedMask& mask : *masks)
            known.push_back(mask.record.id);
    }
    PoolScorer scorer(workbench, models, options);
    for (const std::vector<CaseId>* ids : {&candidates, &std::as_const(known)})
        for (std::size_t n = 0; n < ids->size(); ++n) {
            reportStage(report, "decoding", static_cast<double>(n) / static_cast<double>(ids->size()));
            if (const auto added = scorer.add((*ids)[n], stop); !added)
                return added.error();
        }
    auto scores = scorer.run(stop, report);
    if (!scores)
        return scores.error();
    ranking.notes = scorer.notes();
    pool.candidates = scoresOf(candidates, *scores);
    pool.approved = scoresOf(known, *scores);
    if (pool.candidates.empty())
        return Error{ErrorCode::Conflict, "The next case",
                     ranking.notes.empty() ? "no image could be looked at" : ranking.notes.front()};
    return pool;
}

Result<void> recordServed(Workspace& workspace, const CaseRanking& ranking, const std::string& userName)
{
    for (std::size_t n = 0; n < ranking.cases.size(); ++n) {
        const ServedCase& served = ranking.cases[n];
        DecisionRecord decision;
        decision.kind = serveKind;
        decision.who = userName;
        decision.caseId = served.id;
        decision.model = ranking.model;
        decision.timeMs = nowMs();
        decision.detailsJson = Json{{"query", ranking.query},
                                    {"position", n + 1},
                                    {"strategy", rankingStrategyNames()[static_cast<std::size_t>(ranking.strategy)]},
                                    {"chosenBy", served.choice.chosenBy},
                                    {"className", served.choice.className},
                                    {"score", served.choice.score},
                                    {"reason", served.choice.reason},
                                    {"seed", ranking.seed},
                                    {"round", ranking.round},
                                    {"candidates", ranking.candidates}}
                                   .dump();
        if (const auto stored = workspace.addDecision(decision); !stored)
            return stored;
    }
    return {};
}

bool knowSameClasses(const ModelCard& a, const ModelCard& b)
{
    const auto same = [](const ModelClass& x, const ModelClass& y) { return x.output == y.output && x.name == y.name; };
    return std::equal(a.classes.begin(), a.classes.end(), b.classes.begin(), b.classes.end(), same);
}

// The current model and the newest others that know its classes.
Result<std::vector<ModelId>> standingEnsemble(Workspace& workspace, const ModelRecord& current)
{
    const auto models = workspace.models();
    if (!models)
        return models.error();
    std::vector<ModelId> ids{current.id};
    for (auto model = models->rbegin(); model != models->rend() && ids.size() < ensembleSize; ++model)
        if (model->id != current.id && knowSameClasses(model->card, current.card))
            ids.push_back(model->id);
    return ids;
}

RankingStrategy suitingStrategy(bool hasModel)
{
    return hasModel ? RankingStrategy::ClaspPe : RankingStrategy::Random;
}

// Of the strategy that was asked for, else of the one that suits.
Result<std::vector<ChosenModel>> modelsFor(Workspace& workspace, const RankOptions& options, CaseRanking& ranking)
{
    const auto current = workspace.currentModel();
    if (!current)
        return current.error();
    const bool canAsk = *current || !options.models.empty();
    ranking.strategy = options.strategy.value_or(suitingStrategy(canAsk));
    if (ranking.strategy == RankingStrategy::Random)
        return std::vector<ChosenModel>();
    auto ids = ranking.strategy == RankingStrategy::Disagreement && options.models.empty() && *current
                   ? standingEnsemble(workspace, **current)
                   : Result(options.models);
    auto models = ids ? chosenModels(workspace, *ids) : ids.error();
    if (!models)
        return models;
    const bool mirrors =
        options.inference.mirror && models->front().record.card.recipe.mirrorAxes != Index3{0, 0, 0};
    if (ranking.strategy == RankingStrategy::Disagreement && models->size() < 2 && !mirrors)
        return Error{ErrorCode::Conflict, "Disagreement",
                     "one model alone does not disagree; train another, or mirror with a model that was trained with "
                     "mirror images"};
    ranking.model = models->front().record.id;
    return models;
}

} // namespace

Result<CaseRanking> rankCases(Workbench& workbench, const RankOptions& options, std::stop_token stop,
                              const JobReport& report)
{
    Workspace& workspace = workbench.workspace();
    if (const auto writable = requireWritable(workspace); !writable)
        return writable.error();
    CaseRanking ranking;
    const auto models = modelsFor(workspace, options, ranking);
    const auto decisions = models ? workspace.decisions() : models.error();
    if (!decisions)
        return decisions.error();
    QueryHistory history = queryHistory(*decisions);
    history.models.erase(ranking.model);
    ranking.query = history.queries + 1;
    ranking.round = static_cast<int>(history.models.size());
    ranking.seed = options.seed.value_or(static_cast<std::uint64_t>(ranking.query));
    const auto candidates = candidatesFor(workspace, options, *models, ranking.seed);
    if (!candidates)
        return candidates.error();
    const auto pool = scoredPool(workbench, *candidates, *models, options, ranking, stop, report);
    if (!pool)
        return pool.error();
    ranking.candidates = static_cast<int>(pool->candidates.size());

    const RankingRules rules{ranking.strategy, options.count, options.randomShare, ranking.round, ranking.seed};
    std::map<std::string, CaseId> ids;
    for (const CaseId id : *candidates)
        ids.emplace(keyOf(id), id);
    for (RankedCase& choice : rankedCases(pool->candidates, pool->approved, rules)) {
        const CaseId id = ids.at(choice.key);
        ranking.cases.push_back({id, std::move(choice)});
    }
    if (const auto recorded = recordServed(workspace, ranking, options.userName); !recorded)
        return recorded.error();
    return ranking;
}

Result<std::optional<ServedCase>> nextServed(Workspace& workspace, CaseId after, std::optional<RankingStrategy> strategy)
{
    const auto current = workspace.currentModel();
    const auto decisions = current ? workspace.decisions() : current.error();
    if (!decisions)
        return decisions.error();
    const int newest = queryHistory(*decisions).queries;
    const std::string wanted =
        rankingStrategyNames()[static_cast<std::size_t>(strategy.value_or(suitingStrategy(current->has_value())))];
    const ModelId model = *current && wanted != rankingStrategyNames()[static_cast<std::size_t>(RankingStrategy::Random)]
                              ? (*current)->id
                              : ModelId{};
    std::optional<ServedCase> next;
    for (const DecisionRecord& decision : *decisions) {
        const Json details = decision.kind == serveKind ? detailsOf(decision) : Json::object();
        if (details.value("query", 0) != newest || details.value("strategy", std::string()) != wanted
            || decision.model != model)
            continue;
        if (decision.caseId == after)
            next.reset();
        const auto record = workspace.caseById(decision.caseId);
        if (next || decision.caseId == after || !record || record->state == CaseState::Approved)
            continue;
        next = ServedCase{decision.caseId,
                          {keyOf(decision.caseId), details.value("chosenBy", std::string()),
                           details.value("className", std::string()), details.value("score", 0.0),
                           details.value("reason", std::string())}};
    }
    return next;
}

Result<std::string> servedReason(Workspace& workspace, CaseId id)
{
    const auto decisions = workspace.decisions(id);
    if (!decisions)
        return decisions.error();
    for (auto decision = decisions->rbegin(); decision != decisions->rend(); ++decision) {
        if (decision->kind != serveKind)
            continue;
        return detailsOf(*decision).value("reason", std::string());
    }
    return std::string();
}

} // namespace annotomy
