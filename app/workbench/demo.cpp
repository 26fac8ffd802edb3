#include "app/workbench/demo.h"

#include "app/workbench/case_session.h"
#include "app/workbench/demo_cohort.h"
#include "app/workbench/mask_attachment.h"
#include "app/workbench/segment_matching.h"
#include "app/workbench/workbench_impl.h"
#include "core/metrics/mask_metrics.h"

#include <filesystem>

namespace annotomy {

namespace {

ProposeOptions optionsFor(ModelId model)
{
    ProposeOptions options;
    options.models = {model};
    return options;
}

constexpr const char* reader = "Demo reader";

constexpr const char* recipe = "quick";

std::optional<double> diceOf(const LabelMap& mask, const LabelMap& truth, const Segment& segment)
{
    const BinaryMask expected{truth.geometry(), truth.layer(segment.layer), segment.number};
    const Segment* found = mask.segments().find(segment.number);
    const bool present = found && found->layer < mask.layerCount();
    const std::vector<std::uint8_t> none(present ? 0 : truth.geometry().voxelCount());
    const BinaryMask got{truth.geometry(), present ? mask.layer(found->layer) : std::span(none), segment.number};
    return overlapMetrics(expected, got).dice;
}

// How much of a step is done. Of a training, the steps count, and then the gate.
double shareDone(const JobUpdate& inner)
{
    constexpr double gateShare = 0.1;
    if (inner.stage == "training")
        return (1 - gateShare) * inner.fraction;
    if (inner.stage == "gate")
        return 1 - gateShare + gateShare * inner.fraction;
    for (const char* aside : {"preparing", "planning", "loading", "validating", "calibrating", "saving"}) {
        if (inner.stage == aside)
            return 0;
    }
    return inner.fraction;
}

// The mean of those that are there.
class MeanDice {
public:
    void add(const std::optional<double>& dice)
    {
        m_sum += dice.value_or(0);
        m_count += dice.has_value();
    }
    std::optional<double> value() const { return m_count > 0 ? std::optional(m_sum / m_count) : std::nullopt; }

private:
    double m_sum = 0;
    int m_count = 0;
};

// The demonstration's state from step to step.
class Demo {
public:
    Demo(const DemoOptions& options, std::stop_token stop, const JobReport& report)
        : m_options(options), m_stop(std::move(stop)), m_report(report)
    {
    }

    Result<DemoResult> run();

private:
    struct Step {
        const char* name;
        double from, to;
        Result<void> (Demo::*work)(const JobReport&);
    };

    Result<void> writeCohort(const JobReport& report);
    Result<void> importCohort(const JobReport& report);
    Result<void> approveTruth(const JobReport& report);
    Result<void> trainFirst(const JobReport& report);
    Result<void> proposeFirst(const JobReport& report);
    Result<void> correct(const JobReport& report);
    Result<void> trainSecond(const JobReport& report);
    Result<void> proposeSecond(const JobReport& report);

    JobReport within(const Step& step);
    std::vector<CaseId> casesToPropose() const;
    DemoRow& rowOf(CaseId id);
    Result<void> measure(const std::vector<Proposal>& proposals, std::optional<double> DicePair::* figure);
    Result<std::int64_t> corrected(CaseId id, const LabelMap& proposal, const LabelMap& truth);

