#pragma once

#include "core/learn/worker_messages.h"

#include <string>
#include <vector>

namespace annotomy {

// The paths in a request, to be read or changed; none is empty or null. They live as long as the request.
struct RequestFiles {
    std::vector<std::string*> read;
    std::vector<std::string*> written;
    std::string* checkpoint = nullptr; // of a training: written, and read before when it resumes; null: none
};

RequestFiles filesOf(WorkerRequest& request);

} // namespace annotomy
