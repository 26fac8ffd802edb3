#include "app/workbench/gate.h"

#include "app/workbench/model_files.h"
#include "app/workbench/worker_client.h"
#include "app/workbench/workbench_impl.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace annotomy {

namespace {

constexpr int fewestPatients = 3;
constexpr double greatestFall = 0.02;  // of a class
constexpr double greatestDoubt = 0.005; // that the models' difference may lie below 0

std::string twoFigures(const char* pattern, double first, double second)
{
    char text[200];
    std::snprintf(text, sizeof text, pattern, first, second);
    return text;
}

GateDecision provisional(bool hasCurrent, int patients)
{
    GateDecision decision;
    decision.validationPatients = patients;
    decision.promoted = !hasCurrent;
    decision.reason = "Provisional, not gated: the validation pool holds " + std::to_string(patients)
        + " patients, and the gate needs 3.";
    return decision;
}

// The Dice of the candidate and of the current model by class. What a model does not know counts as 0 for it, so that
// a class learnt anew is a gain and a class forgotten is a loss.
std::map<std::string, std::pair<double, double>> classPairs(const PoolFigures& candidate, const PoolFigures& current)
{
    std::map<std::string, std::pair<double, double>> pairs;
    for (const auto& [name, dice] : candidate.classDice)
        pairs[name].first = dice;
    for (const auto& [name, dice] : current.classDice)
        pairs[name].second = dice;
    return pairs;
}

std::pair<double, double> meansOf(const std::map<std::string, std::pair<double, double>>& pairs)
{
    double first = 0, second = 0;
    for (const auto& [name, pair] : pairs) {
        first += pair.first;
        second += pair.second;
    }
    const auto count = static_cast<double>(std::max<std::size_t>(1, pairs.size()));
    return {first / count, second / count};
}

using Shares = std::map<std::string, std::optional<double>>;

// One figure per case and model: the mean over the classes that the case has, 0 for what a model does not know.
std::optional<PairedDifference> pairedDifference(const PoolFigures& candidate, const PoolFigures& current,
                                                 Shares CaseFigures::* figure)
{
    std::vector<double> first, second;
    for (const CaseFigures& one : candidate.cases) {
        const auto other = std::find_if(current.cases.begin(), current.cases.end(),
                                        [&](const CaseFigures& c) { return c.key == one.key; });
        if (other == current.cases.end())
            continue;
        std::map<std::string, std::pair<double, double>> pairs;
        for (const auto& [name, share] : one.*figure)
            if (share)
                pairs[name].first = *share;
        for (const auto& [name, share] : (*other).*figure)
            if (share)
                pairs[name].second = *share;
        if (pairs.empty())
            continue;
        const auto [now, before] = meansOf(pairs);
        first.push_back(now);
        second.push_back(before);
    }
    return annotomy::pairedDifference(first, second);
}

bool isDoubtful(const std::optional<PairedDifference>& difference)
{
    return difference && difference->low < -greatestDoubt;
}

std::string doubtOf(const GateDecision& decision)
{
    const bool byDice = isDoubtful(decision.dice);
    const PairedDifference& difference = byDice ? *decision.dice : *decision.nsd;
    return twoFigures(byDice ? "Rejected: not proven to be better: Dice may be %.4f lower on the validation pool (95 %% "
                               "interval; mean difference %+.4f)."
                             : "Rejected: not proven to be better: the surface Dice may be %.4f lower on the validation "
                               "pool (95 %% interval; mean difference %+.4f).",
                      -difference.low, difference.mean);
}

std::string fallenClasses(const std::map<std::string, double>& differences)
{
    std::string fallen;
    for (const auto& [name, difference] : differences)
        if (difference < -greatestFall)
            fallen += (fallen.empty() ? "" : ", ") + name;
    return fallen;
}

Result<std::vector<TrainingCase>> validationCases(Workspace& workspace, const std::vector<ApprovedMask>& masks,
                                                  const GateRequest& request, const ImageProvider& imagePath)
{
    std::vector<TrainingCase> cases;
    for (const ApprovedMask& mask : masks) {
        auto one = writeTrainingCase(workspace, mask, request.candidate->classes, request.folder, imagePath);
        if (!one)
            return one.error();
        cases.push_back(*std::move(one));
    }
    return cases;
}

} // namespace

