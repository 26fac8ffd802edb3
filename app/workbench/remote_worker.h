#pragma once

#include "app/workbench/worker_client.h"

namespace annotomy {

// runWorkerJob on another host, over ssh: the files that the request names are sent there first, by their hash, and what the
// job writes is brought back and checked before it is told of. Errors besides: WorkerDied when the connection fails or is
// lost; nothing here has changed then, and a training can be resumed: its checkpoint waits there, or came home with a cancel.
Result<WorkerResult> runRemoteJob(const std::string& address, WorkerRequest request, const std::string& logFolder,
                                  const std::string& subject, const WorkerEventHandler& handle, std::stop_token stop);

} // namespace annotomy
