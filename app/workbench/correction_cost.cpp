#include "app/workbench/correction_cost.h"

#include "app/workbench/workbench_impl.h"
#include "core/base/progress.h"

#include <algorithm>
#include <map>

namespace annotomy {

namespace {

using Steps = std::vector<const JournalStep*>;

// The edits that are in force at the end, by the rule of undo and redo (docs/file-formats.md).
Steps editsInForce(std::span<const JournalStep> steps)
{
    Steps edits;
    std::size_t cursor = 0;
    for (const JournalStep& step : steps) {
        if (step.kind == JournalKind::Edit) {
            edits.resize(cursor); // what had been undone is out of reach
            edits.push_back(&step);
            ++cursor;
        } else if (step.kind == JournalKind::Undo) {
            cursor -= cursor > 0;
        } else {
            cursor += cursor < edits.size();
        }
    }
    edits.resize(cursor);
    return edits;
}

bool isStroke(const JournalStep& step)
{
    return step.tool != "proposal" && step.tool != "attach" && step.tool != "segment";
}

// The voxels of one segment; none where there is no such segment.
struct SegmentVoxels {
    SegmentVoxels(const LabelMap* labels, const Segment* segment)
    {
        if (!labels || !segment || segment->layer >= labels->layerCount())
            return;
        layer = labels->layer(segment->layer);
        number = segment->number;
    }
    bool holds(std::size_t voxel) const { return !layer.empty() && layer[voxel] == number; }

