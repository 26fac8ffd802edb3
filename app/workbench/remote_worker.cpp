#include "app/workbench/remote_worker.h"

#include "app/workbench/file_carrier.h"
#include "app/workbench/request_files.h"
#include "core/base/sha256.h"

#include <QFile>
#include <QUuid>

#include <map>

namespace annotomy {

namespace {

constexpr const char* checkpointName = "checkpoint";

// One job elsewhere, and how its paths here and there belong together.
class RemoteJob {
public:
    RemoteJob(FileCarrier carrier, const WorkerEventHandler& handle) : m_carrier(std::move(carrier)), m_handle(handle) {}

    Result<void> send(WorkerRequest& request, std::stop_token stop);
    void digest(const WorkerEvent& event);
    Result<WorkerResult> finish(Result<WorkerResult> result);

private:
    Result<void> sendCheckpoint(std::string& path, bool resume, std::stop_token stop);
    void bringHome(const std::string& path); // of a file here
    std::string here(const std::string& there) const;

    FileCarrier m_carrier;
    const WorkerEventHandler& m_handle;
    std::map<std::string, std::string> m_here;      // by the path there
    std::map<std::string, std::string> m_names;     // in the job's folder, by the path here
    std::string m_checkpoint;                       // here; empty: none
    std::optional<Error> m_failure;
};

std::string RemoteJob::here(const std::string& there) const
{
    const auto found = m_here.find(there);
    return found == m_here.end() ? there : found->second;
}

Result<void> RemoteJob::sendCheckpoint(std::string& path, bool resume, std::stop_token stop)
{
    m_checkpoint = path;
    if (resume && QFile::exists(QString::fromStdString(path))) {
        const auto sent = m_carrier.send({path}, stop, {});
        if (!sent)
            return sent.error();
        if (const Result<void> placed = m_carrier.place(sent->front(), checkpointName); !placed)
            return placed.error();
    }
    path = m_carrier.jobFolder() + '/' + checkpointName;
    m_here[path] = m_checkpoint;
    return {};
}

Result<void> RemoteJob::send(WorkerRequest& request, std::stop_token stop)
{
    const RequestFiles files = filesOf(request);
    std::vector<std::string> paths;
    for (const std::string* path : files.read)
        paths.push_back(*path);
    const ProgressReport report = [&](double fraction) {
        if (m_handle)
            m_handle(WorkerProgress{"sending", fraction, -1});
    };
    const auto there = m_carrier.send(paths, stop, report);
    if (!there)
        return there.error();
    for (std::size_t n = 0; n < paths.size(); ++n) {
        m_here[(*there)[n]] = paths[n];
        *files.read[n] = (*there)[n];
    }
    for (std::string* path : files.written) {
        const std::string name = "out-" + std::to_string(m_names.size());
        m_names[*path] = name;
        const std::string away = m_carrier.jobFolder() + '/' + name;
        m_here[away] = *path;
        *path = away;
    }
    const auto* training = std::get_if<TrainJob>(&request);
    return files.checkpoint ? sendCheckpoint(*files.checkpoint, training->resume, stop) : Result<void>{};
}

void RemoteJob::bringHome(const std::string& path)
{
    const auto name = m_names.find(path);
    if (name == m_names.end() || m_failure)
        return;
    if (const Result<bool> fetched = m_carrier.fetch(name->second, path); !fetched)
        m_failure = fetched.error();
    m_names.erase(name);
}

void RemoteJob::digest(const WorkerEvent& event)
{
    WorkerEvent told = event;
    if (auto* done = std::get_if<ProposeDone>(&told)) {
        done->outPath = here(done->outPath);
        bringHome(done->outPath);
        if (m_failure)
            return;
    }
    if (m_handle)
        m_handle(told);
}

Result<WorkerResult> RemoteJob::finish(Result<WorkerResult> result)
{
    if (!result) {
        Error error = result.error();
        error.subject = here(error.subject);
        // What a training has learnt comes home where that is still possible; else it waits there.
        if (!m_checkpoint.empty() && error.code != ErrorCode::WorkerDied)
            if (const auto fetched = m_carrier.fetch(checkpointName, m_checkpoint); fetched && *fetched)
                static_cast<void>(m_carrier.endJob());
        return error;
    }
    while (!m_names.empty() && !m_failure)
        bringHome(std::string(m_names.begin()->first));
    if (m_failure)
        return *m_failure;
    static_cast<void>(m_carrier.endJob());
    result->outPath = here(result->outPath);
    for (ModelFigures& figures : result->figures)
        figures.modelPath = here(figures.modelPath);
    return result;
}

// The same for a training and its resumption, so that this finds the checkpoint.
std::string jobName(const WorkerRequest& request)
{
    const auto* training = std::get_if<TrainJob>(&request);
    const bool resumable = training && !training->checkpointPath.empty();
    Sha256 sum;
    sum.update(resumable ? training->checkpointPath : QUuid::createUuid().toString().toStdString());
    return hexText(sum.digest());
}

} // namespace

Result<WorkerResult> runRemoteJob(const std::string& address, WorkerRequest request, const std::string& logFolder,
                                  const std::string& subject, const WorkerEventHandler& handle, std::stop_token stop)
{
    const RemoteHost host(address);
    Result<FileCarrier> carrier = FileCarrier::connect(host, jobName(request), logFolder + "/files.log");
    if (!carrier)
        return carrier.error().code == ErrorCode::WorkerDied ? host.lost(subject, logFolder + "/files.log") : carrier.error();
    RemoteJob job(*std::move(carrier), handle);
    if (const Result<void> sent = job.send(request, stop); !sent)
        return sent.error();
    const std::string log = logFolder + "/worker.log";
    const auto digest = [&](const WorkerEvent& event) { job.digest(event); };
    Result<WorkerResult> result =
        runWorkerProcess(host.setup({"--rank", "0", "--world", "1"}, log), toJsonLine(request), subject, digest, stop);
    if (!result && result.error().code == ErrorCode::WorkerDied)
        result = host.lost(subject, log);
    return job.finish(std::move(result));
}

} // namespace annotomy
