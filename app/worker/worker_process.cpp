#include "app/worker/worker_process.h"

#include "ml/worker_jobs.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace annotomy {

namespace {

constexpr auto heartbeatInterval = std::chrono::seconds(1);
constexpr auto graceAfterClose = std::chrono::seconds(3);
constexpr auto pulse = std::chrono::seconds(5); // from the first to the others of a group while there is nothing to do
constexpr const char* pulseLine = "pulse";

bool isCancel(const std::string& line)
{
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
    const auto type = json.is_object() ? json.find("type") : json.end();
    return json.is_object() && type != json.end() && type->is_string() && *type == "cancel";
}

bool isFile(int descriptor)
{
    struct stat status {};
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

int failed(const Error& error)
{
    std::fprintf(stderr, "%s: %s\n", error.subject.c_str(), error.detail.c_str());
    return 1;
}

Result<WorkerResult> execute(const WorkerRequest& request, const WorkerEventSink& emit, std::stop_token stop,
                             ProcessGroup* group)
{
    if (const auto* train = std::get_if<TrainJob>(&request))
        return runTraining(*train, emit, stop, group);
    if (group)
        return Error{ErrorCode::InvalidArgument, "the request", "several processes together train; ask one on its own for this"};
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
    if (const auto* compute = std::get_if<ComputeJob>(&request))
        return describeCompute(*compute, emit, stop);
    return inspectModel(std::get<InspectJob>(request));
}

} // namespace

bool WorkerProcess::takeStandardOutput()
{
    std::signal(SIGPIPE, SIG_IGN);
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
    close();
}

void WorkerProcess::close()
{
    const bool finish = m_finish || isFile(STDIN_FILENO);
    if (!finish)
        endSoon();
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    if (!finish) {
        m_current.request_stop();
        m_jobs.clear(); // asked by somebody who has gone
    }
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

bool WorkerProcess::carryOut(const Job& job)
{
    const Result<WorkerRequest> request = workerRequestFromJson(job.line);
    if (!request) {
        send(WorkerError{request.error()});
        return false;
    }
    m_busy = true;
    const WorkerEventSink emit = [this](const WorkerEvent& event) { send(event); };
    Result<WorkerResult> result = Error{};
    try {
        result = execute(*request, emit, job.stop.get_token(), m_group.get());
    } catch (const std::exception& e) {
        result = Error{ErrorCode::WorkerFailed, {}, e.what()};
    }
    m_busy = false;
    if (result)
        send(*result);
    else
        send(WorkerError{result.error()});
    return result.has_value();
}

void WorkerProcess::listen()
{
    // Detached: a blocking read of standard input cannot be woken up. The process leaves with _Exit.
    std::thread([this] { readRequests(); }).detach();
    m_heartbeat = std::jthread([this](std::stop_token stop) { beat(stop); });
}

std::optional<WorkerProcess::Job> WorkerProcess::nextJob()
{
    std::unique_lock lock(m_mutex);
    while (!m_changed.wait_for(lock, pulse, [this] { return !m_jobs.empty() || m_closed; })) {
        if (m_group && !textOfFirst(*m_group, pulseLine))
            return std::nullopt;
    }
    if (m_jobs.empty())
        return std::nullopt;
    Job job = std::move(m_jobs.front());
    m_jobs.pop_front();
    m_current = job.stop;
    return job;
}

int WorkerProcess::run()
{
    if (!takeStandardOutput())
        return 1;
    listen();
    while (const std::optional<Job> job = nextJob())
        carryOut(*job);
    m_heartbeat.request_stop();
    m_heartbeat.join();
    std::_Exit(0);
}

int WorkerProcess::runInGroup(const GroupPlace& place, std::chrono::seconds patience)
{
    const bool first = place.rank == 0;
    if (!takeStandardOutput())
        return 1;
    if (first)
        listen();
    m_busy = true; // a sign of life while the others are awaited
    Result<std::shared_ptr<ProcessGroup>> group = joinGroup(place, patience);
    m_busy = false;
    if (!group) {
        if (first)
            send(WorkerError{group.error()});
        std::_Exit(failed(group.error()));
    }
    m_group = *std::move(group);
    std::_Exit(first ? lead() : follow());
}

int WorkerProcess::lead()
{
    while (const std::optional<Job> job = nextJob()) {
        const bool sent = textOfFirst(*m_group, job->line).has_value();
        if (!carryOut(*job) || !sent)
            return 1;
    }
    const Result<std::string> ended = textOfFirst(*m_group, {});
    return ended ? 0 : failed(ended.error());
}

int WorkerProcess::follow()
{
    const WorkerEventSink silent = [](const WorkerEvent&) {};
    while (true) {
        const Result<std::string> line = textOfFirst(*m_group, {});
        if (!line)
            return failed(line.error());
        if (line->empty())
            return 0;
        if (*line == pulseLine)
            continue;
        const Result<WorkerRequest> request = workerRequestFromJson(*line);
        if (!request)
            return failed(request.error());
        if (const Result<WorkerResult> result = execute(*request, silent, {}, m_group.get()); !result)
            return failed(result.error());
    }
}

} // namespace annotomy
