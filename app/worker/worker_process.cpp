#include "app/worker/worker_process.h"

#include "ml/worker_jobs.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>

namespace annotomy {

namespace {

constexpr auto heartbeatInterval = std::chrono::seconds(1);
constexpr auto graceAfterClose = std::chrono::seconds(3);

bool isCancel(const std::string& line)
{
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
    const auto type = json.is_object() ? json.find("type") : json.end();
    return json.is_object() && type != json.end() && type->is_string() && *type == "cancel";
}

Result<WorkerResult> execute(const WorkerRequest& request, const WorkerEventSink& emit, std::stop_token stop)
{
    if (const auto* train = std::get_if<TrainJob>(&request))
        return runTraining(*train, emit, stop);
    if (const auto* propose = std::get_if<ProposeJob>(&request))
        return runProposals(*propose, emit, stop);
    if (const auto* evaluate = std::get_if<EvaluateJob>(&request))
        return runEvaluation(*evaluate, emit, stop);
    if (const auto* survey = std::get_if<SurveyJob>(&request))
        return runSurvey(*survey, emit, stop);
    if (const auto* score = std::get_if<ScoreJob>(&request))
        return scoreCases(*score, emit, stop);
    if (const auto* explain = std::get_if<ExplainJob>(&request))
        return explainCase(*explain, emit, stop);
    if (const auto* import = std::get_if<ImportModelJob>(&request))
        return importModel(*import);
    return inspectModel(std::get<InspectJob>(request));
}

} // namespace

bool WorkerProcess::takeStandardOutput()
{
    m_events = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    return m_events >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

void WorkerProcess::send(const WorkerEvent& event)
{
    const std::string line = toJsonLine(event) + '\n';
    const std::lock_guard lock(m_sendMutex);
    std::size_t sent = 0;
    while (sent < line.size()) {
        const ssize_t n = write(m_events, line.data() + sent, line.size() - sent);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; // nobody listens: standard input closes too, and that ends the process
        sent += static_cast<std::size_t>(n);
    }
}

void WorkerProcess::endSoon()
{
    std::thread([] {
        std::this_thread::sleep_for(graceAfterClose);
        std::_Exit(0);
    }).detach();
}

void WorkerProcess::readRequests()
{
    std::string line;
    while (std::getline(std::cin, line)) {
        if (line.empty())
            continue;
        const std::lock_guard lock(m_mutex);
        if (isCancel(line)) {
            m_current.request_stop();
            for (Job& job : m_jobs) // sent before the cancel, not yet begun
                job.stop.request_stop();
            continue;
        }
        m_jobs.push_back({line, {}});
        m_changed.notify_all();
    }
    endSoon();
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_current.request_stop();
    m_changed.notify_all();
}

void WorkerProcess::beat(std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        never.wait_for(lock, stop, heartbeatInterval, [] { return false; });
        if (m_busy)
            send(WorkerHeartbeat{});
    }
}

void WorkerProcess::carryOut(const Job& job)
{
    const Result<WorkerRequest> request = workerRequestFromJson(job.line);
    if (!request) {
        send(WorkerError{request.error()});
        return;
    }
    m_busy = true;
    const WorkerEventSink emit = [this](const WorkerEvent& event) { send(event); };
    Result<WorkerResult> result = Error{};
    try {
        result = execute(*request, emit, job.stop.get_token());
    } catch (const std::exception& e) {
        result = Error{ErrorCode::WorkerFailed, {}, e.what()};
    }
    m_busy = false;
    if (result)
        send(*result);
    else
        send(WorkerError{result.error()});
}

int WorkerProcess::run()
{
    std::signal(SIGPIPE, SIG_IGN);
    if (!takeStandardOutput())
        return 1;
    // Detached: a blocking read of standard input cannot be woken up. The process leaves with _Exit.
    std::thread([this] { readRequests(); }).detach();
    std::jthread heartbeat([this](std::stop_token stop) { beat(stop); });
    while (true) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return !m_jobs.empty() || m_closed; });
            if (m_closed) // what is still queued was asked by somebody who has gone
                break;
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
            m_current = job.stop;
        }
        carryOut(job);
    }
    heartbeat.request_stop();
    heartbeat.join();
    std::_Exit(0);
}

} // namespace annotomy