    std::span<const std::uint8_t> layer;
    SegmentNumber number = 0;
};

// Voxels that belong to other segments (by name) in one mask than in the other; `from` null: an empty mask.
std::int64_t changedBetween(const LabelMap* from, const LabelMap& to)
{
    std::vector<std::uint8_t> changed(to.geometry().voxelCount());
    const auto compare = [&](const Segment* before, const Segment* after) {
        const SegmentVoxels then(from, before), now(&to, after);
        for (std::size_t n = 0; n < changed.size(); ++n)
            if (then.holds(n) != now.holds(n))
                changed[n] = 1;
    };
    for (const Segment& segment : to.segments().segments())
        compare(from ? from->segments().findByName(segment.name) : nullptr, &segment);
    if (from)
        for (const Segment& segment : from->segments().segments())
            if (!to.segments().findByName(segment.name))
                compare(&segment, nullptr);
    return std::count(changed.begin(), changed.end(), 1);
}

const RevisionRecord* firstApproved(const std::vector<RevisionRecord>& revisions)
{
    const RevisionRecord* first = nullptr;
    for (const RevisionRecord& revision : revisions)
        if (revision.approved && (!first || revision.approvedMs < first->approvedMs))
            first = &revision;
    return first;
}

// The proposal that was taken over: the approved revision itself, else the newest one when it happened.
const RevisionRecord* acceptedProposal(const std::vector<RevisionRecord>& revisions, const RevisionRecord& approved,
                                       const CorrectionWork& work)
{
    if (approved.authorKind == AuthorKind::Model)
        return &approved;
    const auto newest = std::find_if(revisions.rbegin(), revisions.rend(), [&](const RevisionRecord& revision) {
        return revision.authorKind == AuthorKind::Model && revision.journalPosition < work.acceptedAt;
    });
    return newest == revisions.rend() ? nullptr : &*newest;
}

Result<std::optional<double>> storedDice(Workspace& workspace, CaseId id, RevisionId approved, RevisionId proposal)
{
    if (approved == proposal)
        return std::optional(1.0);
    const Result<std::vector<MetricRecord>> metrics = workspace.metrics(id);
    if (!metrics)
        return metrics.error();
    double sum = 0;
    int count = 0;
    for (const MetricRecord& metric : *metrics)
        if (metric.purpose == "proposal" && metric.reference == approved && metric.mask == proposal)
            if (const auto dice = metric.metrics.overlap.dice) {
                sum += *dice;
                ++count;
            }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

Result<std::int64_t> countChanged(Workspace& workspace, RevisionId from, RevisionId to)
{
    if (from == to)
        return std::int64_t{0};
    const Result<LabelMap> after = workspace.loadMask(to);
    if (!after)
        return after.error();
    if (!from)
        return changedBetween(nullptr, *after);
    const Result<LabelMap> before = workspace.loadMask(from);
    if (!before)
        return before.error();
    return changedBetween(&*before, *after);
}

// Nothing was drawn before a mask came from outside, or nothing was drawn at all.
bool cameFromElsewhere(const std::vector<RevisionRecord>& revisions, const RevisionRecord& approved,
                       const CorrectionWork& work)
{
    const bool imported = std::any_of(revisions.begin(), revisions.end(), [&](const RevisionRecord& revision) {
        return revision.authorKind == AuthorKind::Import && revision.id <= approved.id;
    });
    return imported || work.attached || work.strokes == 0;
}

Result<std::optional<CorrectionCost>> costOf(Workspace& workspace, CaseId id)
{
    const Result<std::vector<RevisionRecord>> revisions = workspace.revisions(id);
    if (!revisions)
        return revisions.error();
    const RevisionRecord* approved = firstApproved(*revisions);
    if (!approved)
        return std::optional<CorrectionCost>();
    const Result<std::vector<JournalStep>> steps = workspace.journalSteps(id);
    if (!steps)
        return steps.error();
    const CorrectionWork work = correctionWork(*steps, approved->journalPosition, approved->approvedMs);
    CorrectionCost cost;
    cost.id = id;
    cost.approved = approved->id;
    cost.approvedMs = approved->approvedMs;
    const RevisionRecord* proposal = acceptedProposal(*revisions, *approved, work);
    if (proposal) {
        cost.start = CorrectionStart::Proposal;
        cost.proposal = proposal->id;
        cost.model = proposal->model;
        cost.modelName = proposal->author;
        const auto dice = storedDice(workspace, id, approved->id, proposal->id);
        if (!dice)
            return dice.error();
        cost.proposalDice = *dice;
    } else if (!cameFromElsewhere(*revisions, *approved, work)) {
        cost.start = CorrectionStart::Nothing;
    }
    const bool isProposal = proposal == approved; // signed as it was
    cost.strokes = isProposal ? 0 : work.strokes;
    cost.seconds = isProposal ? 0 : work.seconds;
    if (cost.start == CorrectionStart::Elsewhere)
        return std::optional(cost);
    const auto changed = countChanged(workspace, cost.proposal, approved->id);
    if (!changed)
        return changed.error();
    cost.changedVoxels = *changed;
    return std::optional(cost);
}

double medianOf(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

CorrectionSummary summaryOf(const std::vector<const CorrectionCost*>& costs)
{
    std::vector<double> strokes, seconds, voxels, dice;
    for (const CorrectionCost* cost : costs) {
        strokes.push_back(cost->strokes);
        seconds.push_back(cost->seconds);
        voxels.push_back(static_cast<double>(cost->changedVoxels.value_or(0)));
        if (cost->proposalDice)
            dice.push_back(*cost->proposalDice);
    }
    CorrectionSummary summary{costs.front()->model, costs.front()->modelName, static_cast<int>(costs.size()),
                              medianOf(strokes),    medianOf(seconds),        medianOf(voxels),
                              std::nullopt};
    if (!dice.empty())
        summary.proposalDice = medianOf(dice);
    return summary;
}

} // namespace

CorrectionWork correctionWork(std::span<const JournalStep> steps, std::int64_t position, std::int64_t approvedMs)
{
    const auto end = std::find_if(steps.begin(), steps.end(),
                                  [&](const JournalStep& step) { return step.sequence > position; });
    steps = steps.first(static_cast<std::size_t>(end - steps.begin()));
    CorrectionWork work;
    for (const JournalStep* edit : editsInForce(steps)) {
        if (edit->tool == "proposal") {
            work = {edit->sequence, false, 0, 0};
            continue;
        }
        work.attached = work.attached || edit->tool == "attach";
        work.strokes += isStroke(*edit);
    }
    const JournalStep* last = nullptr;
    const auto pauseUntil = [&](std::int64_t timeMs) {
        const double pause = static_cast<double>(timeMs - last->timeMs) / 1000;
        return std::clamp(pause, 0.0, longestPauseSeconds);
    };
    for (const JournalStep& step : steps) {
        if (step.sequence < work.acceptedAt)
            continue;
        if (last)
            work.seconds += pauseUntil(step.timeMs);
        last = &step;
    }
    if (last)
        work.seconds += pauseUntil(approvedMs);
    return work;
}

Result<std::vector<CorrectionCost>> correctionCosts(Workspace& workspace, std::stop_token stop, const JobReport& report)
{
    CaseFilter all;
    const Result<std::vector<CaseRow>> rows = workspace.findCases(all);
    if (!rows)
        return rows.error();
    std::vector<CorrectionCost> costs;
    double done = 0;
    for (const CaseRow& row : *rows) {
        if (stop.stop_requested())
            return cancelledError();
        reportStage(report, "counting", done++ / static_cast<double>(rows->size()));
        auto cost = costOf(workspace, row.id);
        if (!cost)
            return cost.error();
        if (*cost)
            costs.push_back(**std::move(cost));
    }
    return costs;
}

std::vector<CorrectionSummary> costsByModel(const std::vector<CorrectionCost>& costs)
{
    std::map<ModelId, std::vector<const CorrectionCost*>> groups; // model 0 is the first
    for (const CorrectionCost& cost : costs)
        if (cost.start != CorrectionStart::Elsewhere)
            groups[cost.model].push_back(&cost);
    std::vector<CorrectionSummary> summaries;
    for (const auto& [model, group] : groups)
        summaries.push_back(summaryOf(group));
    return summaries;
}

} // namespace annotomy
