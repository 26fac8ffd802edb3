#pragma once

#include <cstdint>
#include <optional>

namespace annotomy {

struct WorkerMemory {
    std::int64_t residentBytes = 0; // of all workers that this program has started
    std::int64_t machineBytes = 0;  // that the machine has
};

// Nothing when no worker runs, or where the system does not tell (other than Linux).
std::optional<WorkerMemory> workerMemory();

} // namespace annotomy
