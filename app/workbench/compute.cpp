#include "app/workbench/compute.h"

#include "app/workbench/workbench_impl.h"
#include "app/workbench/worker_client.h"

#include <QDir>

namespace annotomy {

Result<ComputeReport> describedCompute(Workspace& workspace, const ProgramPaths& programs, bool selfTest, std::stop_token stop,
                                       const JobReport& report)
{
    const std::string logFolder = workspace.folder() + "/runs";
    QDir().mkpath(QString::fromStdString(logFolder));
    const auto handle = [&](const WorkerEvent& event) {
        if (const auto* progress = std::get_if<WorkerProgress>(&event))
            reportStage(report, progress->stage, progress->fraction);
    };
    auto result = runWorkerJob(programs.worker, ComputeJob{selfTest, 0}, logFolder, programs.worker, handle, stop);
    if (!result)
        return result.error();
    if (!result->compute)
        return Error{ErrorCode::WorkerFailed, programs.worker, "the worker's answer describes no devices"};
    return *std::move(result->compute);
}

} // namespace annotomy
