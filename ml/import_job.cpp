#include "ml/worker_jobs.h"

namespace annotomy {

Result<WorkerResult> importModel(const ImportModelJob&)
{
    return Error{ErrorCode::Unsupported, {}, "not yet"};
}

} // namespace annotomy
