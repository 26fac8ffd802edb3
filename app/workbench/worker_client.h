#pragma once

#include "app/workbench/helper_process.h"
#include "core/learn/worker_messages.h"

#include <functional>
#include <stop_token>
#include <string>

namespace annotomy {

using WorkerEventHandler = std::function<void(const WorkerEvent&)>;

// Runs one job in a worker process of its own and waits for its result. Events other than the result, the error and
// heartbeats go to `handle`, on the calling thread. The worker's standard error is kept in `<logFolder>/worker.log`.
// Cancel is a message, and a kill two seconds later. Errors: Cancelled; WorkerDied when it ended or was silent for 60 s;
// whatever the worker reports. `program` may be another host's (app/workbench/remote_worker.h): "ssh://[user@]host[:port][/path]".
Result<WorkerResult> runWorkerJob(const std::string& program, const WorkerRequest& request, const std::string& logFolder,
                                  const std::string& subject, const WorkerEventHandler& handle, std::stop_token stop);

// The same for a process that speaks the worker's protocol, however it is started, and a request's line.
Result<WorkerResult> runWorkerProcess(const HelperProcess::Setup& setup, const std::string& line, const std::string& subject,
                                      const WorkerEventHandler& handle, std::stop_token stop);

} // namespace annotomy
