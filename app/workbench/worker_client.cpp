#include "app/workbench/worker_client.h"

#include "app/workbench/file_carrier.h"
#include "app/workbench/remote_worker.h"
#include "core/base/progress.h"

#include <chrono>

namespace annotomy {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto pollInterval = std::chrono::milliseconds(100);
constexpr auto silenceLimit = std::chrono::seconds(60); // the worker sends a heartbeat every few seconds
constexpr auto cancelGrace = std::chrono::seconds(2);

// What a line of the worker means for the waiting caller.
std::optional<Result<WorkerResult>> digest(const std::string& line, const WorkerEventHandler& handle)
{
    const Result<WorkerEvent> event = workerEventFromJson(line);
    if (!event || std::holds_alternative<WorkerHeartbeat>(*event))
        return std::nullopt;
    if (const auto* result = std::get_if<WorkerResult>(&*event))
        return Result<WorkerResult>(*result);
    if (const auto* failure = std::get_if<WorkerError>(&*event))
        return Result<WorkerResult>(failure->error);
    if (handle)
        handle(*event);
    return std::nullopt;
}

} // namespace

Result<WorkerResult> runWorkerJob(const std::string& program, const WorkerRequest& request, const std::string& logFolder,
                                  const std::string& subject, const WorkerEventHandler& handle, std::stop_token stop)
{
    if (stop.stop_requested())
        return cancelledError();
    if (RemoteHost::isOne(program))
        return runRemoteJob(program, request, logFolder, subject, handle, stop);
    // Passive waiting: a spinning OpenMP thread of the worker would take a core from the desktop. On its own, also where
    // Slurm or MPI have left their variables.
    const HelperProcess::Setup setup{
        program, logFolder + "/worker.log", {{"OMP_WAIT_POLICY", "PASSIVE"}}, {"--rank", "0", "--world", "1"}};
    return runWorkerProcess(setup, toJsonLine(request), subject, handle, stop);
}

Result<WorkerResult> runWorkerProcess(const HelperProcess::Setup& setup, const std::string& line, const std::string& subject,
                                      const WorkerEventHandler& handle, std::stop_token stop)
{
    auto process = HelperProcess::start(setup);
    if (!process)
        return process.error();
    bool alive = (*process)->send(line);
    auto lastSign = Clock::now();
    std::optional<Clock::time_point> cancelledAt;
    while (alive) {
        if (stop.stop_requested() && !cancelledAt) {
            (*process)->send(cancelLine);
            cancelledAt = Clock::now();
        }
        const HelperProcess::Reading reading = (*process)->readLine(pollInterval);
        if (reading.status == HelperProcess::Status::Ended)
            break;
        if (reading.status == HelperProcess::Status::Line) {
            lastSign = Clock::now();
            if (auto outcome = digest(reading.line, handle))
                return *std::move(outcome);
        }
        const bool overdue = cancelledAt && Clock::now() - *cancelledAt > cancelGrace;
        alive = !overdue && Clock::now() - lastSign < silenceLimit;
    }
    (*process)->stop(std::chrono::milliseconds(0));
    if (cancelledAt)
        return cancelledError();
    return Error{ErrorCode::WorkerDied, subject, "the worker ended: " + (*process)->howItEnded()};
}

} // namespace annotomy
