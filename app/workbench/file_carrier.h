#pragma once

#include "app/workbench/helper_process.h"
#include "core/base/progress.h"

#include <stop_token>
#include <string>
#include <vector>

namespace annotomy {

// Another host on which annotomy-worker runs: "ssh://[user@]host[:port][/path/of/annotomy-worker]", which need not be given
// where it is on that host's search path.
class RemoteHost {
public:
    static bool isOne(const std::string& program); // rather than the path of a program here
    explicit RemoteHost(const std::string& address);

    const std::string& name() const { return m_destination; } // "ssh://user@host:port"
    // `words` follow the worker's name.
    HelperProcess::Setup setup(const std::vector<std::string>& words, const std::string& errorLog) const;
    // Why the connection failed or ended: ssh's own last words.
    Error lost(const std::string& subject, const std::string& errorLog) const;

private:
    std::string m_destination, m_worker = "annotomy-worker";
};

// Carries files to another host and back, by their SHA-256, over a connection of its own (annotomy-worker --files). What lies
// there already is not sent again.
class FileCarrier {
public:
    // `job`: 64 hexadecimal digits; the same for a training and its resumption. Errors: WorkerDied when the host cannot be reached.
    static Result<FileCarrier> connect(const RemoteHost& host, const std::string& job, const std::string& errorLog);

    const std::string& jobFolder() const { return m_jobFolder; } // there; for what the job writes

    // Where each of the files lies on the other host. Errors: WorkerDied, Cancelled, and what reading the files reports.
    Result<std::vector<std::string>> send(const std::vector<std::string>& paths, std::stop_token stop,
                                          const ProgressReport& report);
    // Copies a file that was sent into the job's folder, where the job has left none of that name.
    Result<void> place(const std::string& sent, const std::string& name);
    // Brings a file of the job's folder home; false when there is none. Errors: WorkerDied, HashMismatch, DiskFull, ....
    Result<bool> fetch(const std::string& name, const std::string& path);
    Result<void> endJob(); // removes the job's folder

private:
    FileCarrier(RemoteHost host, std::string errorLog, std::unique_ptr<HelperProcess> process)
        : m_host(std::move(host)), m_errorLog(std::move(errorLog)), m_process(std::move(process))
    {
    }
    Result<std::string> asked(const std::string& line, const std::string& expectedType);
    Result<std::string> answered(const std::string& expectedType);
    Result<void> put(const std::string& path, const std::string& hash, std::stop_token stop);
    Error lost() const { return m_host.lost("carrying files", m_errorLog); }

    RemoteHost m_host;
    std::string m_errorLog;
    std::unique_ptr<HelperProcess> m_process;
    std::string m_filesFolder, m_jobFolder;
};

} // namespace annotomy
