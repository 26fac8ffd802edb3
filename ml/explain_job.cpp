#include "ml/worker_jobs.h"

namespace annotomy {

Result<WorkerResult> explainCase(const ExplainJob&, const WorkerEventSink&, std::stop_token)
{
    return Error{ErrorCode::Unsupported, {}, "not yet"};
}

} // namespace annotomy