    const DemoOptions& m_options;
    std::stop_token m_stop;
    const JobReport& m_report;
    double m_fraction = 0; // of the whole; never falls
    std::unique_ptr<Workbench> m_workbench;
    std::vector<DemoPatient> m_patients;
    std::map<CaseId, const DemoPatient*> m_patientOf;
    std::map<CaseId, RevisionId> m_proposals;
    DemoResult m_result;
};

JobReport Demo::within(const Step& step)
{
    if (!m_report)
        return {};
    return [this, step](const JobUpdate& inner) {
        JobUpdate update = inner;
        update.stage = step.name;
        update.secondsLeft = -1;
        m_fraction = std::max(m_fraction, step.from + (step.to - step.from) * shareDone(inner));
        update.fraction = m_fraction;
        m_report(update);
    };
}

DemoRow& Demo::rowOf(CaseId id)
{
    for (DemoRow& row : m_result.rows) {
        if (row.caseId == id)
            return row;
    }
    const DemoPatient& patient = *m_patientOf.at(id);
    DemoRow row{id, patient.key, patient.role == DemoRole::HeldOut, {}, 0};
    for (const Segment& segment : patient.truth.segments().segments())
        row.segments.push_back({segment.name, {}});
    m_result.rows.push_back(std::move(row));
    return m_result.rows.back();
}

std::vector<CaseId> Demo::casesToPropose() const
{
    std::vector<CaseId> cases;
    for (const auto& [id, patient] : m_patientOf) {
        if (patient->role == DemoRole::Corrected || patient->role == DemoRole::HeldOut)
            cases.push_back(id);
    }
    return cases;
}

Result<void> Demo::writeCohort(const JobReport& report)
{
    auto patients = writeDemoCohort(m_options.workspaceFolder + "/demo-dicom", m_options.seed, m_stop,
                                    stageReport(report, "cohort"));
    if (!patients)
        return patients.error();
    m_patients = *std::move(patients);
    return {};
}

Result<void> Demo::importCohort(const JobReport& report)
{
    const auto imported = m_workbench->importPaths({m_options.workspaceFolder + "/demo-dicom"}, {}, m_stop, report);
    if (!imported)
        return imported.error();
    for (const ImportedCase& one : imported->cases) {
        for (DemoPatient& patient : m_patients) {
            if (patient.key == one.patient)
                m_patientOf[one.id] = &patient;
        }
    }
    if (m_patientOf.size() != m_patients.size())
        return Error{ErrorCode::Conflict, "The demonstration", "its studies were not all imported"};
    return {};
}

Result<void> Demo::approveTruth(const JobReport& report)
{
    double done = 0;
    for (const auto& [id, patient] : m_patientOf) {
        reportStage(report, "approving", done++ / static_cast<double>(m_patientOf.size()));
        const Pool pool = patient->role == DemoRole::Validation ? Pool::Validation
            : patient->role == DemoRole::HeldOut                ? Pool::Test
                                                                : Pool::Train;
        if (const auto reserved = m_workbench->workspace().reservePool(patient->key, pool); !reserved)
            return reserved;
        if (patient->role != DemoRole::First && patient->role != DemoRole::Validation)
            continue;
        const Attachment attachment{id, reader, AuthorKind::Person, "drawn by the demonstration"};
        const auto attached = attachLabels(m_workbench->workspace(), attachment, patient->truth);
        if (!attached)
            return attached.error();
        if (const auto approved = m_workbench->approve(id, attached->id, reader); !approved)
            return approved.error();
    }
    return {};
}

Result<void> Demo::trainFirst(const JobReport& report)
{
    TrainOptions options;
    options.recipe = recipe;
    options.minutes = m_options.firstMinutes;
    options.seed = m_options.seed;
    const auto outcome = m_workbench->train(options, m_stop, report);
    if (!outcome)
        return outcome.error();
    m_result.first = *outcome;
    return {};
}

Result<void> Demo::measure(const std::vector<Proposal>& proposals, std::optional<double> DicePair::* figure)
{
    for (const Proposal& proposal : proposals) {
        const LabelMap& truth = m_patientOf.at(proposal.caseId)->truth;
        const Result<LabelMap> mask = m_workbench->workspace().loadMask(proposal.revision);
        if (!mask)
            return mask.error();
        const LabelMap aligned = renumbered(*mask, renumberingByName(mask->segments(), truth.segments()));
        for (SegmentDice& one : rowOf(proposal.caseId).segments)
            one.dice.*figure = diceOf(aligned, truth, *truth.segments().findByName(one.segment));
        m_proposals[proposal.caseId] = proposal.revision;
    }
    return {};
}

Result<void> Demo::proposeFirst(const JobReport& report)
{
    const auto proposals = m_workbench->propose(casesToPropose(), optionsFor(m_result.first.model), m_stop, report);
    if (!proposals)
        return proposals.error();
    return measure(*proposals, &DicePair::before);
}

Result<std::int64_t> Demo::corrected(CaseId id, const LabelMap& proposal, const LabelMap& truth)
{
    auto session = CaseSession::open(*m_workbench, id, {}, reader);
    if (!session)
        return session.error();
    if (const auto accepted = (*session)->replaceLabels(proposal, "proposal"); !accepted)
        return accepted.error();
    const LabelMap target = renumbered(truth, renumberingByName(truth.segments(), proposal.segments()));
    if (const auto drawn = (*session)->replaceLabels(target, "brush"); !drawn)
        return drawn.error();
    const auto& edits = (*session)->document().history().edits();
    const std::int64_t changed = edits.empty() ? 0 : edits.back()->changedVoxels();
    if (const auto approved = (*session)->approve(reader); !approved)
        return approved.error();
    return changed;
}

Result<void> Demo::correct(const JobReport& report)
{
    double done = 0;
    for (const auto& [id, patient] : m_patientOf) {
        reportStage(report, "correcting", done++ / static_cast<double>(m_patientOf.size()));
        if (patient->role != DemoRole::Corrected)
            continue;
        if (m_stop.stop_requested())
            return cancelledError();
        const Result<LabelMap> proposal = m_workbench->workspace().loadMask(m_proposals.at(id));
        if (!proposal)
            return proposal.error();
        const Result<std::int64_t> changed = corrected(id, *proposal, patient->truth);
        if (!changed)
            return changed.error();
        rowOf(id).correctedVoxels = *changed;
    }
    return {};
}

Result<void> Demo::trainSecond(const JobReport& report)
{
    TrainOptions options;
    options.from = m_result.first.model;
    options.recipe = recipe;
    options.minutes = m_options.secondMinutes;
    options.seed = m_options.seed;
    const auto outcome = m_workbench->train(options, m_stop, report);
    if (!outcome)
        return outcome.error();
    m_result.second = *outcome;
    return {};
}

Result<void> Demo::proposeSecond(const JobReport& report)
{
    const auto proposals = m_workbench->propose(casesToPropose(), optionsFor(m_result.second.model), m_stop, report);
    if (!proposals)
        return proposals.error();
    return measure(*proposals, &DicePair::after);
}

Result<DemoResult> Demo::run()
{
    auto workbench = Workbench::open(m_options.workspaceFolder, m_options.programs);
    if (!workbench)
        return workbench.error();
    m_workbench = *std::move(workbench);
    const auto cases = m_workbench->workspace().cases();
    if (!cases)
        return cases.error();
    if (!cases->empty())
        return Error{ErrorCode::Conflict, m_options.workspaceFolder,
                     "the demonstration needs an empty workspace; choose another folder"};
    const std::vector<Step> steps{{"1 of 8: writing 14 chest CTs", 0, 0.03, &Demo::writeCohort},
                                  {"2 of 8: importing", 0.03, 0.06, &Demo::importCohort},
                                  {"3 of 8: approving 6 of them", 0.06, 0.07, &Demo::approveTruth},
                                  {"4 of 8: training a first model", 0.07, 0.48, &Demo::trainFirst},
                                  {"5 of 8: proposing on the other 8", 0.48, 0.55, &Demo::proposeFirst},
                                  {"6 of 8: correcting and approving 4", 0.55, 0.57, &Demo::correct},
                                  {"7 of 8: training on the corrections", 0.57, 0.93, &Demo::trainSecond},
                                  {"8 of 8: proposing again", 0.93, 1, &Demo::proposeSecond}};
    for (const Step& step : steps) {
        if (const auto done = (this->*step.work)(within(step)); !done)
            return done.error();
    }
    return std::move(m_result);
}

} // namespace

DicePair DemoRow::mean() const
{
    MeanDice before, after;
    for (const SegmentDice& one : segments) {
        before.add(one.dice.before);
        after.add(one.dice.after);
    }
    return {before.value(), after.value()};
}

DemoRow DemoResult::heldOutMean() const
{
    std::vector<std::string> names;
    std::map<std::string, std::pair<MeanDice, MeanDice>> means;
    for (const DemoRow& row : rows) {
        for (const SegmentDice& one : row.segments) {
            if (!row.heldOut)
                continue;
            if (!means.contains(one.segment))
                names.push_back(one.segment);
            means[one.segment].first.add(one.dice.before);
            means[one.segment].second.add(one.dice.after);
        }
    }
    DemoRow mean;
    mean.heldOut = true;
    for (const std::string& name : names)
        mean.segments.push_back({name, {means[name].first.value(), means[name].second.value()}});
    return mean;
}

Result<DemoResult> runDemo(const DemoOptions& options, std::stop_token stop, const JobReport& report)
{
    return Demo(options, std::move(stop), report).run();
}

} // namespace annotomy