PoolFigures summarised(const ModelFigures& figures)
{
    std::map<std::string, std::pair<double, int>> sums;
    for (const CaseFigures& one : figures.cases) {
        for (const auto& [name, dice] : one.dice) {
            if (!dice)
                continue;
            sums[name].first += *dice;
            ++sums[name].second;
        }
    }
    PoolFigures result;
    result.cases = figures.cases;
    double total = 0;
    for (const auto& [name, sum] : sums) {
        result.classDice[name] = sum.first / sum.second;
        total += result.classDice[name];
    }
    if (!sums.empty())
        result.meanDice = total / static_cast<double>(sums.size());
    return result;
}

GateDecision decide(const PoolFigures& candidate, const std::optional<PoolFigures>& current, int validationPatients)
{
    GateDecision decision;
    decision.gated = true;
    decision.validationPatients = validationPatients;
    decision.candidateDice = candidate.meanDice;
    if (!current) {
        decision.promoted = candidate.meanDice.has_value();
        decision.reason = decision.promoted ? "Promoted: it is the first gated model."
                                            : "Rejected: it finds nothing on the validation pool.";
        return decision;
    }
    const auto pairs = classPairs(candidate, *current);
    for (const auto& [name, pair] : pairs)
        decision.classDifference[name] = pair.first - pair.second;
    const auto [now, before] = meansOf(pairs);
    decision.candidateDice = now;
    decision.currentDice = before;
    decision.dice = pairedDifference(candidate, *current, &CaseFigures::dice);
    decision.nsd = pairedDifference(candidate, *current, &CaseFigures::nsd);
    const std::string fallen = fallenClasses(decision.classDifference);
    const bool isProven = !isDoubtful(decision.dice) && !isDoubtful(decision.nsd);
    decision.promoted = now > before && fallen.empty() && isProven;
    if (decision.promoted)
        decision.reason = twoFigures("Promoted: mean Dice %.4f against %.4f on the validation pool.", now, before);
    else if (now <= before)
        decision.reason = twoFigures("Rejected: mean Dice %.4f is not above %.4f on the validation pool.", now, before);
    else if (!fallen.empty())
        decision.reason = "Rejected: Dice falls by more than 0.02 for " + fallen + ".";
    else
        decision.reason = doubtOf(decision);
    return decision;
}

Result<GateDecision> runGate(Workspace& workspace, const ProgramPaths& programs, const GateRequest& request,
                             const ImageProvider& imagePath, std::stop_token stop, const JobReport& report)
{
    const Result<std::vector<ApprovedMask>> masks = approvedMasks(workspace, Pool::Validation);
    if (!masks)
        return masks.error();
    const int patients = patientCount(*masks);
    if (patients < fewestPatients)
        return provisional(request.current != nullptr, patients);

    auto cases = validationCases(workspace, *masks, request, imagePath);
    if (!cases)
        return cases.error();
    EvaluateJob job;
    job.cases = *std::move(cases);
    job.device = request.device;
    job.modelPaths.push_back(request.candidatePath);
    if (request.current) {
        auto path = verifiedModelPath(workspace, *request.current);
        if (!path)
            return path.error();
        job.modelPaths.push_back(*std::move(path));
    }
    const auto handle = [&](const WorkerEvent& event) {
        if (const auto* progress = std::get_if<WorkerProgress>(&event))
            reportStage(report, "gate", progress->fraction);
    };
    const std::string logFolder = workspace.folder() + '/' + request.folder;
    const auto result = runWorkerJob(programs.worker, job, logFolder, "the gate", handle, stop);
    if (!result)
        return result.error();
    if (result->figures.size() != job.modelPaths.size())
        return Error{ErrorCode::WorkerFailed, "the gate", "the worker's figures are incomplete"};
    const PoolFigures candidate = summarised(result->figures.front());
    std::optional<PoolFigures> current;
    if (request.current)
        current = summarised(result->figures.back());
    return decide(candidate, current, patients);
}

std::string GateDecision::toJsonText() const
{
    const auto orNull = [](const std::optional<double>& value) {
        return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
    };
    const auto interval = [](const std::optional<PairedDifference>& d) {
        return d ? nlohmann::json{{"mean", d->mean}, {"low", d->low}, {"high", d->high}} : nlohmann::json(nullptr);
    };
    const nlohmann::json json{{"gated", gated},
                              {"promoted", promoted},
                              {"reason", reason},
                              {"candidateDice", orNull(candidateDice)},
                              {"currentDice", orNull(currentDice)},
                              {"classDifference", classDifference},
                              {"diceDifference", interval(dice)},
                              {"nsdDifference", interval(nsd)},
                              {"validationPatients", validationPatients}};
    return json.dump();
}

} // namespace annotomy
