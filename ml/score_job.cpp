#include "ml/worker_jobs.h"

namespace annotomy {

Result<WorkerResult> scoreCases(const ScoreJob&, const WorkerEventSink&, std::stop_token)
{
    return Error{ErrorCode::Unsupported, {}, "not yet"};
}

} // namespace annotomy
