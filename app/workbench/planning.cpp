#include "app/workbench/planning.h"

#include "app/workbench/image_cache.h"
#include "app/workbench/workbench_impl.h"
#include "app/workbench/worker_client.h"

#include <QTemporaryDir>

#include <filesystem>
#include <map>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

// Patients in the order in which they are met: their keys stay here.
class PatientNames {
public:
    std::string of(const std::string& key)
    {
        return "patient-" + std::to_string(m_numbers.try_emplace(key, m_numbers.size() + 1).first->second);
    }

private:
    std::map<std::string, std::size_t> m_numbers;
};

Result<std::vector<TrainingCase>> writtenForSurvey(Workspace& workspace, const std::vector<ApprovedMask>& masks,
                                                   const std::vector<ModelClass>& classes, const std::string& folder,
                                                   const ImageProvider& imagePath, PatientNames& patients,
                                                   std::stop_token stop)
{
    std::vector<TrainingCase> cases;
    for (const ApprovedMask& mask : masks) {
        if (stop.stop_requested())
            return cancelledError();
        Result<TrainingCase> one = writeTrainingCase(workspace, mask, classes, folder, imagePath);
        if (!one)
            return one.error();
        one->patient = patients.of(mask.record.patientKey);
        cases.push_back(*std::move(one));
    }
    return cases;
}

} // namespace

Result<DataFingerprint> surveyedData(Workspace& workspace, const ProgramPaths& programs, const std::string& device,
                                     const ImageProvider& imagePath, std::stop_token stop, const JobReport& report)
{
    reportStage(report, "preparing", 0);
    const auto train = approvedMasks(workspace, Pool::Train);
    const auto validation = train ? approvedMasks(workspace, Pool::Validation) : train;
    if (!validation)
        return validation.error();
    if (train->empty())
        return Error{ErrorCode::Conflict, "Planning", "no case of the training pool is approved; approve more cases"};
    auto classes = classesToLearn(workspace, *train, nullptr);
    if (!classes)
        return classes.error();

    std::error_code failure;
    fs::create_directories(workspace.folder() + "/runs", failure);
    const QTemporaryDir folder(QString::fromStdString(workspace.folder() + "/runs/plan-XXXXXX"));
    const std::string relative = "runs/" + folder.path().section(u'/', -1).toStdString();
    if (!folder.isValid())
        return Error{ErrorCode::IoFailure, workspace.folder() + "/runs", folder.errorString().toStdString()};
    PatientNames patients;
    const auto written = [&](const std::vector<ApprovedMask>& masks) {
        return writtenForSurvey(workspace, masks, *classes, relative, imagePath, patients, stop);
    };
    SurveyJob job;
    job.device = device;
    auto first = written(*train);
    auto second = first ? written(*validation) : first;
    if (!second)
        return second.error();
    job.train = *std::move(first);
    job.validation = *std::move(second);
    job.classes = *std::move(classes);
    const auto handle = [&](const WorkerEvent& event) {
        if (const auto* progress = std::get_if<WorkerProgress>(&event))
            reportStage(report, progress->stage, progress->fraction);
    };
    auto result = runWorkerJob(programs.worker, job, folder.path().toStdString(), "planning", handle, stop);
    if (!result)
        return result.error();
    if (!result->fingerprint)
        return Error{ErrorCode::WorkerFailed, "planning", "the worker's answer holds no survey"};
    return *std::move(result->fingerprint);
}

Result<PlanOutcome> Workbench::plan(const PlanOptions& options, std::stop_token stop, const JobReport& report)
{
    const ImageProvider imagePath = [&](CaseId id) { return decodedImagePath(*this, m_impl->reader, id, stop); };
    auto data = surveyedData(workspace(), programs(), options.device, imagePath, stop, report);
    if (!data)
        return data.error();
    PlanOutcome outcome;
    outcome.findings = findingsOf(*data);
    auto plan = planTraining(*data, {options.minutes, options.bytes});
    if (plan)
        outcome.plan = *std::move(plan);
    else
        outcome.obstacle = plan.error();
    outcome.data = *std::move(data);
    return outcome;
}

} // namespace annotomy
